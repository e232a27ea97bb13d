import Testing

@testable import MIME

@Suite("An address that is written")
struct AddressCompositionTests {
    @Test(
        "Nothing that could end a header, a bracket or a command is an address",
        arguments: [
            "", "nobody", "@example.com", "a@", "a b@example.com", "a@b c", "a@example.com\r\nBcc: x@y.z",
            "a\r\n@example.com", "a@b\n",
            "a\u{0}@example.com", "a@exa\u{0}mple.com", "<a@example.com>", "a>@example.com", "a@example.com> SIZE=1",
            "a@example.com>",
            "\"a>b\"@example.com", "\"a\r\nb\"@example.com", "\"a\"b\"@example.com", "\"a\\\"@example.com",
            "a,b@example.com", "a..b@example.com",
            ".a@example.com", "a.@example.com", "a@-example.com", "a@example-.com", "a@example..com", "a@.com",
            "a@example.com.", "a@b@c d",
            "a@[127.0.0.1", "a@[x y]", "müller@example.com", "a@exa_mple.com", "a@e\u{301}.com", "a@１２.com",
            "a@ex\u{200B}ample.com",
            "a@\u{202E}moc.example", "a@ex。com", "a@💩.la", String(repeating: "a", count: 65) + "@example.com",
            "a@" + String(repeating: "b", count: 64) + ".com", "a@" + String(repeating: "b.", count: 126) + "c",
        ])
    func refused(address: String) {
        var mail = letter()
        mail.cc = [MailAddress(address: address)]
        let error = #expect(throws: CompositionError.self) { try mail.composed() }
        #expect(error?.part == .cc)
        #expect(error?.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } == true)
        mail.cc = []
        mail.from.address = address
        #expect(throws: CompositionError.self) { try mail.composed() }
    }

    @Test(
        "Whatever a mail server can deliver to is an address",
        arguments: [
            ("a@example.com", "a@example.com"), ("First.Last+tag@Example.COM", "First.Last+tag@Example.COM"),
            ("o'neil@x.ie", "o'neil@x.ie"),
            ("\"a b\"@example.com", "\"a b\"@example.com"), ("\"a\\\"@\"@example.com", "\"a\\\"@\"@example.com"),
            ("root@localhost", "root@localhost"),
            ("a@[192.0.2.1]", "a@[192.0.2.1]"), ("a@[IPv6:2001:db8::1]", "a@[IPv6:2001:db8::1]"),
            ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
            ("a@straße.de", "a@xn--strae-oqa.de"), ("a@例え.テスト", "a@xn--r8jz45g.xn--zckzah"),
            ("a@пример.испытание", "a@xn--e1afmkfd.xn--80akhbyknj4f"),
            ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
            ("a@उदाहरण.परीक्षा", "a@xn--p1b6ci4b4b3a.xn--11b5bs3a9aj6g"),
        ])
    func accepted(address: String, transmitted: String) throws {
        #expect(try MailAddress(address: address).transmitted(as: .to) == transmitted)
    }

    /// RFC 3492, 7.1 (A, B, E, I, P, S), and two of the IDNA test names.
    @Test(
        "Punycode is that of the standard",
        arguments: [
            ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"), ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
            ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
            ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
            ("Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b"), ("-> $1.00 <-", "-> $1.00 <--"),
            ("bücher", "bcher-kva"), ("münchen", "mnchen-3ya"),
        ])
    func punycode(text: String, encoded: String) {
        #expect(Punycode.encode(Array(text.unicodeScalars)) == encoded)
    }

    @Test(
        "Nothing in a name or a subject becomes a header",
        arguments: ["\r\n", "\n", "\r", "\u{0}\r\n", "\r\n\r\n", "\u{2028}", "\u{85}", "\u{B}", "\u{C}"])
    func injection(lineBreak: String) throws {
        let evil = "Hi\(lineBreak)Bcc: evil@example.com\(lineBreak)\(lineBreak)<script>"
        var mail = letter(subject: evil)
        mail.from.name = evil
        mail.to = [MailAddress(name: evil, address: "paul@example.org")]
        mail.replyTo = mail.to
        mail.attachments = [.init(filename: evil, contentType: evil, octets: [])]
        mail.inReplyTo = evil
        mail.references = [evil, "a@b\(lineBreak)Bcc:c@d"]
        let octets = try mail.composed()
        let read = try #require(try PythonMail.reading([octets]).first)
        #expect(
            read.texts("fields") == [
                "Date", "From", "Reply-To", "To", "Subject", "Message-ID", "MIME-Version", "Content-Type",
            ])
        #expect(!headerLines(octets).contains { $0.lowercased().hasPrefix("bcc") })
        #expect(read.text("subject").hasPrefix("Hi"))
        mail.messageID = "1@example.com\(lineBreak)Bcc: evil@example.com"
        let error = #expect(throws: CompositionError.self) { try mail.composed() }
        #expect(error?.part == .messageID)
    }
}
