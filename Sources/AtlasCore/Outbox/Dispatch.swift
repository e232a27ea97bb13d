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

    struct Limit: Sendable {
        let most: Int
        let since: Date
        /// The setting that says so.
        let setting: String
    }

    /// How long a row may say `sending` before its server must have died: longer than any exchange with a provider.
    static let longestSending = 120

    /// - Throws: ``AtlasError`` `invalid_argument` when the key is too long.
    init(
        _ channel: Channel, tool: String, to recipients: [String], arguments: JSON, idempotencyKey: String?,
        provider: String, limit: Limit? = nil
    ) throws(AtlasError) {
        self.channel = channel
        self.tool = tool
        self.recipients = recipients
        self.arguments = arguments
        self.idempotencyKey = try TextLimit.idempotencyKey.optional(idempotencyKey)
        self.provider = provider
        self.limit = limit
    }
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

    /// Where the interaction comes from: the same event makes one.
    var sourceRef: String { "\(type.rawValue):\(reference)" }
}
