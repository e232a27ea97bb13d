import JSON

/// How much of each thing a context tells.
public enum ContextDetail: String, Codable, CaseIterable, Sendable {
    /// What a model needs to know who it deals with: texts are cut short, of a call there is only its summary.
    case concise
    /// All that is known of each thing, transcripts included.
    case detailed
}

/// How many of each a context holds at most.
public struct ContextLimits: Sendable, Equatable {
    public var interactions: Int
    public var calls: Int
    public var appointments: Int
    /// Of those sent, and of those in the mailbox.
    public var emails: Int

    /// - Throws: ``AtlasError`` `invalid_argument` that states the range.
    public init(interactions: Int = 10, calls: Int = 10, appointments: Int = 10, emails: Int = 10) throws(AtlasError) {
        let named = [
            ("max_interactions", interactions), ("max_calls", calls), ("max_appointments", appointments),
            ("max_emails", emails),
        ]
        for (parameter, limit) in named where !Self.range.contains(limit) {
            throw AtlasError(
                .invalidArgument, "\(parameter) must be between 1 and 50, got \(limit).", parameter: parameter)
        }
        (self.interactions, self.calls, self.appointments, self.emails) = (interactions, calls, appointments, emails)
    }

    public static let range = 1...50
}

/// How long the texts of a context may be, in octets of JSON.
struct ContextLengths: Equatable {
    let detail: ContextDetail
    /// A summary, a subject, a note.
    let text: Int
    let transcript: Int
    /// What a contact's own notes and metadata may take.
    let notes: Int

    /// Of a transcript no more than this is read.
    static let longestTranscript = 4_000

    /// - Parameters:
    ///   - items: how many there are; in a concise context they share what there is for texts, so that the usual customer's stays
    ///     below 4 KB whether there are few of them or a dozen.
    ///   - calls: how many of the items have a transcript.
    init(_ detail: ContextDetail, items: Int, calls: Int) {
        self.detail = detail
        switch detail {
        case .concise:
            text = min(max(1_000 / max(items, 1), 60), 200)
            transcript = 0
            notes = 200
        case .detailed:
            text = 1_000
            transcript = min(Self.longestTranscript, 32_000 / max(calls, 1))
            notes = 4_000
        }
    }

    var isDetailed: Bool { detail == .detailed }

    /// The value in a detailed context, nothing in a concise one.
    func whole<Value>(_ value: Value?) -> Value? { isDetailed ? value : nil }

    /// A text, cleaned and cut; nil when nothing is left.
    func text(_ text: String?) -> String? {
        text.map { $0.excerpt(self.text, keepingLines: isDetailed) }.flatMap { $0.isEmpty ? nil : $0 }
    }
}

extension String {
    /// The beginning of the text, cleaned, at most `limit` octets of JSON; `…` where it goes on.
    func excerpt(_ limit: Int, keepingLines: Bool = false) -> String {
        let text = cleaned(keepingLines: keepingLines)
        guard text.utf8.count > limit || text.jsonOctets > limit else { return text }
        return String(text.prefix(jsonOctets: limit - 3)) + "…"
    }
}
