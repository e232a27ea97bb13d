import MIME

/// A way for mail to leave.
protocol MailSender: Sendable {
    /// `smtp`, `gmail` or `resend`.
    var name: String { get }

    /// Hands a message over, once.
    ///
    /// - Parameters:
    ///   - message: what is sent.
    ///   - idempotencyKey: the same for the same message, for providers that know such keys.
    /// - Throws: ``AtlasError`` when it is certain that nothing was accepted, so that another provider may be asked;
    ///   ``MailRejection`` when the message or all its recipients were refused for good; ``UncertainOutcome`` when it may have been
    ///   accepted.
    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> MailReceipt
}

/// What a provider took.
struct MailReceipt: Sendable, Equatable {
    var accepted: [String]
    var rejected: [RejectedRecipient] = []
    /// The provider's id for it, if it gave one.
    var reference: String?
}

/// Somebody whom the provider does not deliver to.
public struct RejectedRecipient: Codable, Sendable, Equatable {
    public var address: String
    /// In the server's words, cleaned.
    public var reason: String
}

/// A refusal that no other provider is asked to undo.
struct MailRejection: Error, Sendable {
    let error: AtlasError
}
