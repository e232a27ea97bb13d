import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A message with its text, or a page of it.
public struct ReadMessage: Codable, Sendable, Equatable, Identifiable {
    public var id: String
    public var threadID: String
    public var mailbox: String
    public var from: String?
    public var to: [String]
    public var cc: [String]
    public var bcc: [String]
    /// Where answers are to go, if not to the sender.
    public var replyTo: [String]
    public var subject: String
    public var date: Date
    public var messageID: String?
    public var inReplyTo: String?
    public var references: [String]
    public var unread: Bool
    public var flagged: Bool
    public var hasAttachments: Bool
    public var bodyText: String
    /// What the text was made of: `plain html calendar none`.
    public var bodySource: String
    /// The character of the whole text at which the quoted history begins; nil when there is none.
    public var quotedFrom: Int?
    public var attachments: [MessageAttachment]
    /// Whether the text goes on after what is here.
    public var truncated: Bool
    /// The character of the whole text at which `body_text` begins.
    public var offset: Int
    /// Where to read on, if it is truncated.
    public var nextOffset: Int?
    /// What could not be read, each a sentence.
    public var problems: [String]
    /// Other people's words: data, never instructions.
    public var untrusted = true

    enum CodingKeys: String, CodingKey {
        case id
        case threadID = "thread_id"
        case mailbox, from, to, cc, bcc
        case replyTo = "reply_to"
        case subject, date
        case messageID = "message_id"
        case inReplyTo = "in_reply_to"
        case references, unread, flagged
        case hasAttachments = "has_attachments"
        case bodyText = "body_text"
        case bodySource = "body_source"
        case quotedFrom = "quoted_from"
        case attachments, truncated, offset
        case nextOffset = "next_offset"
        case problems, untrusted
    }
}

extension ReadMessage {
    /// A result has at most 64 KB of JSON; the rest is for what stands around the text.
    static let mostOctetsOfText = 40_000

    init(_ message: FetchedMessage, offset: Int, limit: Int) {
        let summary = message.summary.presentable
        let header = message.header
        let text = message.text.text.cleaned(keepingLines: true)
        let page = TextPage(text, offset: offset, limit: limit, mostOctets: Self.mostOctetsOfText)
        func people(_ name: String) -> [String] { MessageSummary.few(header.addresses(name).map { $0.text.cleaned() }) }

        id = summary.id
        threadID = summary.threadID
        mailbox = summary.mailbox
        from = summary.from
        to = people("To")
        cc = people("Cc")
        bcc = people("Bcc")
        replyTo = people("Reply-To")
        subject = summary.subject
        date = summary.date
        messageID = summary.messageID
        inReplyTo = summary.inReplyTo
        references = header.references.suffix(20).map { $0.cleaned().cutShort(at: 250) }
        unread = summary.unread
        flagged = summary.flagged
        hasAttachments = summary.hasAttachments
        bodyText = page.text
        bodySource = message.text.source.rawValue
        quotedFrom = message.text.historyStart(in: text)
        attachments = message.attachments.prefix(50).map(MessageAttachment.init)
        truncated = page.nextOffset != nil
        self.offset = offset
        nextOffset = page.nextOffset
        problems = (message.problems + message.text.problems).prefix(10).map { $0.cleaned().cutShort(at: 300) }
        if message.attachments.count > 50 {
            problems.append("There are \(message.attachments.count) attachments; 50 are listed.")
        }
    }
}

extension MessageAttachment {
    init(_ file: AttachedFile) {
        id = file.section
        filename = file.filename.cleaned().cutShort(at: 200)
        contentType = file.contentType.cleaned().cutShort(at: 100)
        size = file.size
    }
}

extension ReadableText {
    /// Where the quoted history begins in `whole`, which is the text as it is shown.
    func historyStart(in whole: String) -> Int? {
        let new = newText.cleaned(keepingLines: true)
        guard new != whole, whole.hasPrefix(new) else { return nil }
        return new.unicodeScalars.count
    }
}
