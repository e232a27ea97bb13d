#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// The line that a call leaves in its contact's history.
struct CallInteraction {
    let summary: String
    let metadata: JSON.Object
    private let call: CallTranscript

    /// - Parameter call: with its extraction, whose own summary serves if there is one.
    init(of call: CallTranscript) {
        self.call = call
        let extracted = ExtractedCall(reading: call.extractedData)
        summary = Self.summary(of: call, extracted)

        var metadata: JSON.Object = ["call_sid": .string(call.callSID)]
        metadata["direction"] = call.direction.map(JSON.string)
        metadata["duration_seconds"] = call.durationSeconds.map(JSON.integer)
        metadata["intent"] = extracted.intent.map(JSON.string)
        metadata["follow_up_needed"] = extracted.followUpNeeded.map(JSON.bool)
        self.metadata = metadata
    }

    /// What the call is told to have been about: its own summary, or a sentence of what was understood of it.
    static func summary(of call: CallTranscript, _ extracted: @autoclosure () -> ExtractedCall) -> String {
        let given = call.summary?.cleaned(keepingLines: true).cutShort(at: TextLimit.summary.longest) ?? ""
        return given.isEmpty ? sentence(call, extracted()) : given
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
        if !extracted.servicesMentioned.isEmpty {
            sentence += ": " + extracted.servicesMentioned.joined(separator: ", ")
        }
        let wanted = [extracted.preferredDate, extracted.preferredTime].compactMap(\.self).joined(separator: ", ")
        if !wanted.isEmpty { sentence += "; wanted for " + wanted }
        return sentence + "."
    }

    /// Writes it for the contact: one line, however often the call is processed and whoever wrote it first. A call that was placed from
    /// here is logged when it is made, before anybody knows what was said: that line gets the better words, and moves to the contact
    /// whose the call was.
    func statement(_ id: UUID, for contactID: UUID) -> Query {
        """
        INSERT INTO contact_interactions AS i (id, contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
        VALUES (\(id), \(contactID), \(InteractionType.call.rawValue), \(summary), \(call.occurredAt), \(metadata),
            \(call.sourceRef))
        ON CONFLICT (source_ref) WHERE source_ref IS NOT NULL DO UPDATE
        SET contact_id = excluded.contact_id, summary = excluded.summary,
            occurred_at = CASE WHEN \(call.startedAt != nil) THEN excluded.occurred_at ELSE i.occurred_at END,
            metadata = CASE jsonb_typeof(i.metadata) WHEN 'object' THEN i.metadata ELSE '{}' END || excluded.metadata
        """
    }
}
