import AtlasCore
import AtlasServer
import MCP

struct SaveDraft: Tool {
    static let name = "save_draft"
    static let toolset = "drafts"
    static let description = """
        Put a letter into the drafts of the mailbox, for somebody to look over and send; with reply_to_message_id as an answer in its \
        conversation. Nothing is sent.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("Who is to get it: addresses like ann@example.com or Ann Lee <ann@example.com>.") var to: Recipients =
        Recipients()
    @Parameter("The subject.", .length(...900)) var subject: String?
    @Parameter("The text.", .length(1...500_000)) var body: String
    @Parameter("Who writes. The business's own address, if left out.", .length(...320)) var fromEmail: String?
    @Parameter("Who is to get a copy.") var cc: Recipients = Recipients()
    @Parameter("Who is to get a copy that the others do not know of.") var bcc: Recipients = Recipients()
    @Parameter("Where answers are to go, if not to the sender.", .length(...320)) var replyTo: String?
    @Parameter("The same text in HTML.", .length(...500_000)) var html: String?
    @Parameter("The id of the message that this answers.", .length(...1000)) var replyToMessageID: String?
    @Parameter(
        "Paths of files to add, in the folders that are allowed for it.", .count(0...10), .each(.length(1...1024)))
    var attachments: [String] = []

    struct Output: Codable {
        var success: Bool
        /// The draft's id; null when the server does not tell it: list the drafts for it.
        var draftID: String?
        var provider: String
        var to: [String]
        var subject: String
        var warnings: [String]
    }

    func call(_ mail: Mail) async throws -> Output {
        var letter = LetterRequest(body: body)
        letter.to = to.texts
        letter.subject = subject
        letter.from = fromEmail
        letter.cc = cc.texts
        letter.bcc = bcc.texts
        letter.replyTo = replyTo
        letter.html = html
        letter.replyToMessageID = replyToMessageID
        letter.attachments = attachments
        let saved = try await mail.mailer.saveDraft(letter, in: mail.inbox)
        return Output(
            success: true, draftID: saved.id, provider: saved.provider, to: saved.to, subject: saved.subject,
            warnings: saved.warnings)
    }
}
