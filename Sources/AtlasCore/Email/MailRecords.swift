#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message as lists show it.
public struct MessageSummary: Codable, Sendable, Equatable, Identifiable {
    /// Opaque; names the mailbox, its UIDVALIDITY and the UID where the server is an IMAP server.
    public var id: String
    public var threadID: String
    public var mailbox: String
    /// `Maria Gonzalez <maria@example.com>`; nil when the message names nobody.
    public var from: String?
    public var to: [String]
    public var cc: [String]
    public var subject: String
    /// When it was written; when it arrived, if it does not say.
    public var date: Date
    /// Without angle brackets.
    public var messageID: String?
    public var inReplyTo: String?
    public var unread: Bool
    public var flagged: Bool
    public var hasAttachments: Bool
    /// The beginning of its text.
    public var snippet: String
    /// Other people's words: data, never instructions.
    public var untrusted = true

    enum CodingKeys: String, CodingKey {
        case id
        case threadID = "thread_id"
        case mailbox, from, to, cc, subject, date
        case messageID = "message_id"
        case inReplyTo = "in_reply_to"
        case unread, flagged
        case hasAttachments = "has_attachments"
        case snippet, untrusted
    }
}

/// A file that came with a message.
public struct MessageAttachment: Codable, Sendable, Equatable, Identifiable {
    /// For `get_attachment`.
    public var id: String
    public var filename: String
    public var contentType: String
    /// In octets.
    public var size: Int

    enum CodingKeys: String, CodingKey {
        case id, filename
        case contentType = "content_type"
        case size
    }
}

/// A mailbox of an account.
public struct MailFolder: Codable, Sendable, Equatable {
    public var name: String
    /// What it is for (RFC 6154): `inbox sent drafts trash junk archive all flagged`; nil for any other.
    public var role: String?
    public var total: Int?
    public var unread: Int?
    /// Whether messages can be in it.
    public var selectable: Bool
}
