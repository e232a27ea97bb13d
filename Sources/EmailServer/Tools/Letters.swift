import AtlasCore
import AtlasServer
import JSON
import MCP

struct SendEmail: Tool {
    static let name = "send_email"
    static let title = "Send e-mail"
    static let description = """
        Send an e-mail to one or more people, or, with reply_to_message_id, answer a message: then to and subject may be left out, and \
        the message that is answered is quoted below. It reaches real people and cannot be taken back: do it once, and only when \
        the user wants it sent.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("Who gets it: addresses like ann@example.com or Ann Lee <ann@example.com>.") var to: Recipients =
        Recipients()
    @Parameter("The subject.", .length(...900)) var subject: String?
    @Parameter("The text.", .length(1...500_000)) var body: String
    @Parameter("Who writes. The business's own address, if left out.", .length(...320)) var fromEmail: String?
    @Parameter("Who gets a copy.") var cc: Recipients = Recipients()
    @Parameter("Who gets a copy that the others do not know of.") var bcc: Recipients = Recipients()
    @Parameter("Where answers are to go, if not to the sender.", .length(...320)) var replyTo: String?
    @Parameter("The same text in HTML, for readers that show it.", .length(...500_000)) var html: String?
    @Parameter("The id of the message that this answers.", .length(...1000)) var replyToMessageID: String?
    @Parameter(
        "Paths of files to send along, in the folders that are allowed for it.", .count(0...10),
        .each(.length(1...1024)))
    var attachments: [String] = []
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    struct Output: Codable {
        var success: Bool
        var messageID: String
        var provider: String
        var accepted: [String]
        var rejected: [String]
        var rejections: [RejectedRecipient]
        var sentEmailID: String
        var replayed: Bool
        var warnings: [String]
    }

    func validate() throws {
        guard !to.texts.isEmpty || replyToMessageID != nil else {
            throw InvalidArguments("is required, unless reply_to_message_id names a message to answer").inside("to")
        }
    }

    func call(_ mail: Mail) async throws -> Output {
        let sent = try await mail.mailer.send(letter, idempotencyKey: idempotencyKey)
        let letter = sent.outcome
        return Output(
            success: true, messageID: letter.messageID, provider: letter.provider, accepted: letter.accepted,
            rejected: letter.rejected, rejections: letter.rejections, sentEmailID: letter.sentEmailID,
            replayed: sent.replayed, warnings: letter.warnings + sent.warnings)
    }

    private var letter: LetterRequest {
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
        return letter
    }
}
