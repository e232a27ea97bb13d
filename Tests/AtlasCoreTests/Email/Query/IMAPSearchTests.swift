import Foundation
import Testing

@testable import AtlasCore

struct IMAPSearchTests {
    /// The search as it would be on the wire, with texts in brackets.
    private func written(_ pieces: [IMAPSearch.Piece]) -> String {
        pieces.map { piece in
            switch piece {
            case .atom(let word): word
            case .string(let text): "<\(text)>"
            case .list(let inner): "(\(written(inner)))"
            }
        }.joined(separator: " ")
    }

    @Test(
        "What the server can decide it decides",
        arguments: [
            (.all, "ALL"), (.none, "NOT ALL"),
            (.and([.from("ann"), .unread]), "FROM <ann> UNSEEN"),
            (
                .or([.from("ann"), .and([.to("bob"), .starred]), .text("x")]),
                "OR OR FROM <ann> (TO <bob> FLAGGED) TEXT <x>"
            ),
            (.not(.or([.subject("a"), .read])), "NOT SUBJECT <a> UNSEEN"),
            (.not(.and([.body("a"), .cc("b")])), "OR NOT BODY <a> NOT CC <b>"),
            (.and([.larger(5), .smaller(10)]), "LARGER 5 SMALLER 10"),
            (.larger(1 << 32), "NOT ALL"), (.smaller(1 << 32), "ALL"), (.not(.larger(1 << 32)), "ALL"),
            (.larger(Int(UInt32.max) - 1), "LARGER 4294967294"), (.smaller(0), "NOT ALL"), (.not(.smaller(0)), "ALL"),
            (.text("a\r\nb\0c"), "TEXT <a  b c>"),
        ] as [(MailQuery, String)])
    func exact(query: MailQuery, expected: String) {
        let search = IMAPSearch(query)
        #expect(written(search.criteria) == expected)
        #expect(search.residual == .always && search.parts.isEmpty && search.certain == nil)
    }

    @Test("What it cannot decide is left over, and further searches are made only where OR needs them")
    func residuals() {
        let simple = IMAPSearch(.and([.from("ann"), .hasAttachment]))
        #expect(written(simple.criteria) == "FROM <ann>")
        #expect(simple.residual == .hasAttachment(true) && simple.parts.isEmpty && simple.certain == nil)

        let mixed = IMAPSearch(.and([.unread, .or([.from("ann"), .subject("x"), .not(.hasAttachment)])]))
        #expect(written(mixed.criteria) == "UNSEEN")
        #expect(mixed.parts.map(written) == ["OR FROM <ann> SUBJECT <x>"])
        #expect(mixed.residual == .or([.hasAttachment(false), .matches(0)]))
        #expect(mixed.certain.map(written) == "UNSEEN OR FROM <ann> SUBJECT <x>")
        #expect(mixed.residual.needsAttachments)

        // 1 November 2026, 00:00 in Chicago.
        let day = Date(timeIntervalSince1970: 1_793_509_200)
        let dated = IMAPSearch(.and([.since(day), .before(day + 90_000)]))
        #expect(written(dated.criteria) == "SINCE 31-Oct-2026 BEFORE 4-Nov-2026")
        #expect(dated.certain.map(written) == "SINCE 3-Nov-2026 BEFORE 1-Nov-2026")
        #expect(dated.residual == .and([.since(day), .before(day + 90_000)]))
        #expect(!dated.residual.needsAttachments)
    }

    @Test("Days that no server can read are not sent to one")
    func extremeDays() {
        for moment in [-.infinity, .infinity, .nan, -1e300, 1e300, 0] as [Double] {
            for query in [
                MailQuery.since(Date(timeIntervalSince1970: moment)), .before(Date(timeIntervalSince1970: moment)),
            ] {
                let text = written(IMAPSearch(query).criteria)
                #expect(text == "ALL" || text == "NOT ALL", "\(text)")
            }
        }
    }

    @Test("Texts that are not ASCII are told, wherever they stand")
    func charset() {
        #expect(!IMAPSearch(.text("ann")).needsUTF8)
        #expect(IMAPSearch(.or([.text("ann"), .and([.read, .text("ü")])])).needsUTF8)
        #expect(IMAPSearch(.or([.hasAttachment, .text("ü")])).needsUTF8)
    }

    @Test("Criteria and residual together are the query, whatever zone the server's days are in")
    func property() throws {
        var random = QueryRandom(state: 4_711)
        var found = 0
        var withParts = 0
        var certain = 0
        for _ in 0..<4000 {
            let query = MailQuery.random(&random)
            let search = IMAPSearch(query)
            if !search.parts.isEmpty { withParts += 1 }
            for _ in 0..<8 {
                let message = QueryMessage(random: &random)
                let expected = query.finds(message)
                let offset = random.pick([0, -43_200, 50_400, -18_000, 20_700, 86_400, -86_400])
                let answer = try search.finds(SearchServer(message: message, offset: offset))
                #expect(answer.answer == expected, "\(query) \(message)")
                #expect(answer.criteria || !expected, "\(query) \(message)")
                #expect(expected || !answer.certain, "\(query) \(message)")
                #expect(query.normalized.finds(message) == expected)
                if expected { found += 1 }
                if answer.certain { certain += 1 }
            }
        }
        // The test is one: of each kind there were many.
        #expect((8000...24_000).contains(found) && withParts > 100 && certain > 300, "\(found) \(withParts) \(certain)")
    }

    @Test("A day of the business is met to the second, in summer, in winter and when the clocks change")
    func edgesOfDays() throws {
        for zone in ["America/Chicago", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"] {
            let time = BusinessTime(zone: try BusinessZone(named: zone))
            for day in ["2026/03/08", "2026/11/01", "2026/03/29", "2026/10/25", "2026/07/01", "2026/12/31"] {
                let query = try MailQuery.parse("after:\(day) -after:2027/01/02", time: time, now: Date()).tree
                let search = IMAPSearch(query)
                let start = try time.read(day.replacing("/", with: "-"), parameter: "day").start
                for (seconds, isFound) in [
                    (-3601.0, false), (-1, false), (-0.5, false), (0, true), (1, true), (3600, true),
                ] {
                    var message = QueryMessage()
                    message.arrival = start + seconds
                    for offset in stride(from: -43_200, through: 50_400, by: 3600) {
                        let answer = try search.finds(SearchServer(message: message, offset: offset))
                        #expect(answer.answer == isFound, "\(zone) \(day) \(seconds) \(offset)")
                    }
                }
            }
        }
    }

    @Test("Many alternatives nest only as deep as halving makes them")
    func manyAlternatives() throws {
        let search = IMAPSearch(.or((0..<100).map { .text("w\($0)") }))
        #expect(search.criteria.filter { $0 == .atom("OR") }.count == 99)
        #expect(search.criteria.prefix { $0 == .atom("OR") }.count == 7)
    }
}
