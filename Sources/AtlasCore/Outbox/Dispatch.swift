#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Something that is to leave the business, once: what is written down before it does.
struct Dispatch: Sendable {
    enum Channel: String, Sendable {
        case call, sms, email

        /// In the words of a refusal.
        var plural: String {
            switch self {
            case .call: "calls"
            case .sms: "text messages"
            case .email: "e-mails"
            }
        }

        /// How many seconds a row may say `sending` before its server must have died: longer than any exchange with a provider.
        /// A message with attachments takes minutes on a slow line, and several providers may be asked one after the other.
        var longestSending: Int {
            switch self {
            case .call, .sms: 120
            case .email: 600
            }
        }
    }

    let channel: Channel
    let tool: String
    /// E.164 numbers, or e-mail addresses in lower case.
    let recipients: [String]
    /// What makes two calls of the tool the same.
    let arguments: JSON
    let idempotencyKey: String?
    let provider: String
    /// The most that may leave by this channel since a moment; nil for any number.
    var limit: Limit?
    /// What else is written down with it.
    let companion: (any DispatchCompanion)?

    struct Limit: Sendable {
        let most: Int
        let since: Date
        /// The setting that says so.
        let setting: String
    }

    /// - Throws: ``AtlasError`` `invalid_argument` when the key is too long.
    init(
        _ channel: Channel, tool: String, to recipients: [String], arguments: JSON, idempotencyKey: String?,
        provider: String, limit: Limit? = nil, companion: (any DispatchCompanion)? = nil
    ) throws(AtlasError) {
        self.channel = channel
        self.tool = tool
        self.recipients = recipients
        self.arguments = arguments
        self.idempotencyKey = try TextLimit.idempotencyKey.optional(idempotencyKey)
        self.provider = provider
        self.limit = limit
        self.companion = companion
    }
}

/// A record of its own that a dispatch has beside its row of the outbox, written in the same transactions.
protocol DispatchCompanion: Sendable {
    /// What is written before anything leaves.
    ///
    /// - Parameter id: the dispatch's. It is the same again when an attempt that sent nothing is repeated: the record is there then.
    func opening(_ id: UUID) -> [Query]

    /// What is written when it is known what became of it.
    func settling(_ id: UUID, _ end: DispatchEnd) -> [Query]
}

/// What became of a dispatch, as it is written down.
enum DispatchEnd: Sendable {
    /// With what the tool answered.
    case sent(outcome: JSON)
    case failed(String)
    case unknown(String)
}

/// The outcome of a change that is made once.
public struct DoneOnce<Outcome: Sendable>: Sendable {
    public var outcome: Outcome
    /// True when an earlier call with the same idempotency key did it, and this one nothing.
    public var replayed: Bool
    /// Sentences for the caller: what could not be written down.
    public var warnings: [String]
}

/// What a sent dispatch leaves in the book.
struct DispatchRecord: Sendable {
    /// The provider's id for what was sent.
    let reference: String
    /// What is written into the history of the contact it went to.
    let summary: String
    let type: InteractionType
    let metadata: JSON.Object
    /// The provider that served, where several may.
    var provider: String?
    /// The event, where it is a line in the histories of several: each contact's id is put behind it.
    var sharedEvent: String?
    /// The recipients that it did not go to in the end.
    var missed: Set<String> = []

    /// Where the interaction comes from: the same event makes one.
    var sourceRef: String { "\(type.rawValue):\(reference)" }
}
