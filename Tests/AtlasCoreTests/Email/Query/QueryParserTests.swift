import Foundation
import Testing

@testable import AtlasCore

struct QueryParserTests {
    static let now = Date(timeIntervalSince1970: 1_795_703_492)  // 2026-11-26T14:31:32Z

    private func time(_ zone: String = "America/Chicago") throws -> BusinessTime {
        BusinessTime(zone: try BusinessZone(named: zone))
    }

    private func parse(_ text: String) throws -> MailQuery {
        try MailQuery.parse(text, time: try time(), now: Self.now).tree
    }

    private static func chicago(_ iso: String) -> Date { (try? Date(iso, strategy: .iso8601)) ?? .distantPast }

    @Test("A blank query is all mail", arguments: ["", " ", "\t\r\n", "\u{0}"])
    func blank(text: String) throws {
        #expect(try MailQuery.parse(text, time: try time(), now: Self.now) == ParsedQuery(tree: .all, mailbox: nil))
    }

    @Test(
        "Operators, words and phrases are read as Gmail reads them",
        arguments: [
            ("from:ann", .from("ann")),
            ("FROM:Ann@Example.com", .from("Ann@Example.com")),
            ("to:ann cc:bob", .and([.to("ann"), .cc("bob")])),
            ("subject:\"spring clean\"", .subject("spring clean")),
            ("subject:“spring clean”", .subject("spring clean")),
            ("body:estimate", .body("estimate")),
            ("is:read", .read), ("is:UNREAD", .unread), ("is:starred", .starred), ("is:flagged", .starred),
            ("is:answered", .answered), ("has:attachment", .hasAttachment),
            ("larger:5M", .larger(5 << 20)), ("smaller:10K", .smaller(10_240)), ("larger:2500", .larger(2500)),
            ("larger:1gb", .larger(1 << 30)),
            ("spring", .text("spring")), ("\"from:ann OR x\"", .text("from:ann OR x")),
            ("http://example.com/a?b=c", .text("http://example.com/a?b=c")), ("12:30", .text("12:30")),
            ("at 9:00-11:00", .and([.text("at"), .text("9:00-11:00")])), (":)", nil), ("::", .text("::")),
            ("a-b", .text("a-b")), ("a - b", .and([.text("a"), .text("-"), .text("b")])),
            ("-is:read", .unread), ("-from:ann", .not(.from("ann"))), ("--from:ann", .from("ann")),
            ("-\"spring clean\"", .not(.text("spring clean"))),
            ("a OR b", .or([.text("a"), .text("b")])), ("a or b", .and([.text("a"), .text("or"), .text("b")])),
            ("a | b", .and([.text("a"), .text("|"), .text("b")])),
            ("a AND b", .and([.text("a"), .text("b")])),
            ("a b OR c d", .and([.text("a"), .or([.text("b"), .text("c")]), .text("d")])),
            ("a AND b OR c", .and([.text("a"), .or([.text("b"), .text("c")])])),
            ("(a b) OR c", .or([.and([.text("a"), .text("b")]), .text("c")])),
            ("{a b (c d)}", .or([.text("a"), .text("b"), .and([.text("c"), .text("d")])])),
            ("-(a OR is:read)", .and([.not(.text("a")), .unread])),
            ("-{a b}", .and([.not(.text("a")), .not(.text("b"))])),
            ("-(-a)", .text("a")), ("((((a))))", .text("a")), ("a a", .text("a")),
            ("from:(ann bob)", .and([.from("ann"), .from("bob")])),
            ("from:{ann bob}", .or([.from("ann"), .from("bob")])),
            ("subject:(a OR \"b c\")", .or([.subject("a"), .subject("b c")])),
            ("subject:(a -b)", .and([.subject("a"), .not(.subject("b"))])),
            ("subject:(a (b OR c))", .and([.subject("a"), .or([.subject("b"), .subject("c")])])),
            ("from:ann(b)", .and([.from("ann"), .text("b")])), ("subject:OR", .subject("OR")),
            ("from:-ann", .from("-ann")),
            ("from:\"me\"", .from("me")), ("subject:me", .subject("me")),
            ("größe", .text("größe")), ("a\u{200B}b", .text("ab")),
        ] as [(String, MailQuery?)])
    func reads(text: String, expected: MailQuery?) throws {
        guard let expected else {
            #expect(throws: AtlasError.self) { try parse(text) }
            return
        }
        #expect(try parse(text) == expected)
    }

    @Test(
        "Days are the business's, also where its clocks change",
        arguments: [
            ("after:2026/11/01", .since(chicago("2026-11-01T05:00:00Z"))),
            ("after:2026/11/02", .since(chicago("2026-11-02T06:00:00Z"))),
            ("since:2026-11-01", .since(chicago("2026-11-01T05:00:00Z"))),
            ("before:2026/3/9", .before(chicago("2026-03-09T05:00:00Z"))),
            ("before:2026/3/8", .before(chicago("2026-03-08T06:00:00Z"))),
            ("after:2026-11-24T09:00", .since(chicago("2026-11-24T15:00:00Z"))),
            ("newer_than:2d", .since(now - 2 * 86400)), ("newer_than:5h", .since(now - 18000)),
            ("older_than:1w", .before(now - 7 * 86400)),
            // The same time of the clock, which was another hour from Greenwich.
            ("newer_than:3m", .since(chicago("2026-08-26T13:31:32Z"))),
            ("older_than:1y", .before(chicago("2025-11-26T14:31:32Z"))),
            ("newer_than:9m", .since(chicago("2026-02-26T14:31:32Z"))),
            (
                "newer_than:9999y",
                .since(
                    Date(
                        timeIntervalSince1970: Double(
                            CivilDate(year: 1, month: 1, day: 26).daysSince1970 * 86400 + 51_728)))
            ),
        ] as [(String, MailQuery)])
    func days(text: String, expected: MailQuery) throws { #expect(try parse(text) == expected) }

    @Test("A month back from its 31st ends on the last day of a shorter one")
    func shortMonths() throws {
        let time = BusinessTime(zone: try BusinessZone(named: "UTC"))
        let query = try MailQuery.parse("newer_than:1m", time: time, now: Self.chicago("2026-03-31T10:00:00Z")).tree
        #expect(query == .since(Self.chicago("2026-02-28T10:00:00Z")))
    }

    @Test("A day whose midnight the clocks skip begins with its first moment")
    func skippedMidnight() throws {
        let query = try MailQuery.parse("after:2026/09/06", time: try time("America/Santiago"), now: Self.now).tree
        #expect(query == .since(Self.chicago("2026-09-06T04:00:00Z")))
    }

    @Test(
        "A query may name one mailbox",
        arguments: [
            ("in:sent", .all, "sent"), ("in:\"My Folder\" is:unread", .unread, "My Folder"),
            ("in:anywhere a", .text("a"), "all"),
            ("(in:[Gmail]/Spam a)", .text("a"), "[Gmail]/Spam"),
            ("a OR b in:INBOX", .or([.text("a"), .text("b")]), "INBOX"),
        ] as [(String, MailQuery, String)])
    func mailboxes(text: String, tree: MailQuery, mailbox: String) throws {
        #expect(
            try MailQuery.parse(text, time: try time(), now: Self.now) == ParsedQuery(tree: tree, mailbox: mailbox))
    }

    @Test(
        "A complaint quotes what is wrong, says where, and what to do",
        arguments: [
            (
                "is:unread frm:ann",
                ["\"frm:\" at position 11", "did you mean from:?", "newer_than:", "put it in quotes"]
            ),
            ("label:x", ["\"label:\" at position 1", "Known are from: to:"]),
            ("Über:x", ["\"Über:\" at position 1"]),
            ("👩‍👩‍👧 xyz:1", ["\"xyz:\" at position 3"]),
            ("newer-then:2d", ["did you mean newer-than:?"]),
            ("is:important", ["\"is:important\" at position 1", "is:unread, is:read"]),
            ("has:pdf", ["has:attachment"]),
            ("after:yesterday", ["\"after:yesterday\"", "after:2026/11/24"]),
            ("after:2026/02/30", ["\"after:2026/02/30\"", "after:2026/11/24"]),
            ("after:2026-03-08T02:30", ["does not exist in America/Chicago"]),
            ("before:2026-11-01T01:30", ["occurs twice"]),
            ("newer_than:2x", ["newer_than:2d"]), ("newer_than:0d", ["newer_than:2d"]),
            ("newer_than:d", ["newer_than:2d"]),
            ("older_than:99999d", ["older_than:2d"]), ("newer_than:-2d", ["newer_than:2d"]),
            ("larger:big", ["larger:5M"]), ("smaller:1.5M", ["smaller:5M"]), ("larger:9999999999999", ["larger:5M"]),
            ("larger:5MM", ["larger:5M"]),
            ("from: ann", ["\"from:\" at position 1 has no value", "from:ann@example.com"]),
            ("a subject:", ["has no value"]),
            ("subject:\"\"", ["has no value"]), ("from:)", ["has no value"]),
            ("from:me", ["\"from:me\"", "in:sent"]),
            ("a \"b c", ["the quote \"\"b c\" at position 3 is not closed"]),
            ("subject:\"b c", ["is not closed"]),
            ("(a b", ["\"(\" at position 1 is not closed", "Put )"]), ("a (", ["\"(\" at position 3 is not closed"]),
            ("{a", ["Put }"]), ("a)", ["\")\" at position 2 closes nothing"]), (")", ["closes nothing"]),
            ("(a}", ["\"}\" at position 3 does not close \"(\""]), ("a ()", ["\"()\" at position 3"]),
            ("\"\"", ["nothing"]),
            ("OR a", ["missing before \"OR\" at position 1", "in quotes"]),
            ("a OR", ["missing after \"OR\" at position 3"]),
            ("a OR OR b", ["missing before \"OR\" at position 6"]), ("a AND", ["missing after \"AND\""]),
            ("(a OR)", ["missing before \")\""]), ("-)", ["missing before \")\""]), ("AND", ["\"AND\" at position 1"]),
            ("{a AND b}", ["\"AND\" at position 4 stands in braces"]),
            ("NOT from:ann", ["-from:ann"]),
            ("subject:(from:ann)", ["\"from:\" at position 10 stands in the parentheses of \"subject:\""]),
            ("is:(read unread)", ["takes one value"]), ("in:(Sent Mail)", ["takes one value", "in:\"A Folder\""]),
            ("in:sent in:inbox", ["\"in:inbox\" at position 9", "\"in:sent\" at position 1"]),
            ("-in:spam", ["\"in:spam\" at position 2 cannot stand under -"]), ("a OR in:sent", ["under OR"]),
            ("in:sent OR a", ["under OR"]), ("(a (in:sent b)) OR c", ["under OR"]), ("{a in:sent}", ["under { }"]),
            ("-(a -in:sent)", ["under -"]),
        ])
    func complaints(text: String, words: [String]) throws {
        let error = try #require(throws: AtlasError.self) { try parse(text) }
        #expect(error.code == .invalidArgument)
        #expect(error.parameter == "query")
        for word in words { #expect(error.message.contains(word), "\(error.message)") }
    }

    @Test("Length, terms and depth are limited, and the limits can be reached")
    func limits() throws {
        let longest = "\"" + String(repeating: "é", count: 1998) + "\""
        #expect(try parse(longest) == .text(String(repeating: "é", count: 1998)))
        #expect(throws: AtlasError.self) { try parse(longest + " ") }
        let words = (0..<100).map { "w\($0)" }
        #expect(try parse(words.joined(separator: " ")) == .and(words.map(MailQuery.text)))
        let tooMany = try #require(throws: AtlasError.self) { try parse((words + ["last"]).joined(separator: " ")) }
        #expect(tooMany.message.contains("\"last\""))
        #expect(try parse(String(repeating: "(", count: 16) + "a" + String(repeating: ")", count: 16)) == .text("a"))
        let tooDeep = try #require(throws: AtlasError.self) { try parse(String(repeating: "(", count: 2000)) }
        #expect(tooDeep.message.contains("16 deep"))
        #expect(try parse(String(repeating: "-", count: 1998) + "a") == .text("a"))
    }

    @Test("No text makes the parser trap, and what it reads is within its limits")
    func fuzz() throws {
        let time = try time()
        var random = QueryRandom(state: 20_261_126)
        let pieces = [
            "from:", "to:", "is:unread", "in:", "in:sent", "after:", "2026/11/01", "newer_than:", "2d", "larger:", "5M",
            "(", ")",
            "{", "}", "\"", "“", "”", "-", "OR", "AND", " ", " ", " ", "a", "ünder", ":", "//", "\u{0}", "\r\n",
            "e\u{301}", "👩‍👩‍👧",
            "\u{200B}", "NOT", "9999", "99999999999999999999", "-2d", "has:attachment", "_", "\u{202E}", "\"\u{301}",
        ]
        let end = Date() + QueryRandom.seconds
        var parsed = 0
        while Date() < end {
            for _ in 0..<200 {
                let text = (0..<Int(random.next() % 40)).map { _ in random.pick(pieces) }.joined()
                do {
                    let query = try MailQuery.parse(text, time: time, now: Self.now)
                    parsed += 1
                    #expect(query.tree.normalized == query.tree)
                    _ = IMAPSearch(query.tree)
                    _ = try? GmailQuery(query.tree)
                } catch {
                    #expect(error.code == .invalidArgument && error.parameter == "query")
                    #expect(error.message.unicodeScalars.count < 700, "\(error.message)")
                }
            }
        }
        #expect(parsed > 0)
    }
}
