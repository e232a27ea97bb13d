import Foundation
import Testing

@testable import AtlasCore

struct GmailQueryTests {
    @Test(
        "A query is written as Gmail reads it",
        arguments: [
            (.all, ""), (.none, "is:read is:unread"),
            (.from("ann@example.com"), "from:ann@example.com"), (.subject("spring clean"), "subject:\"spring clean\""),
            (.and([.to("ann"), .cc("bob"), .not(.body("x"))]), "(to:ann cc:bob -x)"),
            (.or([.text("a b"), .and([.unread, .starred])]), "{\"a b\" (is:unread is:starred)}"),
            (.not(.or([.hasAttachment, .read])), "(-has:attachment is:unread)"),
            (.and([.larger(5 << 20), .smaller(1000)]), "(larger:5242880 smaller:1000)"),
            (.since(Date(timeIntervalSince1970: 1_793_509_200)), "after:1793509199"),
            (.not(.since(Date(timeIntervalSince1970: 1_793_509_200.5))), "before:1793509201"),
            (.since(.distantPast), ""), (.before(.distantPast), "is:read is:unread"),
            (.or([.before(.distantPast), .read]), "is:read"),
            (.and([.before(.distantPast), .read]), "is:read is:unread"),
            (.or([.larger(0), .read]), ""), (.not(.smaller(0)), ""),
            // No text can become an operator.
            (.text("OR"), "\"OR\""), (.text("-x"), "\"-x\""), (.text("from:ann"), "\"from:ann\""),
            (.text("a)"), "\"a)\""),
            (.text("a\" OR in:anywhere \""), "\"a OR in:anywhere\""), (.from("a” {b"), "from:\"a {b\""),
            (.text("a\r\nb\0c"), "\"a b c\""), (.text("größe"), "größe"), (.text("+1"), "\"+1\""), (.text("\"-\""), ""),
            (.not(.text("\"")), ""), (.and([.text("..."), .read]), "is:read"),
        ] as [(MailQuery, String)])
    func writes(query: MailQuery, expected: String) throws {
        #expect(try GmailQuery(query).text == expected)
    }

    @Test(
        "What Gmail cannot look for is said",
        arguments: [.answered, .not(.answered), .or([.read, .answered])] as [MailQuery])
    func answered(query: MailQuery) throws {
        let error = try #require(throws: AtlasError.self) { try GmailQuery(query) }
        #expect(error.code == .invalidArgument && error.parameter == "query")
        #expect(error.message.contains("is:answered"))
    }

    @Test("What is written, read again by our own parser, finds the same")
    func property() throws {
        let time = BusinessTime(zone: .utc)
        var random = QueryRandom(state: 99)
        var compared = 0
        for _ in 0..<3000 {
            let query = MailQuery.random(&random, depth: 3)
            guard let text = try? GmailQuery(query).text, !text.contains("before:"), !text.contains("after:") else {
                continue
            }
            let again = try MailQuery.parse(text, time: time).tree
            for _ in 0..<8 {
                var message = QueryMessage(random: &random)
                // Its words know no quotes, and no text is looked for in the body alone.
                message.body.replace("\"", with: " ")
                (message.from, message.to, message.cc, message.subject) = ("", "", "", "")
                message.size = max(1, message.size)
                #expect(again.finds(message) == query.withoutQuotes.finds(message), "\(query) \(text)")
                compared += 1
            }
        }
        #expect(compared > 3000)
    }
}

extension MailQuery {
    fileprivate var withoutQuotes: MailQuery {
        switch self {
        case .from(let text): .from(text.replacing("\"", with: " "))
        case .to(let text): .to(text.replacing("\"", with: " "))
        case .cc(let text): .cc(text.replacing("\"", with: " "))
        case .subject(let text): .subject(text.replacing("\"", with: " "))
        case .body(let text): .body(text.replacing("\"", with: " "))
        case .text(let text): .text(text.replacing("\"", with: " "))
        case .not(let query): .not(query.withoutQuotes)
        case .and(let queries): .and(queries.map(\.withoutQuotes))
        case .or(let queries): .or(queries.map(\.withoutQuotes))
        default: self
        }
    }
}
