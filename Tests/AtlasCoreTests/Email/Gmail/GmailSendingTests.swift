import JSON
import MIME
import Testing

@testable import AtlasCore

/// Mail that leaves by the Gmail double: never twice, and never a doubt that is not told.
@Suite struct GmailSendingTests {
    let kit: GmailKit
    init() async throws { kit = try await GmailKit() }

    private func raw(_ sent: JSON) -> String {
        String(decoding: sent["raw"]?.text.flatMap(Base64URL.decode) ?? [], as: UTF8.self)
    }

    @Test("A message leaves once, to everybody, and nobody sees Bcc")
    func sends() async throws {
        var mail = GmailKit.outgoing("Grüße", to: ["a@example.com"])
        mail.cc = [MailAddress(name: "Ann", address: "ann@example.com")]
        mail.bcc = [MailAddress(address: "hidden@example.com")]
        let receipt = try await kit.sender.send(mail, idempotencyKey: "k")
        #expect(
            receipt.accepted == ["a@example.com", "ann@example.com", "hidden@example.com"] && receipt.rejected.isEmpty)
        let sent = try await kit.sent()
        #expect(sent.count == 1 && sent[0]["id"]?.text == receipt.reference)
        #expect(sent[0]["recipients"] == ["a@example.com", "ann@example.com", "hidden@example.com"])
        #expect(!raw(sent[0]).contains("hidden") && raw(sent[0]).contains("Message-ID: <m1@acme.example>"))
    }

    @Test("An answer goes into the conversation of what it answers")
    func answers() async throws {
        let id = try await kit.add(GmailKit.letter("One", ["Message-ID": "<1@x.example>"]))
        let thread = try #require(try await kit.reader.message(id, in: nil)?.summary.threadID)
        var mail = GmailKit.outgoing()
        mail.inReplyTo = "1@x.example"
        mail.references = ["1@x.example"]
        _ = try await kit.sender.send(mail, idempotencyKey: "k")
        #expect(try await kit.sent()[0]["thread"]?.text == GmailID.rawThread(thread))
    }

    @Test("An account that may only send sends answers, too")
    func onlySends() async throws {
        try await kit.google.order("scopes", ["scopes": ["gmail.send"]])
        var mail = GmailKit.outgoing()
        mail.inReplyTo = "1@x.example"
        _ = try await kit.sender.send(mail, idempotencyKey: "k")
        #expect(try await kit.sent().count == 1)
    }

    @Test("What is large is uploaded as it is, with its conversation")
    func uploads() async throws {
        let id = try await kit.add(GmailKit.letter("One", ["Message-ID": "<1@x.example>"]))
        let thread = try #require(try await kit.reader.message(id, in: nil)?.summary.threadID)
        var mail = GmailKit.outgoing()
        mail.inReplyTo = "1@x.example"
        mail.attachments = [
            .init(
                filename: "a.bin", contentType: "application/octet-stream", octets: Array(repeating: 7, count: 4 << 20))
        ]
        _ = try await kit.sender.send(mail, idempotencyKey: "k")
        let sent = try await kit.sent()[0]
        #expect(sent["thread"]?.text == GmailID.rawThread(thread))
        #expect(raw(sent) == String(decoding: try mail.composed(), as: UTF8.self))
        #expect(try await kit.google.journal("POST", "/upload/").map(\.query) == [["uploadType": "multipart"]])
    }

    @Test(
        "A connection that breaks after the message was read leaves a doubt, and nothing is repeated",
        arguments: ["cut", "cut after", "garbage"])
    func breaks(kind: String) async throws {
        try await kit.google.order("fail", ["kind": .string(kind), "path": "/messages/send", "times": 5])
        let outcome = await thrown(UncertainOutcome.self) {
            try await kit.sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        }
        #expect(outcome?.error.retryable == false && outcome?.error.message.contains("sent mail") == true)
        #expect(try await kit.askedToSend() == 1)
    }

    @Test("A fault of Google's own leaves a doubt, too", arguments: ["backendError", "unavailable"])
    func faults(reason: String) async throws {
        try await kit.google.order("refuse", ["reason": .string(reason), "path": "/messages/send", "times": 5])
        #expect(
            await thrown(UncertainOutcome.self) { try await kit.sender.send(GmailKit.outgoing(), idempotencyKey: "k") }
                != nil)
        #expect(try await kit.askedToSend() == 1)
    }

    @Test(
        "What Google refuses has certainly not left, and another provider may be asked",
        arguments: [
            ("tooManyRequests", AtlasError.Code.rateLimited), ("userRateLimitExceeded", .rateLimited),
            ("insufficientPermissions", .permissionDenied), ("authError", .unauthenticated),
            ("failedPrecondition", .permissionDenied),
        ])
    func refused(reason: String, code: AtlasError.Code) async throws {
        try await kit.google.order("refuse", ["reason": .string(reason), "path": "/messages/send", "times": 5])
        let error = await thrown(AtlasError.self) {
            try await kit.sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        }
        #expect(error?.code == code)
        if reason == "insufficientPermissions" { #expect(error?.message.contains("auth/gmail.send") == true) }
        #expect(try await kit.askedToSend() == (reason == "authError" ? 2 : 1))
        #expect(try await kit.sent().isEmpty)
    }

    @Test("A message that cannot be is refused for good")
    func rejected() async throws {
        try await kit.google.order(
            "refuse", ["reason": "invalidArgument", "path": "/messages/send", "message": "Invalid To header"])
        let rejection = await thrown(MailRejection.self) {
            try await kit.sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        }
        #expect(
            rejection?.error.code == .invalidArgument && rejection?.error.message.contains("Invalid To header") == true)
        let unwritable = await thrown(MailRejection.self) {
            try await kit.sender.send(GmailKit.outgoing(to: ["nobody"]), idempotencyKey: "k")
        }
        #expect(unwritable?.error.parameter == "to")
        #expect(try await kit.askedToSend() == 1)
    }

    @Test("With no token nothing leaves")
    func noToken() async throws {
        try await kit.google.order("revoke")
        let error = await thrown(AtlasError.self) {
            try await kit.sender.send(GmailKit.outgoing(), idempotencyKey: "k")
        }
        #expect(error?.code == .unauthenticated)
        #expect(try await kit.askedToSend() == 0)
    }
}
