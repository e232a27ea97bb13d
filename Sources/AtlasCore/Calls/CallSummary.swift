import JSON

/// A call as a line of its contact's history.
struct CallSummary {
    let text: String
    let metadata: JSON.Object

    /// - Parameter call: with its extraction, whose own summary serves if there is one.
    init(_ call: CallTranscript) {
        let extracted = ExtractedCall(reading: call.extractedData)
        let given = call.summary?.cleaned(keepingLines: true).cutShort(at: TextLimit.summary.longest) ?? ""
        text = given.isEmpty ? Self.sentence(call, extracted) : given

        var metadata: JSON.Object = ["call_sid": .string(call.callSID)]
        metadata["direction"] = call.direction.map(JSON.string)
        metadata["duration_seconds"] = call.durationSeconds.map(JSON.integer)
        metadata["intent"] = extracted.intent.map(JSON.string)
        metadata["follow_up_needed"] = extracted.followUpNeeded.map(JSON.bool)
        self.metadata = metadata
    }

    /// `Incoming call about estimate request: deep cleaning, windows; wanted for Tuesday, 9 am.`
    private static func sentence(_ call: CallTranscript, _ extracted: ExtractedCall) -> String {
        var sentence =
            switch call.direction {
            case CallDirection.inbound.rawValue?: "Incoming call"
            case let direction? where direction.hasPrefix(CallDirection.outbound.rawValue): "Outgoing call"
            default: "Call"
            }
        if let intent = extracted.intent { sentence += " about " + intent.replacing("_", with: " ") }
        if !extracted.servicesMentioned.isEmpty { sentence += ": " + extracted.servicesMentioned.joined(separator: ", ") }
        let wanted = [extracted.preferredDate, extracted.preferredTime].compactMap(\.self).joined(separator: ", ")
        if !wanted.isEmpty { sentence += "; wanted for " + wanted }
        return sentence + "."
    }
}
