import AtlasCore
import AtlasServer
import MCP

/// What every query of a mailbox may say.
private let queryLanguage = """
    from: to: cc: subject: body: is:unread|read|starred|answered has:attachment newer_than:2d|3m|1y older_than: after:YYYY/MM/DD \
    before: larger:5M smaller: in:MAILBOX, "phrases", words, -not, OR, (groups).
    """

struct ListInbox: Tool {
    static let name = "list_inbox"
    static let description =
        "List the newest messages of the mailbox, those not read yet unless the query says otherwise. Nothing is marked as read."
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("Which messages, in Gmail's language: \(queryLanguage)", .length(...2000)) var query = "is:unread"
    @Parameter("Most messages to return.", .range(1...100)) var maxResults = 20
    @Parameter("Another mailbox than the inbox: its name, or sent, drafts, trash, junk, archive, all.", .length(...500))
    var mailbox: String?

    struct Output: Codable, PagedOutput {
        var messages: [MessageSummary]
        var count: Int
        /// How many the query finds in all.
        var totalMatched: Int
        var hasMore: Bool
        var provider: String
        var warnings: [String]

        mutating func keep(first count: Int) {
            messages.removeLast(messages.count - count)
            self.count = count
            hasMore = true
        }
    }

    func call(_ mail: Mail) async throws -> Output {
        let found = try await mail.inbox.find(query, mailbox: mailbox, limit: maxResults)
        return Output(
            messages: found.messages, count: found.messages.count, totalMatched: found.total,
            hasMore: found.total > found.messages.count, provider: found.provider, warnings: found.warnings)
    }
}

struct SearchInbox: Tool {
    static let name = "search_inbox"
    static let description =
        "Search the mail, read or not, and get the newest messages that match, with how many there are in all."
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("What to look for, in Gmail's language: \(queryLanguage)", .length(1...2000)) var query: String
    @Parameter("Most messages to return.", .range(1...100)) var maxResults = 20
    @Parameter("Another mailbox than the inbox: its name, or sent, drafts, trash, junk, archive, all.", .length(...500))
    var mailbox: String?

    struct Output: Codable, PagedOutput {
        var results: [MessageSummary]
        var count: Int
        var totalMatched: Int
        var hasMore: Bool
        var provider: String
        var warnings: [String]

        mutating func keep(first count: Int) {
            results.removeLast(results.count - count)
            self.count = count
            hasMore = true
        }
    }

    func call(_ mail: Mail) async throws -> Output {
        let found = try await mail.inbox.find(query, mailbox: mailbox, limit: maxResults)
        return Output(
            results: found.messages, count: found.messages.count, totalMatched: found.total,
            hasMore: found.total > found.messages.count, provider: found.provider, warnings: found.warnings)
    }
}

struct GetMessage: Tool {
    static let name = "get_message"
    static let description = """
        Read a message: headers, text, what is attached. Long texts come in pages: read on at next_offset. Nothing is marked as read.
        """
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The message's id, as a list gave it.", .length(...1000)) var messageID: String
    @Parameter("The mailbox it is in; its id says so already.", .length(...500)) var mailbox: String?
    @Parameter("From which character of the text on.", .range(0...10_000_000)) var offset = 0
    @Parameter("Most characters of the text to return.", .range(1...40_000)) var maxChars = 20_000

    struct Output: Codable {
        var message: ReadMessage
        var provider: String
        var warnings: [String]
    }

    func call(_ mail: Mail) async throws -> Output {
        let read = try await mail.inbox.message(messageID, mailbox: mailbox, offset: offset, limit: maxChars)
        return Output(message: read.message, provider: read.provider, warnings: read.warnings)
    }
}

struct GetThread: Tool {
    static let name = "get_thread"
    static let description = """
        Read a whole conversation, oldest message first: what each message says of its own, without what it quotes. Nothing is marked \
        as read.
        """
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The thread_id of any of its messages.", .length(...1000)) var threadID: String
    @Parameter("Where to look, beside the sent mail.", .length(...500)) var mailbox: String?

    struct Output: Codable {
        var thread: MailThread
        var provider: String
        var warnings: [String]
    }

    func call(_ mail: Mail) async throws -> Output {
        let read = try await mail.inbox.thread(threadID, mailbox: mailbox)
        return Output(thread: read.thread, provider: read.provider, warnings: read.warnings)
    }
}
