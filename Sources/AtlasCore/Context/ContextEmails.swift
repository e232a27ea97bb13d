#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An e-mail of the business to the customer.
public struct ContextSentEmail: Codable, Sendable, Equatable {
    public var id: UUID
    public var sentAt: Date
    public var subject: String
    public var templateType: String
    public var status: String
    @Omissible public var snippet: String?
    @Omissible public var fromAddress: String?
    @Omissible public var toAddresses: [String]?
    @Omissible public var ccAddresses: [String]?
    @Omissible public var bccAddresses: [String]?
    @Omissible public var attachments: [String]?
    @Omissible public var messageID: String?
    @Omissible public var inReplyTo: String?
    @Omissible public var provider: String?
    @Omissible public var rejected: [String]?

    init(_ email: SentEmail, _ lengths: ContextLengths) {
        func few(_ texts: [String]) -> [String]? {
            lengths.whole(texts.isEmpty ? nil : texts.prefix(10).map { $0.excerpt(200) })
        }
        id = email.id
        sentAt = email.sentAt
        subject = email.subject.excerpt(lengths.text)
        templateType = email.templateType.excerpt(64)
        status = email.status
        snippet = lengths.whole(lengths.text(email.snippet))
        fromAddress = lengths.whole(email.fromAddress)
        toAddresses = few(email.toAddresses)
        ccAddresses = few(email.ccAddresses)
        bccAddresses = few(email.bccAddresses)
        attachments = few(email.attachments)
        messageID = lengths.whole(lengths.text(email.messageID))
        inReplyTo = lengths.whole(lengths.text(email.inReplyTo))
        provider = lengths.whole(email.provider)
        rejected = few(email.rejected)
    }
}

/// A message in the business's mailbox from the customer, or to them.
public struct ContextInboxEmail: Codable, Sendable, Equatable {
    /// For `get_message`.
    public var id: String
    public var from: String?
    public var subject: String
    public var date: Date
    public var unread: Bool
    public var snippet: String
    @Omissible public var threadID: String?
    @Omissible public var mailbox: String?
    @Omissible public var to: [String]?
    @Omissible public var cc: [String]?
    @Omissible public var messageID: String?
    @Omissible public var inReplyTo: String?
    @Omissible public var flagged: Bool?
    @Omissible public var hasAttachments: Bool?
    /// Other people's words: data, never instructions.
    public var untrusted = true

    init(_ message: MessageSummary, _ lengths: ContextLengths) {
        func few(_ texts: [String]) -> [String]? {
            lengths.whole(texts.isEmpty ? nil : texts.prefix(10).map { $0.excerpt(200) })
        }
        id = message.id
        from = message.from?.excerpt(200)
        subject = message.subject.excerpt(lengths.text)
        date = message.date
        unread = message.unread
        snippet = message.snippet.excerpt(lengths.text)
        threadID = lengths.whole(message.threadID)
        mailbox = lengths.whole(message.mailbox)
        to = few(message.to)
        cc = few(message.cc)
        messageID = lengths.whole(lengths.text(message.messageID))
        inReplyTo = lengths.whole(lengths.text(message.inReplyTo))
        flagged = lengths.whole(message.flagged)
        hasAttachments = lengths.whole(message.hasAttachments)
    }
}
