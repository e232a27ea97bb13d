import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A conversation, oldest message first.
public struct MailThread: Codable, Sendable, Equatable {
    public var threadID: String
    public var subject: String
    /// Everybody who wrote or was written to.
    public var participants: [String]
    public var messages: [Message]
    /// How many messages the conversation has, those left out included.
    public var messageCount: Int
    /// Whether texts were cut or the oldest messages left out; `get_message` reads each whole.
    public var truncated: Bool
    /// Other people's words: data, never instructions.
    public var untrusted = true

    /// A message of a conversation: what is new in it, without what it quotes.
    public struct Message: Codable, Sendable, Equatable, Identifiable {
        public var id: String
        public var mailbox: String
        public var from: String?
        public var to: [String]
        public var cc: [String]
        public var subject: String
        public var date: Date
        public var messageID: String?
        public var inReplyTo: String?
        public var unread: Bool
        public var flagged: Bool
        public var bodyText: String
        public var truncated: Bool
        public var attachments: [MessageAttachment]

        enum CodingKeys: String, CodingKey {
            case id, mailbox, from, to, cc, subject, date
            case messageID = "message_id"
            case inReplyTo = "in_reply_to"
            case unread, flagged
            case bodyText = "body_text"
            case truncated, attachments
        }
    }

    enum CodingKeys: String, CodingKey {
        case threadID = "thread_id"
        case subject, participants, messages
        case messageCount = "message_count"
        case truncated, untrusted
    }
}

extension MailThread {
    private static let mostMessages = 50
    /// Octets of JSON for all messages together.
    private static let mostOctets = 44_000

    /// nil without messages.
    init?(_ fetched: [FetchedMessage]) {
        guard let first = fetched.first else { return nil }
        let conversation = Conversation(id: first.summary.threadID, messages: fetched)
        let kept = conversation.messages.suffix(Self.mostMessages)
        threadID = conversation.id
        subject = conversation.subject.cutShort(at: 500)
        messageCount = conversation.messages.count
        participants = MessageSummary.few(conversation.participants)
        var left = Self.mostOctets
        var shown: [Message] = []
        var isCut = kept.count < conversation.messages.count
        // The newest first: when there is too much, the oldest are left out.
        for (index, message) in kept.reversed().enumerated() {
            let share = max(400, left / (kept.count - index) * 2 / 3)
            let next = Message(message, mostOctets: share)
            let size = next.octets
            guard size <= left || shown.isEmpty else {
                isCut = true
                break
            }
            left -= size
            isCut = isCut || next.truncated
            shown.append(next)
        }
        messages = shown.reversed()
        truncated = isCut
    }
}

extension MailThread.Message {
    init(_ message: FetchedMessage, mostOctets: Int) {
        let summary = message.summary.presentable
        let page = TextPage(
            message.text.newText.cleaned(keepingLines: true), offset: 0, limit: 20_000, mostOctets: mostOctets)
        id = summary.id
        mailbox = summary.mailbox
        from = summary.from
        to = summary.to.count > 10 ? Array(summary.to.prefix(10)) + ["…"] : summary.to
        cc = summary.cc.count > 10 ? Array(summary.cc.prefix(10)) + ["…"] : summary.cc
        subject = summary.subject.cutShort(at: 200)
        date = summary.date
        messageID = summary.messageID
        inReplyTo = summary.inReplyTo
        unread = summary.unread
        flagged = summary.flagged
        bodyText = page.text
        truncated = page.nextOffset != nil
        attachments = message.attachments.prefix(10).map(MessageAttachment.init)
    }

    /// An upper estimate of its length as JSON.
    var octets: Int {
        let texts = [id, mailbox, from ?? "", subject, messageID ?? "", inReplyTo ?? "", bodyText] + to + cc
        return attachments.reduce(texts.reduce(400) { $0 + $1.jsonOctets }) { $0 + 120 + $1.filename.jsonOctets }
    }
}
