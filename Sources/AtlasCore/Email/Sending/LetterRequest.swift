import JSON
import MIME

/// What a caller wants written.
public struct LetterRequest: Sendable {
    /// Each an address or several: `ann@example.com, Bo <bo@example.com>`.
    public var to: [String] = []
    public var subject: String?
    public var body: String
    public var from: String?
    public var cc: [String] = []
    public var bcc: [String] = []
    public var replyTo: String?
    public var html: String?
    /// The id of the message that this answers.
    public var replyToMessageID: String?
    /// Paths.
    public var attachments: [String] = []

    public init(body: String) { self.body = body }
}

/// A request whose texts are what they should be: what makes two of them the same.
struct CheckedRequest: Sendable {
    let recipients: Recipients
    let subject: String?
    let body: String
    let html: String?
    let from: String?
    let replyTo: [MailAddress]
    let replyToMessageID: String?
    let attachments: [String]

    /// For the idempotency key: nothing that depends on the day, the settings or the mailbox.
    var arguments: JSON {
        func texts(_ addresses: [MailAddress]) -> JSON {
            .array(addresses.map { .array([.string($0.key), $0.name.map(JSON.string) ?? .null]) })
        }
        return [
            "to": texts(recipients.to), "cc": texts(recipients.cc), "bcc": texts(recipients.bcc),
            "reply_to": texts(replyTo), "from_email": from.map(JSON.string) ?? .null,
            "subject": subject.map(JSON.string) ?? .null, "body": .string(body), "html": html.map(JSON.string) ?? .null,
            "reply_to_message_id": replyToMessageID.map(JSON.string) ?? .null,
            "attachments": .array(attachments.map(JSON.string)),
        ]
    }
}

extension LetterRequest {
    /// In octets.
    static let longestBody = 500_000

    /// - Throws: ``AtlasError`` `invalid_argument`.
    func checked() throws(AtlasError) -> CheckedRequest {
        guard let text = try Self.text(body, "body") else {
            throw AtlasError(.invalidArgument, "body must not be blank.", parameter: "body")
        }
        var page: String?
        if let html { page = try Self.text(html, "html") }
        return CheckedRequest(
            recipients: Recipients(
                to: try AddressArgument.read(to, parameter: "to"), cc: try AddressArgument.read(cc, parameter: "cc"),
                bcc: try AddressArgument.read(bcc, parameter: "bcc")),
            subject: try Self.subject(subject), body: text, html: page,
            from: from.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 },
            replyTo: try AddressArgument.read(replyTo.map { [$0] } ?? [], parameter: "reply_to"),
            replyToMessageID: replyToMessageID.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 },
            attachments: attachments.map(\.trimmed).filter { !$0.isEmpty })
    }

    /// - Returns: nil when it is blank.
    static func subject(_ given: String?) throws(AtlasError) -> String? {
        guard let given = given?.trimmed, !given.isEmpty else { return nil }
        guard !given.contains(where: \.isNewline) else {
            throw AtlasError(.invalidArgument, "subject must be one line.", parameter: "subject")
        }
        let subject = given.withoutControls()
        guard subject.utf8.count <= 998 else {
            throw AtlasError(
                .invalidArgument, "subject must have at most 998 octets, got \(subject.utf8.count).",
                parameter: "subject")
        }
        return subject
    }

    private static func text(_ given: String, _ parameter: String) throws(AtlasError) -> String? {
        guard given.utf8.count <= longestBody else {
            throw AtlasError(
                .invalidArgument,
                "\(parameter) must have at most \(longestBody / 1000) KB, got \(given.utf8.count / 1000).",
                parameter: parameter)
        }
        let text = given.withoutControls(keepingLines: true)
        return text.trimmed.isEmpty ? nil : text
    }
}
