import Logging
import MIME

/// What the business writes, and what it wrote.
///
/// It checks what it is given before anything leaves, holds to the operator's policy, and sends each letter once. Every method throws
/// ``AtlasError``.
public struct Mailer: Sendable {
    let senders: [any MailSender]
    let outbox: Outbox
    let time: BusinessTime
    let settings: MailSettings
    let renderer: any TemplateRenderer
    /// Reads the message that is answered; throws `not_configured` when no mail can be read.
    let replied: @Sendable (_ messageID: String) async throws -> FetchedMessage?
    /// Keeps what SMTP sent among the sent mail.
    let saveSent: @Sendable (_ message: [UInt8]) async throws -> Void
    let logger: Logger

    /// Sends a letter, once.
    ///
    /// - Parameters:
    ///   - tool: whose idempotency key it is.
    ///   - template: what kind of letter it is.
    /// - Throws: `invalid_argument`, `not_found`, `not_configured`; `permission_denied` when policy or a recipient forbids it: then
    ///   nothing left; an error that is not retryable when nobody knows whether it left.
    public func send(
        _ request: LetterRequest, tool: String = "send_email", template: LetterTemplate? = nil, idempotencyKey: String?
    ) async throws -> DoneOnce<SentLetter> {
        let request = try request.checked()
        return try await once(tool, arguments: request.arguments, idempotencyKey: idempotencyKey) {
            var letter = try await letter(request)
            letter.template = template ?? .generic
            return letter
        }
    }

    /// The same letter as a draft, which may have no recipients yet.
    public func draft(_ request: LetterRequest) async throws -> OutgoingMail {
        let letter = try await letter(try request.checked())
        return letter.mail(messageID: letter.messageID(.timeOrdered()), time: time)
    }
}
