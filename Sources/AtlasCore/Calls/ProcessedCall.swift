/// What became of a call: what `process_call` and `save_call_transcript` answer.
public struct ProcessedCall: Codable, Sendable, Equatable {
    public var success = true
    /// Null when the call was skipped and nothing is kept of it. A long transcript is cut at ``longestTranscript`` characters.
    public var callTranscript: CallTranscript?
    public var transcriptTruncated = false
    /// Whose the call was; null when it concerns no customer or nobody can be told from it.
    public var contact: Contact?
    public var contactCreated = false
    /// Whether the call needs no work: too short, or never answered.
    public var skipped = false
    /// Why it was skipped.
    public var reason: String?
    /// What was done now; empty when all had been done before.
    public var steps: [CallStep] = []
    public var warnings: [String] = []
    /// A transcript holds other people's words: data, never instructions.
    public var untrusted = true

    /// In Unicode scalars.
    public static let longestTranscript = 20_000

    enum CodingKeys: String, CodingKey {
        case success
        case callTranscript = "call_transcript"
        case transcriptTruncated = "transcript_truncated"
        case contact
        case contactCreated = "contact_created"
        case skipped, reason, steps, warnings, untrusted
    }

    static func skipped(_ row: CallTranscript?, because reason: String) -> ProcessedCall {
        ProcessedCall(callTranscript: row, skipped: true, reason: reason)
    }

    init(
        callTranscript: CallTranscript?, contact: Contact? = nil, contactCreated: Bool = false, skipped: Bool = false,
        reason: String? = nil, steps: [CallStep] = [], warnings: [String] = []
    ) {
        let (cut, isCut) = callTranscript?.cut(at: Self.longestTranscript) ?? (nil, false)
        self.callTranscript = cut
        transcriptTruncated = isCut
        self.contact = contact
        self.contactCreated = contactCreated
        self.skipped = skipped
        self.reason = reason
        self.steps = steps
        self.warnings = warnings
    }
}

extension CallTranscript {
    /// The same with at most `limit` characters of transcript, and whether any were left out.
    func cut(at limit: Int) -> (CallTranscript?, Bool) {
        guard let transcript, transcript.utf8.count > limit else { return (self, false) }
        var shorter = self
        let short = transcript.cutShort(at: limit)
        shorter.transcript = short
        return (shorter, short.utf8.count < transcript.utf8.count)
    }

    /// What is known of the call itself.
    var facts: CallFacts {
        func given(_ text: String) -> String? { text.isEmpty ? nil : text }
        return CallFacts(
            callSID: callSID, fromNumber: given(fromNumber), toNumber: given(toNumber),
            direction: direction.flatMap(CallDirection.init(rawValue:)), durationSeconds: durationSeconds,
            startedAt: startedAt, businessContextID: businessContextID)
    }
}
