import AtlasCore
import AtlasServer
import MCP

struct ListSentHistory: Tool {
    static let name = "list_sent_history"
    static let description = """
        List what was sent lately, newest first, with what became of it: sent, sending, or unknown where nobody knows whether it left. \
        What certainly did not leave is not in it.
        """
    static let hints: ToolHints = .readOnly

    @Parameter("How many hours back.", .range(1...87_600)) var hours = 24
    @Parameter("Only letters of this kind.") var templateType: LetterTemplate?
    @Parameter("Most letters to return.", .range(1...200)) var limit = 20

    struct Output: Codable, PagedOutput {
        var emails: [SentEmail]
        var count: Int
        var hasMore: Bool

        mutating func keep(first count: Int) {
            emails.removeLast(emails.count - count)
            self.count = count
            hasMore = true
        }
    }

    func call(_ mail: Mail) async throws -> Output {
        let history = try await mail.mailer.sentHistory(hours: hours, template: templateType, limit: limit)
        return Output(emails: history.emails, count: history.emails.count, hasMore: history.hasMore)
    }
}
