import Testing

@testable import AtlasCore

@Suite("Replies of an SMTP server")
struct SMTPReplyTests {
    private func replies(_ pieces: [String]) throws -> [SMTPReply] {
        var parser = SMTPReplyParser()
        var found: [SMTPReply] = []
        for piece in pieces {
            parser.append(Array(piece.utf8))
            while let reply = try parser.next() { found.append(reply) }
        }
        return found
    }

    @Test("Replies are the same in whatever pieces they come")
    func pieces() throws {
        let text = "250-localhost\r\n250-SIZE 1000\r\n250 PIPELINING\r\n550 5.1.1 No\n250\r\n"
        let expected = [
            SMTPReply(code: 250, lines: ["localhost", "SIZE 1000", "PIPELINING"]),
            SMTPReply(code: 550, lines: ["5.1.1 No"]),
            SMTPReply(code: 250, lines: [""]),
        ]
        #expect(try replies([text]) == expected)
        #expect(try replies(text.unicodeScalars.map { String($0) }) == expected)
    }

    @Test(
        "What is no reply is nonsense",
        arguments: [
            "\r\n", "25\r\n", "hello\r\n", "099 x\r\n", "199 x\r\n", "600 x\r\n", "250x\r\n", "250-a\r\n251 b\r\n",
            "2５0 x\r\n", "-50 x\r\n",
            String(repeating: "2", count: 5000), "250 " + String(repeating: "x", count: 5000) + "\r\n",
            String(repeating: "250-x\r\n", count: 200),
        ])
    func nonsense(text: String) {
        #expect(throws: SMTPReplyParser.Nonsense.self) { try replies([text]) }
    }

    @Test("Random octets are replies or nonsense, and nothing else")
    func fuzz() {
        var state: UInt64 = 7
        let alphabet = Array("250-354 45\r\n\r\n5.1.1x".utf8) + [0, 0xFF]
        for _ in 0..<20_000 {
            var parser = SMTPReplyParser()
            do {
                for _ in 0..<8 {
                    parser.append(
                        (0..<12)
                            .map { _ in
                                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                                return alphabet[Int(state >> 33) % alphabet.count]
                            })
                    while let reply = try parser.next() {
                        #expect((200..<600).contains(reply.code))
                        _ = (reply.words, reply.status, reply.queueID, SMTPCapabilities(reply))
                    }
                }
            } catch { #expect(error is SMTPReplyParser.Nonsense) }
        }
    }

    @Test(
        "A status counts only where it is one",
        arguments: [
            (550, "5.1.1 No", "5.1.1"), (550, "4.1.1 No", nil), (550, "No", nil), (550, "5.1 No", nil),
            (550, "5.1.1111 No", nil),
            (250, "2.0.0", "2.0.0"), (550, "5..1 x", nil), (550, "", nil), (550, "5.1.1x No", nil),
        ] as [(Int, String, String?)])
    func statuses(code: Int, text: String, status: String?) {
        #expect(SMTPReply(code: code, lines: [text]).status == status)
    }

    @Test(
        "The server's name for a message is found in what servers say",
        arguments: [
            ("2.0.0 Ok: queued as 4F9D195432", "4F9D195432"), ("OK id=1tABCD-0004Xy-2K", "1tABCD-0004Xy-2K"),
            ("2.0.0 Queued as 000001", "000001"),
            ("2.0.0 OK  1700000000 a1-20020a05.27 - gsmtp", nil), ("as as as", nil), ("queued as", nil),
            ("id=\u{202E}x", nil),
            ("queued as a\u{0}b", "a"),
        ] as [(String, String?)])
    func queueIDs(text: String, id: String?) {
        #expect(SMTPReply(code: 250, lines: [text]).queueID == id)
    }

    @Test("A server's words are cleaned and short")
    func words() {
        let reply = SMTPReply(code: 550, lines: ["5.1.1 \u{1B}[31mred\u{202E}", String(repeating: "x", count: 1000)])
        #expect(reply.words.hasPrefix("550 5.1.1 [31mred xxx"))
        #expect(reply.words.unicodeScalars.count == 304)
    }

    @Test("Capabilities are read in any case, limits only where they are some")
    func capabilities() {
        let full = SMTPCapabilities(SMTPReply(code: 250, lines: ["PIPELINING", "pipelining", "Size 1000"]))
        #expect(full.hasPipelining && full.knowsSize && full.sizeLimit == 1000)
        for line in ["SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999"] {
            let some = SMTPCapabilities(SMTPReply(code: 250, lines: ["x", line]))
            #expect(some.knowsSize && some.sizeLimit == nil && !some.hasPipelining)
        }
    }

    @Test("Dots are stuffed wherever a piece of the message ends")
    func stuffing() {
        let message = Array(".a\r\n..b\r\nc.\r\n.\r\n".utf8)
        for size in 1...message.count {
            var stuffing = DotStuffing()
            let sent = stride(from: 0, to: message.count, by: size)
                .flatMap { stuffing.transmitted(message[$0..<min($0 + size, message.count)]) }
            #expect(String(decoding: sent, as: UTF8.self) == "..a\r\n...b\r\nc.\r\n..\r\n")
        }
    }
}
