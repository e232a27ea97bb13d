import Foundation
import JSON
import Testing

@testable import AtlasCore

struct ICalendarWritingTests {
    private let now = CalendarText.date("20260601T120000Z")

    private func draft(_ span: EventSpan, recurrence: String? = nil) -> EventDraft {
        EventDraft(
            uid: "one@atlas", summary: "Große Reinigung; Küche, Bad \\ Flur 🧽 " + String(repeating: "ü", count: 90),
            span: span,
            location: "12 Elm St, Springfield", description: "Line one\nline two\r\nBEGIN:VALARM\u{0}",
            attendees: ["ana@example.com", "pat@example.com\r\nX-EVIL:1"], recurrence: recurrence)
    }

    private func hours(_ from: String, _ to: String) -> EventSpan {
        .moments(CalendarText.date(from)..<CalendarText.date(to))
    }

    @Test("What we write, icalendar reads, and recurring-ical-events finds the same occurrences")
    func readByOthers() async throws {
        var objects: [(ICalendarObject, BusinessZone)] = []
        for name in ["America/Chicago", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"] {
            let zone = CalendarText.zone(name)
            for rule in [
                nil, "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=40", "FREQ=DAILY;UNTIL=20261231", "FREQ=MONTHLY;BYDAY=1TH",
                "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270101T000000Z", "FREQ=YEARLY",
            ] {
                // 5 March 2026 is a Thursday in each of them.
                let timed = try ICalendarObject(
                    draft(hours("20260305T090000Z", "20260305T103000Z"), recurrence: rule), zone: zone, now: now)
                let days = draft(.days(CalendarText.day("20260305")..<CalendarText.day("20260307")), recurrence: rule)
                objects += [(timed, zone), (try ICalendarObject(days, zone: zone, now: now), zone)]
            }
        }
        // Also after changes: an occurrence moved, one removed, the series an hour later.
        for index in objects.indices {
            let zone = objects[index].1
            let range = CalendarText.range("20260301T000000Z", "20270301T000000Z")
            let found = try objects[index].0.occurrences(in: range, zone: zone, limit: 20)
            guard found.count > 4, index % 2 == 0, let moved = found[2].id, let removed = found[3].id else { continue }
            var object = objects[index].0
            let start = found[2].start.addingTimeInterval(90_000)
            try object.change(EventChange(start: .moment(start)), of: moved, zone: zone, now: now)
            _ = try object.remove(removed, zone: zone, now: now)
            objects.append((object, zone))
            try object.change(
                EventChange(start: .moment(found[0].start.addingTimeInterval(3600))), of: nil, zone: zone, now: now)
            objects.append((object, zone))
        }
        let range = CalendarText.range("20260301T000000Z", "20280101T000000Z")
        let lines = objects.map { object, zone in
            JSON.object([
                "text": .string(object.text), "start": .integer(range.lowerBound.wholeSeconds),
                "end": .integer(range.upperBound.wholeSeconds), "zone": .string(zone.name),
            ]).description
        }
        let read = try await PythonProgram.run("read_calendars.py", input: lines.joined(separator: "\n") + "\n")
        #expect(read.count == objects.count)
        for (record, (object, zone)) in zip(read, objects) {
            let asked = draft(hours("20260305T090000Z", "20260305T103000Z"))
            #expect(record["uid"]?.text == "one@atlas")
            #expect(record["summary"]?.text == asked.summary)
            #expect(record["description"]?.text == "Line one\nline two\nBEGIN:VALARM")
            #expect(record["location"]?.text == asked.location)
            #expect(record["attendees"]?.items?.compactMap(\.text) == ["mailto:ana@example.com"])
            #expect(record["errors"]?.items?.isEmpty == true)
            #expect((record["longest"]?.integer ?? 0) <= 75)
            let ours = try object.occurrences(in: range, zone: zone, limit: 5000).map {
                [$0.start.wholeSeconds, $0.end.wholeSeconds]
            }
            let theirs = (record["occurrences"]?.items ?? []).map { [$0[0]?.integer ?? 0, $0[1]?.integer ?? 0] }
            #expect(ours == theirs, "\(zone.name)\n\(object.text)")
        }
    }

    @Test("A zone without a name is UTC for one event, and its own for a series")
    func namelessZone() throws {
        let chicago = CalendarText.chicago
        let local = BusinessZone(
            name: "local", transitions: [], periods: [], rule: chicago.rule,
            first: .init(offset: -21_600, abbreviation: "CST"))
        let span = hours("20260301T150000Z", "20260301T160000Z")
        let single = try ICalendarObject(draft(span), zone: local, now: now)
        #expect(single.text.contains("DTSTART:20260301T150000Z\r\n"))
        #expect(!single.text.contains("VTIMEZONE"))
        let series = try ICalendarObject(draft(span, recurrence: "FREQ=WEEKLY;COUNT=3"), zone: local, now: now)
        #expect(series.text.contains("DTSTART;TZID=local:20260301T090000\r\n"))
        #expect(
            try series.starts("20260301T000000Z", "20260401T000000Z", zone: .utc)
                == ["20260301T150000Z", "20260308T140000Z", "20260315T140000Z"])
    }

    @Test("The second of two equal times on the wall is kept")
    func secondTime() throws {
        let object = try ICalendarObject(
            draft(hours("20261101T073000Z", "20261101T080000Z")), zone: CalendarText.chicago, now: now)
        #expect(try object.starts("20261101T000000Z", "20261102T000000Z") == ["20261101T073000Z"])
    }

    @Test("A new event reads back as the draft it was made of")
    func roundTrip() throws {
        let object = try ICalendarObject(
            draft(hours("20260301T150000Z", "20260301T160000Z"), recurrence: "FREQ=WEEKLY;COUNT=3"),
            zone: CalendarText.chicago, now: now)
        let series = try ICalendarObject(parsing: object.octets).series(zone: .utc)
        #expect(series.recurrence == "FREQ=WEEKLY;COUNT=3")
        #expect(series.description == "Line one\nline two\nBEGIN:VALARM")
        #expect(series.attendees == ["ana@example.com"])
        #expect(series.start == CalendarText.date("20260301T150000Z"))
        #expect(object.calendar.components.filter { $0.name == "VALARM" }.isEmpty)
    }
}
