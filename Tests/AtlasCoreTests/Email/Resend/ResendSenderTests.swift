import JSON
import MIME
import Testing

@testable import AtlasCore

/// Mail that leaves by the Resend double.
@Suite struct ResendSenderTests {
    let resend: DoubleProgram
    let sender: ResendSender

    init() async throws {
        resend = try await DoubleProgram.launch("resend")
        var sender = ResendSender(key: resend["key"], baseURL: resend.url, http: HTTPClient(), timeout: .seconds(10))
        sender.pause = .milliseconds(10)
        self.sender = sender
    }

    private func sent() async throws -> [JSON] { try await resend.order("sent").items ?? [] }

    @Test("A message leaves with all that it has")
    func sends() async throws {
        var mail = GmailKit.outgoing("Text", to: ["a@example.com"])
        mail.from = MailAddress(name: "García, \"Ana\"", address: "office@acme.example")
        mail.html = "<p>Text</p>"
        mail.cc = [MailAddress(name: "Ann Lee", address: "ann@example.com")]
        mail.bcc = [MailAddress(address: "hidden@example.com")]
        mail.replyTo = [MailAddress(address: "desk@acme.example")]
        mail.inReplyTo = "1@x.example"
        mail.references = ["0@x.example", "1@x.example"]
        mail.attachments = [.init(filename: "a.pdf", contentType: "application/pdf", octets: [0, 1, 255])]
        let receipt = try await sender.send(mail, idempotencyKey: "letter-1")
        #expect(receipt.accepted == ["a@example.com", "ann@example.com", "hidden@example.com"])
        let sent = try await sent()
        #expect(sent.count == 1 && sent[0]["id"]?.text == receipt.reference && sent[0]["key"] == "letter-1")
        #expect(
            sent[0]["email"] == [
                "from": "\"García, \\\"Ana\\\"\" <office@acme.example>", "to": ["a@example.com"],
                "cc": ["Ann Lee <ann@example.com>"],
                "bcc": ["hidden@example.com"], "reply_to": ["desk@acme.example"], "subject": "Your estimate",
                "text": "Text",
                "html": "<p>Text</p>",
                "headers": [
                    "Message-ID": "<m1@acme.example>", "In-Reply-To": "<1@x.example>",
                    "References": "<0@x.example> <1@x.example>",
                ],
                "attachments": [["filename": "a.pdf", "content": "AAH/", "content_type": "application/pdf"]],
            ])
    }

    @Test(
        "After a doubt the same request is made once more, and Resend sends once",
        arguments: ["cut", "cut after", "garbage"])
    func repeats(kind: String) async throws {
        try await resend.order("fail", ["kind": .string(kind)])
        let receipt = try await sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        #expect(try await sent().map { $0["id"]?.text } == [receipt.reference])
        #expect(try await resend.journal("POST", "/emails").count == 2)
    }

    @Test(
        "What is still in doubt then is told, and not tried a third time", arguments: ["cut", "cut after", "garbage"])
    func doubts(kind: String) async throws {
        try await resend.order("fail", ["kind": .string(kind), "times": 9])
        let outcome = await thrown(UncertainOutcome.self) {
            try await sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        }
        #expect(outcome?.error.retryable == false)
        #expect(try await resend.journal("POST", "/emails").count == 2)
    }

    @Test(
        "A refusal of the second request does not make the first one certain",
        arguments: ["rate_limit_exceeded", "validation_error"])
    func refusedLater(name: String) async throws {
        try await resend.order("fail", ["kind": "cut after"])
        try await resend.order("refuse", ["name": .string(name)])
        #expect(
            await thrown(UncertainOutcome.self) { try await sender.send(GmailKit.outgoing(), idempotencyKey: "k") }
                != nil)
        #expect(try await sent().count == 1)
    }

    @Test(
        "Keys that are in use, and faults of Resend's own, leave a doubt",
        arguments: [
            "concurrent_idempotent_requests", "invalid_idempotent_request", "application_error",
            "internal_server_error",
        ])
    func unclear(name: String) async throws {
        try await resend.order("refuse", ["name": .string(name), "times": 5])
        #expect(
            await thrown(UncertainOutcome.self) { try await sender.send(GmailKit.outgoing(), idempotencyKey: "k") }
                != nil)
        #expect(try await resend.journal("POST", "/emails").count == 2)
    }

    @Test(
        "What is certain lets another provider be asked",
        arguments: [
            ("missing_api_key", AtlasError.Code.unauthenticated, "ATLAS_EMAIL_API_KEY"),
            ("invalid_api_key", .unauthenticated, "ATLAS_EMAIL_API_KEY"),
            ("unverified_domain", .permissionDenied, "verified"), ("rate_limit_exceeded", .rateLimited, "Wait"),
            ("daily_quota_exceeded", .rateLimited, "quota"), ("not_found", .notConfigured, "ATLAS_RESEND_URL"),
        ])
    func certain(name: String, code: AtlasError.Code, says: String) async throws {
        try await resend.order("refuse", ["name": .string(name), "times": 5])
        let error = await thrown(AtlasError.self) { try await sender.send(GmailKit.outgoing(), idempotencyKey: "k") }
        #expect(
            error?.code == code && error?.message.contains(says) == true
                && error?.message.contains(resend["key"]) == false)
        #expect(try await resend.journal("POST", "/emails").count == 1)
    }

    @Test(
        "A message that cannot be is refused for good, by parameter",
        arguments: ["validation_error", "missing_required_field", "invalid_attachment", "bad_request"])
    func rejected(name: String) async throws {
        try await resend.order("refuse", ["name": .string(name)])
        let rejection = await thrown(MailRejection.self) {
            try await sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        }
        #expect(rejection?.error.code == .invalidArgument)
        let parameters = [
            "validation_error": "to", "missing_required_field": "to", "invalid_attachment": "attachments",
        ]
        #expect(rejection?.error.parameter == parameters[name])
    }

    @Test("The domain of the sender is checked there, and a wrong key is told")
    func strangers() async throws {
        var mail = GmailKit.outgoing()
        mail.from = MailAddress(address: "me@other.example")
        #expect(
            await thrown(AtlasError.self) { try await sender.send(mail, idempotencyKey: "k") }?.code
                == .permissionDenied)
        let wrong = ResendSender(key: "re_wrong", baseURL: resend.url, http: HTTPClient())
        #expect(
            await thrown(AtlasError.self) { try await wrong.send(GmailKit.outgoing(), idempotencyKey: "k") }?.code
                == .unauthenticated)
    }

    @Test(
        "A key that no header can hold gives way to the message's id",
        arguments: ["", "key with blanks", "clé", String(repeating: "x", count: 257)])
    func keys(key: String) async throws {
        _ = try await sender.send(GmailKit.outgoing(), idempotencyKey: key)
        #expect(try await sent().first?["key"] == "m1@acme.example")
    }

    @Test("A host that nothing listens on has certainly not sent")
    func unreachable() async throws {
        let nowhere = ResendSender(key: "re_x", baseURL: "http://127.0.0.1:1", http: HTTPClient())
        #expect(
            await thrown(AtlasError.self) { try await nowhere.send(GmailKit.outgoing(), idempotencyKey: "k") }?.code
                == .unavailable)
        #expect("\(nowhere)" == "Resend <redacted>")
    }
}
