import Logging
import MIME

/// What the business writes, and what it wrote.
public struct Mailer: Sendable {
    let senders: [any MailSender]
    let outbox: Outbox
    let time: BusinessTime
    let renderer: any TemplateRenderer
    /// Reads the message that is answered; throws `not_configured` when no mail can be read.
    let replied: @Sendable (_ messageID: String) async throws -> FetchedMessage?
    /// Keeps what SMTP sent among the sent mail.
    let saveSent: @Sendable (_ message: [UInt8]) async throws -> Void
    let logger: Logger
}

/// What a caller wants written.
public struct LetterRequest: Sendable {
    public var to: [String] = []
    public var subject: String?
    public var body: String
    public var from: String?
    public var cc: [String] = []
    public var bcc: [String] = []
    public var replyTo: String?
    public var html: String?
    /// The id of the message that this answers.
    public var replyToMessageID: String?
    /// Paths.
    public var attachments: [String] = []

    public init(body: String) { self.body = body }
}

/// What became of a letter.
public struct SentLetter: Codable, Sendable, Equatable {
    public var messageID: String
    public var provider: String
    public var accepted: [String]
    public var rejected: [String]
    /// Why those were rejected.
    public var rejections: [RejectedRecipient]
    public var sentEmailID: String
    /// What else the caller should know: which provider failed before, what could not be kept.
    public var warnings: [String]

    enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
        case provider, accepted, rejected, rejections
        case sentEmailID = "sent_email_id"
        case warnings
    }
}
