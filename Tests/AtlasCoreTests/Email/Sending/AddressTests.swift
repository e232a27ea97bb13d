import MIME
import Testing

@testable import AtlasCore

struct AddressArgumentTests {
    @Test("Addresses come alone, with names, several by comma, in lists")
    func read() throws {
        let read = try AddressArgument.read(
            ["ann@example.com, Bo Lee <bo@example.org>;cy@example.com", " \"Lee, \\\"D\\\"\" <d@example.com> ,", ""],
            parameter: "to")
        #expect(
            read == [
                MailAddress(address: "ann@example.com"), MailAddress(name: "Bo Lee", address: "bo@example.org"),
                MailAddress(address: "cy@example.com"), MailAddress(name: "Lee, \"D\"", address: "d@example.com"),
            ])
    }

    @Test("Every text that is no address is named")
    func wrong() async {
        let told = await words {
            try AddressArgument.read(["ann@example.com, bo, <cy@>", "d@example.com e@example.com"], parameter: "cc")
        }
        for text in ["\"bo\"", "\"<cy@>\"", "\"d@example.com e@example.com\""] {
            #expect(told.contains(text), "\(told)")
        }
        #expect(told.hasPrefix("cc must be") && !told.contains("\"ann@example.com\""))
    }

    @Test(
        "Nothing of a header can be smuggled in",
        arguments: [
            "ann@example.com\r\nBcc: eve@example.com", "Ann\nBcc: eve@example.com <ann@example.com>",
            "Ann <ann@example.com\u{2028}>", "\"a\nb\" <ann@example.com>", "<ann@example.com> eve@example.com",
            "ann@example.com>", "ann@@example.com", "ann@example.com\u{0}",
        ])
    func injection(_ text: String) async {
        // What is invisible in an address is taken out; what breaks a line is refused.
        let read = try? AddressArgument.read([text], parameter: "to")
        for address in read ?? [] {
            #expect(address == MailAddress(address: "ann@example.com"))
        }
        if text.contains(where: \.isNewline) { #expect(read == nil) }
    }

    @Test("A recipient of several lists is one, To before Cc before Bcc")
    func once() {
        func list(_ texts: String...) -> [MailAddress] { texts.map { MailAddress(address: $0) } }
        let people = Recipients(
            to: list("a@x.org", "A@x.org"), cc: list("b@x.org", "a@X.org"), bcc: list("B@x.org", "c@x.org"))
        #expect(people.all.map(\.address) == ["a@x.org", "b@x.org", "c@x.org"])
        #expect(people.bcc.map(\.address) == ["c@x.org"])
    }
}

struct MailPolicyTests {
    private func check(_ values: [String: String], to: String, cc: String? = nil) async -> String {
        await refusal {
            let policy = try MailPolicy(Configuration(values))
            try policy.check(
                Recipients(
                    to: AddressArgument.read([to], parameter: "to"),
                    cc: AddressArgument.read(cc.map { [$0] } ?? [], parameter: "cc")))
        }
    }

    @Test("Rules name addresses, domains, and the domains below one")
    func rules() async {
        let allowed = ["ATLAS_EMAIL_ALLOWED_RECIPIENTS": "Ann@example.com, @example.org *.example.net"]
        for good in ["ann@EXAMPLE.com", "x@example.org", "x@a.example.net", "x@b.a.example.net"] {
            #expect(await check(allowed, to: good) == "none")
        }
        for bad in ["bo@example.com", "x@a.example.org", "x@example.net", "x@evilexample.org", "x@notexample.net"] {
            #expect(await check(allowed, to: bad) == "permission_denied to")
        }
        #expect(await check(allowed, to: "ann@example.com", cc: "bo@example.com") == "permission_denied cc")
        #expect(
            await check(["ATLAS_EMAIL_BLOCKED_RECIPIENTS": "@example.org"], to: "x@Example.org")
                == "permission_denied to")
    }

    @Test("A rule that nobody understands stops everything", arguments: ["example.com", "@", "*", "a@b@c", ", ,"])
    func nonsense(_ rule: String) async {
        for name in ["ATLAS_EMAIL_ALLOWED_RECIPIENTS", "ATLAS_EMAIL_BLOCKED_RECIPIENTS"] {
            let told = await words { try MailPolicy(Configuration([name: rule])) }
            #expect(told.contains(name))
        }
    }

    @Test("The policy holds for every letter, and the variable is named")
    func letters() async throws {
        let desk = try await MailDesk([
            "ATLAS_EMAIL_MAX_RECIPIENTS": "2", "ATLAS_EMAIL_BLOCKED_RECIPIENTS": "eve@example.com",
            "ATLAS_EMAIL_DAILY_LIMIT": "2",
        ])
        let many = await words { try await desk.send(to: "a@x.org, b@x.org, A@x.org, c@x.org") }
        #expect(many.contains("ATLAS_EMAIL_MAX_RECIPIENTS") && many.contains("not 3"))
        let eve = await words { try await desk.send { $0.bcc = ["Eve@example.com"] } }
        #expect(eve.contains("ATLAS_EMAIL_BLOCKED_RECIPIENTS") && eve.contains("Eve@example.com"))
        #expect(try await desk.rows().isEmpty)
        try await desk.send()
        try await desk.send()
        #expect((await words { try await desk.send() }).contains("ATLAS_EMAIL_DAILY_LIMIT"))
        #expect(desk.sender.sent.value.count == 2)
    }

    @Test("The sender is the default one, or one that the operator allows")
    func senders() async throws {
        let desk = try await MailDesk(["ATLAS_EMAIL_ALLOWED_FROM": "sales@example.com,@example.org"])
        for from in ["shop@example.com", "Sales <sales@example.com>", "x@example.org"] {
            try await desk.send { $0.from = from }
        }
        #expect(
            desk.sender.sent.value.map(\.from.address) == ["shop@example.com", "sales@example.com", "x@example.org"])
        #expect(
            await refusal { try await desk.send { $0.from = "boss@example.com" } } == "permission_denied from_email")
        #expect(await refusal { try await desk.send { $0.from = "a@x.org, b@x.org" } } == "invalid_argument from_email")
        let bare = try await MailDesk([
            "ATLAS_EMAIL_DEFAULT_FROM": nil, "ATLAS_EMAIL_SMTP_USERNAME": "user@example.net",
        ])
        try await bare.send()
        #expect(
            bare.sender.sent.value.map(\.from) == [MailAddress(name: "Bright & Clean", address: "user@example.net")])
        let nobody = try await MailDesk(["ATLAS_EMAIL_DEFAULT_FROM": nil, "ATLAS_EMAIL_SMTP_USERNAME": "user"])
        #expect((await words { try await nobody.send() }).contains("ATLAS_EMAIL_DEFAULT_FROM"))
    }
}

struct LetterArgumentTests {
    @Test("What is missing, too long or more than a line is told by its name")
    func refused() async throws {
        let desk = try await MailDesk()
        func said(_ change: (inout LetterRequest) -> Void) async -> String {
            await refusal { try await desk.send("Hi", change) }
        }
        #expect(await said { $0.subject = " " } == "invalid_argument subject")
        #expect(await said { $0.subject = "a\r\nBcc: eve@example.com" } == "invalid_argument subject")
        #expect(await said { $0.subject = "a\u{2028}b" } == "invalid_argument subject")
        #expect(await said { $0.subject = String(repeating: "é", count: 500) } == "invalid_argument subject")
        #expect(await said { $0.body = " \n" } == "invalid_argument body")
        #expect(await said { $0.body = String(repeating: "a", count: 500_001) } == "invalid_argument body")
        #expect(await said { $0.html = String(repeating: "a", count: 500_001) } == "invalid_argument html")
        #expect(await said { $0.to = [] } == "invalid_argument to")
        #expect(await said { $0.cc = ["nobody"] } == "invalid_argument cc")
        #expect(await said { $0.replyTo = "a\nb@x.org" } == "invalid_argument reply_to")
        #expect(await said { $0.replyToMessageID = "none" } == "not_found reply_to_message_id")
        #expect(
            await refusal { try await desk.send(key: String(repeating: "k", count: 129)) }
                == "invalid_argument idempotency_key")
        #expect(try await desk.rows().isEmpty)
        #expect(desk.sender.sent.value.isEmpty)
    }

    @Test("Emoji and scripts stay as they are, control characters go")
    func text() async throws {
        let desk = try await MailDesk()
        let family = "👩‍👩‍👧 नमस्ते"
        try await desk.send("  \(family)\u{0}\u{1B}[0m\n\tb ") { $0.subject = "\(family)\u{7}" }
        let mail = try #require(desk.sender.sent.value.first)
        #expect(mail.text == "  \(family)[0m\n\tb " && mail.subject == family)
        #expect(try await desk.rows("body") == ["  \(family)[0m\n\tb "])
    }

    @Test("An address that nobody reads is a warning")
    func nobody() async throws {
        let desk = try await MailDesk()
        let sent = try await desk.send(to: "No-Reply@example.com, noreply+x@example.com, ann@example.com")
        #expect(sent.outcome.warnings.count == 2)
    }
}
