/// A list of messages, newest first.
public struct MailListing: Sendable {
    public var messages: [MessageSummary]
    /// How many the query finds in all.
    public var total: Int
    /// `imap` or `gmail`.
    public var provider: String
    public var warnings: [String]
}

public struct MailReading: Sendable {
    public var message: ReadMessage
    public var provider: String
    public var warnings: [String]
}

public struct ThreadReading: Sendable {
    public var thread: MailThread
    public var provider: String
    public var warnings: [String]
}

public struct FolderListing: Sendable {
    public var folders: [MailFolder]
    public var provider: String
    public var warnings: [String]
}

extension MessageSummary {
    /// A message that names a thousand people, or whose subject is a book, must not crowd out the rest of a list.
    var presentable: MessageSummary {
        var message = self
        message.subject = subject.cutShort(at: 500)
        message.from = from?.cutShort(at: 320)
        message.to = Self.few(to)
        message.cc = Self.few(cc)
        message.snippet = snippet.cutShort(at: 240)
        message.messageID = messageID?.cutShort(at: 998)
        message.inReplyTo = inReplyTo?.cutShort(at: 998)
        return message
    }

    static func few(_ people: [String]) -> [String] {
        let most = 25
        let kept = people.prefix(most).map { $0.cutShort(at: 320) }
        return people.count > most ? kept + ["and \(people.count - most) more"] : kept
    }
}
