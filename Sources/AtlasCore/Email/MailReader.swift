import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An account whose mail can be read. Reading marks nothing as read.
protocol MailReader: Sendable {
    /// `imap` or `gmail`.
    var name: String { get }

    /// The newest messages of a mailbox that the query finds, newest first.
    ///
    /// - Parameter mailbox: nil for what the query names, else the configured one. A role (`sent`) is as good as a name.
    /// - Throws: ``AtlasError``: `not_found` for a mailbox that is not there.
    func search(_ query: MailQuery, in mailbox: String?, limit: Int) async throws -> FoundMessages

    /// - Returns: nil when the message is gone.
    func message(_ id: String, in mailbox: String?) async throws -> FetchedMessage?

    /// The messages of a conversation, oldest first, at most 50; empty when there is none.
    ///
    /// - Parameter id: a thread's, or the id of one of its messages.
    func thread(_ id: String, in mailbox: String?) async throws -> [FetchedMessage]

    /// The octets of an attachment after decoding, at most `limit` of them.
    ///
    /// - Returns: nil when there is no such attachment.
    func attachment(_ attachmentID: String, of messageID: String, in mailbox: String?, limit: Int) async throws
        -> (file: AttachedFile, octets: [UInt8])?

    func folders() async throws -> [MailFolder]

    /// Puts a message into the drafts.
    ///
    /// - Parameter threadID: the conversation it answers.
    /// - Returns: the new message's id, where the server says it.
    func saveDraft(_ message: [UInt8], threadID: String?) async throws -> String?

    /// Puts a message that was sent into the sent mail, unless the provider does so itself.
    func saveSent(_ message: [UInt8]) async throws

    /// - Returns: the ids of the messages that were there.
    func mark(_ ids: [String], _ change: MailMark) async throws -> [String]

    /// - Returns: the new ids, by the old ones, where the server says them.
    func move(_ ids: [String], to mailbox: String) async throws -> [String: String]

    func close() async
}

/// What a search found.
struct FoundMessages: Sendable {
    var messages: [MessageSummary]
    /// How many there are, those not shown included.
    var total: Int
    /// Whether there may be more: not all could be looked at.
    var isTotalLowerBound = false
}

/// A message with its text.
struct FetchedMessage: Sendable {
    var summary: MessageSummary
    var header: MailHeader
    var text: ReadableText
    var attachments: [AttachedFile]
    /// What could not be read, each a sentence.
    var problems: [String]
}

/// What `mark_messages` may change.
public enum MailMark: String, CaseIterable, Codable, Sendable {
    case read, unread, flagged, unflagged
}
