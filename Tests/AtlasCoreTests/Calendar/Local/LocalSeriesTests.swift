import Foundation
import TestSupport
import Testing

@testable import AtlasCore

struct LocalSeriesTests {
    @Test("A weekly visit stays at nine on the wall clock when the clocks change")
    func acrossAChangeOfTheClocks() async throws {
        let kit = try await LocalCalendarsKit()
        let draft = try kit.draft(
            "Weekly", "2026-10-20T09:00", "2026-10-20T10:00", recurrence: "FREQ=WEEKLY;BYDAY=TU")
        _ = try await kit.calendars.create(draft, in: nil)
        #expect(
            try await kit.starts("2026-10-26", "2026-11-11") == [
                "2026-10-27T09:00:00-05", "2026-11-03T09:00:00-06", "2026-11-10T09:00:00-06",
            ])
        #expect(try await kit.starts("2036-11-03", "2036-11-05") == ["2036-11-04T09:00:00-06"])
        #expect(try await kit.starts("2026-10-01", "2026-10-20T09:00") == [])
    }

    @Test("An event overlaps a range by its last moment, and not by its end")
    func edges() async throws {
        let kit = try await LocalCalendarsKit()
        _ = try await kit.calendars.create(try kit.draft("Night", "2026-10-31T23:00", "2026-11-01T04:00"), in: nil)
        #expect(try await kit.starts("2026-11-01T03:59", "2026-11-01T05:00").count == 1)
        #expect(try await kit.starts("2026-11-01T04:00", "2026-11-01T05:00").isEmpty)
        #expect(try await kit.starts("2026-10-31T22:00", "2026-10-31T23:00").isEmpty)
    }

    @Test("Whole days are days of the business, also on the day on which the clocks change, and in another zone")
    func wholeDays() async throws {
        let kit = try await LocalCalendarsKit()
        let day = CivilDate(year: 2026, month: 11, day: 1)
        let draft = EventDraft(uid: "d", summary: "Closed", span: .days(day..<day.next))
        let event = try await kit.calendars.create(draft, in: nil).event
        #expect(event.allDay)
        #expect(event.end.timeIntervalSince(event.start) == 25 * 3600)
        #expect(try await kit.starts("2026-11-01", "2026-11-02") == ["2026-11-01T00:00:00-05"])
        #expect(try await kit.starts("2026-11-02", "2026-11-03") == [])
        let far = LocalCalendars(database: kit.kit.database, zone: try BusinessZone(named: "Pacific/Kiritimati"))
        let there = try BusinessTime(zone: far.zone).read("2026-11-01T00:30", parameter: "t").start
        #expect(try await far.events(in: there..<there + 60, of: nil, limit: 9).events.count == 1)
    }

    @Test("One visit of a series is moved and one taken out, and the others stay")
    func exceptions() async throws {
        let kit = try await LocalCalendarsKit()
        let draft = try kit.draft("Daily", "2026-11-02T09:00", "2026-11-02T10:00", recurrence: "FREQ=DAILY;COUNT=4")
        let series = try await kit.calendars.create(draft, in: nil).event
        #expect(series.recurring && series.recurrence == "FREQ=DAILY;COUNT=4")
        let listed = try await kit.calendars.events(in: kit.range("2026-11-01", "2026-11-30"), of: nil, limit: 9).events
        #expect(listed.allSatisfy { $0.seriesID == series.id && $0.recurring })

        let moved = try await kit.calendars.update(
            listed[1].id, in: nil, EventChange(start: .moment(try kit.date("2026-12-24T15:00"))))
        #expect(moved.id == listed[1].id)
        #expect(try await kit.calendars.event(listed[1].id, in: nil)?.start == kit.date("2026-12-24T15:00"))
        // Moved beyond the series' own end, it is found there.
        #expect(try await kit.starts("2026-12-01", "2026-12-31") == ["2026-12-24T15:00:00-06"])
        #expect(try await kit.calendars.delete(listed[2].id, in: nil))
        #expect(try await !kit.calendars.delete(listed[2].id, in: nil))
        #expect(
            try await kit.starts("2026-11-01", "2026-11-30") == ["2026-11-02T09:00:00-06", "2026-11-05T09:00:00-06"])

        for id in [listed[0].id, listed[3].id, listed[1].id] {
            #expect(try await kit.calendars.delete(id, in: nil))
        }
        #expect(try await kit.calendars.event(series.id, in: nil) == nil)
    }

    @Test("With more events than are asked for the listing says so, and gives the first")
    func limit() async throws {
        let kit = try await LocalCalendarsKit()
        _ = try await kit.calendars.create(
            try kit.draft("Daily", "2026-11-02T09:00", "2026-11-02T10:00", recurrence: "FREQ=DAILY"), in: nil)
        _ = try await kit.calendars.create(try kit.draft("Early", "2026-11-03T07:00", "2026-11-03T08:00"), in: nil)
        let range = try kit.range("2026-11-01", "2026-12-01")
        let listing = try await kit.calendars.events(in: range, of: nil, limit: 3)
        #expect(listing.events.map(\.summary) == ["Daily", "Early", "Daily"])
        #expect(!listing.isComplete)
        #expect(try await kit.calendars.events(in: range, of: nil, limit: 30).isComplete)
    }

    @Test("An object that cannot be read is left out and told")
    func unreadable() async throws {
        let kit = try await LocalCalendarsKit()
        _ = try await kit.calendars.create(try kit.draft("Good", "2026-11-03T07:00", "2026-11-03T08:00"), in: nil)
        try await kit.kit.database.run {
            try $0.execute(
                """
                INSERT INTO calendar_events (id, calendar_id, uid, icalendar, starts_at)
                SELECT gen_random_uuid(), id, 'bad', 'no calendar', '2026-11-01' FROM calendars
                """)
        }
        let listing = try await kit.calendars.events(in: kit.range("2026-11-03", "2026-11-04"), of: nil, limit: 9)
        #expect(listing.events.map(\.summary) == ["Good"])
        #expect(listing.warnings == ["1 event of the calendar could not be read and is left out."])
    }

    @Test("Among six thousand events a week is found by the index")
    func plan() async throws {
        let kit = try await LocalCalendarsKit()
        _ = try await kit.calendars.create(
            try kit.draft("Weekly", "2026-01-06T09:00", "2026-01-06T10:00", recurrence: "FREQ=WEEKLY"), in: nil)
        try await kit.kit.database.run {
            try $0.execute(
                """
                INSERT INTO calendar_events (id, calendar_id, uid, icalendar, starts_at, ends_at)
                SELECT gen_random_uuid(), c.id, 'filler-' || n, 'no calendar', t - interval '2 days', t + interval '50 hours'
                FROM calendars c, generate_series(1, 6000) n,
                    LATERAL (SELECT timestamptz '2020-01-01' + n * interval '6 hours' AS t) times
                """)
            try $0.execute("ANALYZE calendar_events")
        }
        let query = LocalCalendars.listing(
            try kit.range("2026-11-23", "2026-11-30"), kit.calendars.condition(nil))
        let plan = try await kit.kit.database.run {
            try $0.query("EXPLAIN \(query)").map { try $0.get(0, as: String.self) }.joined(separator: "\n")
        }
        #expect(plan.contains("calendar_events_extent"), "\(plan)")
        #expect(!plan.contains("Seq Scan on calendar_events"), "\(plan)")
        #expect(try await kit.starts("2026-11-23", "2026-11-30") == ["2026-11-24T09:00:00-06"])
    }
}
