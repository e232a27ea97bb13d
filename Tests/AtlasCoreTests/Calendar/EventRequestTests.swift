import Foundation
import Testing

@testable import AtlasCore

@Suite("An event as a caller asks for it")
struct EventRequestTests {
    private let time: BusinessTime

    init() throws { time = BusinessTime(zone: try BusinessZone(named: "America/Chicago")) }

    private func span(_ start: String, _ end: String, allDay: Bool = false) throws -> EventSpan {
        var request = EventRequest(summary: "Visit", start: start, end: end)
        request.allDay = allDay
        return try request.draft(in: time).span
    }

    private func moments(_ start: String, _ end: String) throws -> EventSpan {
        .moments(try time.read(start, parameter: "start").start..<time.read(end, parameter: "end").start)
    }

    private func days(_ first: Int, _ end: Int) -> EventSpan {
        .days(CivilDate(year: 2026, month: 11, day: first)..<CivilDate(year: 2026, month: 11, day: end))
    }

    @Test("Two times make an event between them, in the business's zone unless they say otherwise")
    func timesMakeAnEventBetweenThem() throws {
        #expect(
            try span("2026-11-24T09:00", "2026-11-24T10:00")
                == moments("2026-11-24T15:00:00Z", "2026-11-24T16:00:00Z"))
    }

    @Test("Two bare dates make whole days, the last one included")
    func bareDatesMakeWholeDays() throws {
        #expect(try span("2026-11-24", "2026-11-24") == days(24, 25))
        #expect(try span("2026-11-24", "2026-11-26") == days(24, 27))
    }

    @Test(
        "all_day takes the days of times; a midnight after them ends the day before",
        arguments: [
            ("2026-11-24T09:00", "2026-11-24T17:00", 25), ("2026-11-24T00:00", "2026-11-25T00:00", 25),
            ("2026-11-24", "2026-11-26T00:00", 26), ("2026-11-24T00:00", "2026-11-25", 26),
            ("2026-11-24T00:00", "2026-11-24T00:00", 25),
        ])
    func allDayTakesTheDays(start: String, end: String, last: Int) throws {
        #expect(try span(start, end, allDay: true) == days(24, last))
    }

    @Test("A date as an end is that whole day")
    func aDateAsAnEndIsThatWholeDay() throws {
        #expect(
            try span("2026-11-24T09:00", "2026-11-24") == moments("2026-11-24T09:00", "2026-11-25T00:00"))
    }

    @Test(
        "An end that is not after the start is refused",
        arguments: [
            ("2026-11-24T09:00", "2026-11-24T09:00"), ("2026-11-24T09:00", "2026-11-24T08:00"),
            ("2026-11-24", "2026-11-23"), ("2026-11-24T09:00", "2026-11-23"),
        ])
    func anEndBeforeTheStartIsRefused(start: String, end: String) throws {
        for allDay in [false, true] where !(allDay && start == end) {
            let error = #expect(throws: AtlasError.self) { try span(start, end, allDay: allDay) }
            #expect(error?.code == .invalidArgument && error?.parameter == "end")
        }
    }

    @Test("Attendees are e-mail addresses, each once")
    func attendeesAreAddresses() throws {
        var request = EventRequest(summary: "Visit", start: "2026-11-24", end: "2026-11-24")
        request.attendees = ["Ann@Example.com", "ann@example.com", "bo@example.com"]
        #expect(try request.draft(in: time).attendees == ["ann@example.com", "bo@example.com"])
        request.attendees = ["ann"]
        let error = #expect(throws: AtlasError.self) { try request.draft(in: time) }
        #expect(error?.parameter == "attendees")
    }

    @Test("Texts are cleaned of what nobody sees, and a blank summary is refused")
    func textsAreCleaned() throws {
        var request = EventRequest(summary: " Vis\u{202E}it\n", start: "2026-11-24", end: "2026-11-24")
        request.description = "one\r\ntwo\u{200B}"
        let draft = try request.draft(in: time)
        #expect(draft.summary == "Visit" && draft.description == "one\ntwo")
        request.summary = " \u{200B}"
        let error = #expect(throws: AtlasError.self) { try request.draft(in: time) }
        #expect(error?.parameter == "summary")
    }

    @Test("Two drafts never share a UID")
    func draftsHaveUIDsOfTheirOwn() throws {
        let request = EventRequest(summary: "Visit", start: "2026-11-24", end: "2026-11-24")
        #expect(try request.draft(in: time).uid != request.draft(in: time).uid)
    }
}

@Suite("A change of an event")
struct EventChangeTests {
    private let time: BusinessTime

    init() throws { time = BusinessTime(zone: try BusinessZone(named: "America/Chicago")) }

    private func moment(_ text: String) throws -> Date { try time.read(text, parameter: "start").start }

    private func change(_ fill: (inout EventChangeRequest) -> Void) throws -> EventChange {
        var request = EventChangeRequest()
        fill(&request)
        return try request.change(in: time)
    }

    @Test("A start without an end keeps the length")
    func aStartKeepsTheLength() throws {
        let old = EventSpan.moments(try moment("2026-11-24T09:00")..<moment("2026-11-24T10:30"))
        let change = try change { $0.start = "2026-11-25T14:00" }
        #expect(
            try change.span(insteadOf: old)
                == .moments(moment("2026-11-25T14:00")..<moment("2026-11-25T15:30")))
    }

    @Test("An end alone moves the end; one before the start is refused")
    func anEndAloneMovesTheEnd() throws {
        let old = EventSpan.moments(try moment("2026-11-24T09:00")..<moment("2026-11-24T10:30"))
        let later = try change { $0.end = "2026-11-24T12:00" }
        #expect(try later.span(insteadOf: old) == .moments(moment("2026-11-24T09:00")..<moment("2026-11-24T12:00")))
        let earlier = try change { $0.end = "2026-11-24T08:00" }
        let error = #expect(throws: AtlasError.self) { try earlier.span(insteadOf: old) }
        #expect(error?.parameter == "end")
    }

    @Test("Days move as days, and days do not mix with times unless both ends say so")
    func daysMoveAsDays() throws {
        let first = CivilDate(year: 2026, month: 11, day: 24)
        let days = EventSpan.days(first..<CivilDate(year: 2026, month: 11, day: 26))
        let moved = try change { $0.start = "2026-12-01" }
        #expect(
            try moved.span(insteadOf: days)
                == .days(CivilDate(year: 2026, month: 12, day: 1)..<CivilDate(year: 2026, month: 12, day: 3)))
        let mixed = try change { $0.start = "2026-12-01T09:00" }
        #expect(throws: AtlasError.self) { try mixed.span(insteadOf: days) }
        let turned = try change {
            $0.start = "2026-12-01T09:00"
            $0.end = "2026-12-01T10:00"
        }
        #expect(
            try turned.span(insteadOf: days) == .moments(moment("2026-12-01T09:00")..<moment("2026-12-01T10:00")))
    }

    @Test("What is cleared becomes blank; nothing at all to change is refused")
    func clearing() throws {
        #expect(try change { $0.clear = [.location] } == EventChange(location: ""))
        #expect(throws: AtlasError.self) {
            try change {
                $0.clear = [.location]
                $0.location = "Here"
            }
        }
        let error = #expect(throws: AtlasError.self) { try change { $0.summary = "  " } }
        #expect(error?.code == .invalidArgument)
    }
}

@Suite("What is left of a span of time")
struct RemainingTimeTests {
    private func span(_ from: Double, _ to: Double) -> Range<Date> {
        Date(timeIntervalSince1970: from)..<Date(timeIntervalSince1970: to)
    }

    @Test("Busy spans may overlap, nest, touch, stick out and come in any order")
    func busySpansOfEveryKind() {
        let busy = [span(50, 60), span(-5, 10), span(20, 40), span(25, 30), span(35, 45), span(60, 65), span(95, 200)]
        #expect(span(0, 100).without(busy) == [span(10, 20), span(45, 50), span(65, 95)])
        #expect(span(0, 100).without([]) == [span(0, 100)])
        #expect(span(0, 100).without([span(0, 100)]).isEmpty)
    }
}
