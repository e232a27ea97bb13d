import Foundation
import Testing

@testable import AtlasCore

struct ICalendarReadingTests {
    private let zone = CalendarText.chicago

    @Test("An event says when it is, what it is, who calls for it and who comes")
    func wholeEvent() throws {
        let object = try ICalendarObject(parsing: CalendarText.fixture("apple"))
        #expect(object.uid == "5B1C7B3E-0E0F-4E1B-9A77-0A3D3C1B2A11")
        let series = try object.series(zone: zone)
        #expect(series.summary == "Weekly clean, Müller house")
        #expect(series.location == "12 Elm St Springfield IL 62704 United States")
        #expect(series.organizer == "office@example.com")
        #expect(series.attendees == ["ana@example.com", "pat@example.com"])
        #expect(series.recurrence == "FREQ=WEEKLY;UNTIL=20260601T140000Z")
        #expect(series.isRecurring && series.id == nil && series.status == .confirmed && !series.isTransparent)
        #expect(series.start == CalendarText.date("20260302T150000Z"))
        #expect(series.end == CalendarText.date("20260302T160000Z"))
    }

    @Test("Exceptions are left out, and an override is where it was moved to")
    func overrides() throws {
        let object = try ICalendarObject(parsing: CalendarText.fixture("apple"))
        #expect(
            try object.starts("20260301T000000Z", "20260401T000000Z")
                == ["20260302T150000Z", "20260324T160000Z", "20260330T140000Z"])
        let moved = try object.occurrence(#require(RecurrenceID("20260323T140000Z")), zone: zone)
        #expect(moved?.start == CalendarText.date("20260324T160000Z"))
        #expect(moved?.id?.text == "20260323T140000Z")
        #expect(try object.occurrence(#require(RecurrenceID("20260316T140000Z")), zone: zone) == nil)
        // Its own day no longer shows it.
        #expect(try object.starts("20260323T000000Z", "20260324T000000Z").isEmpty)
    }

    @Test("Windows names of zones are understood, whatever the object itself says of them")
    func windowsZone() throws {
        let object = try ICalendarObject(parsing: CalendarText.fixture("outlook"))
        let occurrences = try object.occurrences(
            in: CalendarText.range("20260201T000000Z", "20260401T000000Z"), zone: .utc, limit: 10)
        #expect(
            occurrences.map { $0.id?.text }
                == ["20260203T190000Z", "20260303T190000Z", "20260317T180000Z", "20260331T180000Z"])
        #expect(occurrences.first?.attendees == ["desk@example.com"])
    }

    @Test(
        "The end is that of DTEND or DURATION; a day lasts a day, a moment no time, and nothing ends before it starts",
        arguments: [
            ("DTSTART:20260302T090000Z\nDTEND:20260302T100000Z", "20260302T100000Z"),
            ("DTSTART:20260302T090000Z\nDURATION:PT1H30M", "20260302T103000Z"),
            ("DTSTART:20260302T090000Z", "20260302T090000Z"),
            ("DTSTART:20260302T090000Z\nDTEND:20260301T090000Z", "20260302T090000Z"),
            ("DTSTART:20260302T090000Z\nDURATION:-PT1H", "20260302T090000Z"),
            ("DTSTART;VALUE=DATE:20260302", "20260303T060000Z"),
            ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260305", "20260305T060000Z"),
            ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260302", "20260303T060000Z"),
            ("DTSTART;VALUE=DATE:20260302\nDURATION:P1W", "20260309T050000Z"),
            // A day on the wall clock has 23 hours where the clocks go forward; 24 hours are 24.
            ("DTSTART;TZID=America/Chicago:20260307T120000\nDURATION:P1D", "20260308T170000Z"),
            ("DTSTART;TZID=America/Chicago:20260307T120000\nDURATION:PT24H", "20260308T180000Z"),
        ])
    func ends(_ lines: String, _ end: String) throws {
        let occurrence = try CalendarText.object(lines).series(zone: zone)
        #expect(occurrence.end == CalendarText.date(end))
        #expect(!occurrence.isRecurring)
    }

    @Test("A time that the clocks skip is told by the offset before, one that occurs twice is the first")
    func changesOfClocks() throws {
        func start(_ local: String) throws -> String {
            ICalendarTime.utc(try CalendarText.object("DTSTART;TZID=America/Chicago:\(local)").series(zone: .utc).start)
                .text
        }
        #expect(try start("20260308T023000") == "20260308T083000Z")
        #expect(try start("20261101T013000") == "20261101T063000Z")
    }

    @Test("Floating times and days are meant in the business's zone")
    func floating() throws {
        let event = try CalendarText.object("DTSTART:20260302T090000\nRRULE:FREQ=DAILY;COUNT=2")
        #expect(try event.starts("20260301T000000Z", "20260401T000000Z") == ["20260302T150000Z", "20260303T150000Z"])
        let berlin = CalendarText.zone("Europe/Berlin")
        #expect(try event.starts("20260301T000000Z", "20260401T000000Z", zone: berlin).first == "20260302T080000Z")
        let ids = try event.occurrences(
            in: CalendarText.range("20260301T000000Z", "20260401T000000Z"), zone: zone, limit: 9)
        #expect(ids.map { $0.id?.text } == ["20260302T090000", "20260303T090000"])
    }

    @Test("An event that touches a range at its edge is not in it, one without length at its first moment is")
    func edges() throws {
        let hour = try CalendarText.object("DTSTART:20260302T090000Z\nDURATION:PT1H")
        #expect(try hour.starts("20260302T100000Z", "20260302T110000Z").isEmpty)
        #expect(try hour.starts("20260302T080000Z", "20260302T090000Z").isEmpty)
        #expect(try hour.starts("20260302T095959Z", "20260302T110000Z").count == 1)
        let moment = try CalendarText.object("DTSTART:20260302T090000Z")
        #expect(try moment.starts("20260302T090000Z", "20260302T100000Z").count == 1)
        #expect(try moment.starts("20260302T080000Z", "20260302T090000Z").isEmpty)
        let days = try CalendarText.object("DTSTART;VALUE=DATE:20260302\nDURATION:P10D\nRRULE:FREQ=YEARLY")
        #expect(try days.starts("20270310T120000Z", "20270310T130000Z") == ["20270302T060000Z"])
    }

    @Test("A cancelled occurrence says so, and a cancelled series says so of all, overrides too")
    func cancelled() throws {
        func statuses(_ master: String, _ override: String) throws -> [EventStatus] {
            try CalendarText.object(
                """
                BEGIN:VEVENT
                UID:one
                DTSTART:20260302T090000Z
                RRULE:FREQ=DAILY;COUNT=2
                STATUS:\(master)
                END:VEVENT
                BEGIN:VEVENT
                UID:one
                RECURRENCE-ID:20260303T090000Z
                DTSTART:20260303T100000Z
                STATUS:\(override)
                END:VEVENT
                """
            ).occurrences(in: CalendarText.range("20260301T000000Z", "20260401T000000Z"), zone: zone, limit: 9).map(
                \.status)
        }
        #expect(try statuses("CONFIRMED", "CANCELLED") == [.confirmed, .cancelled])
        #expect(try statuses("CANCELLED", "CONFIRMED") == [.cancelled, .cancelled])
        #expect(try statuses("TENTATIVE", "CONFIRMED") == [.tentative, .confirmed])
    }

    @Test("Single occurrences without their series are shown")
    func orphans() throws {
        let object = try CalendarText.object(
            "RECURRENCE-ID;TZID=Europe/Berlin:20260303T090000\nDTSTART;TZID=Europe/Berlin:20260304T090000\nSUMMARY:Shared"
        )
        let found = try object.occurrences(
            in: CalendarText.range("20260301T000000Z", "20260401T000000Z"), zone: zone, limit: 9)
        #expect(found.map(\.summary) == ["Shared"])
        #expect(found.first?.id?.text == "20260303T080000Z")
        #expect(try object.occurrence(#require(RecurrenceID("20260303T080000Z")), zone: zone) == found.first)
        #expect(try object.series(zone: zone).summary == "Shared")
    }

    @Test("RDATE adds times, periods with their own end, and EXDATE in another form still names its occurrence")
    func addedAndTaken() throws {
        let object = try CalendarText.object(
            """
            DTSTART;TZID=Europe/Berlin:20260302T090000
            DURATION:PT1H
            RRULE:FREQ=DAILY;COUNT=3
            RDATE;VALUE=PERIOD:20260310T080000Z/PT3H,20260311T080000Z/20260311T100000Z
            EXDATE:20260303T080000Z
            EXDATE;VALUE=DATE:20260304
            """)
        let found = try object.occurrences(
            in: CalendarText.range("20260301T000000Z", "20260401T000000Z"), zone: zone, limit: 9)
        #expect(
            found.map { ICalendarTime.utc($0.start).text } == [
                "20260302T080000Z", "20260310T080000Z", "20260311T080000Z",
            ])
        #expect(found.map { $0.end.timeIntervalSince($0.start) } == [3600, 10_800, 7200])
    }

    @Test("A rule that repeats within the day, or that nobody understands, shows its first time only")
    func unreadableRules() throws {
        for rule in [
            "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY", "FREQ=LUNAR", "FREQ=DAILY;RSCALE=CHINESE", "",
        ] {
            let object = try CalendarText.object("DTSTART:20260302T090000Z\nRRULE:\(rule)\nRDATE:20260305T090000Z")
            #expect(
                try object.starts("20260101T000000Z", "20270101T000000Z") == ["20260302T090000Z", "20260305T090000Z"])
            #expect(try object.series(zone: zone).isRecurring)
        }
    }

    @Test("COUNT and UNTIL together hold both")
    func countAndUntil() throws {
        let short = try CalendarText.object(
            "DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;COUNT=10;UNTIL=20260303T090000Z")
        #expect(try short.starts("20260101T000000Z", "20270101T000000Z").count == 2)
        let long = try CalendarText.object("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY;COUNT=3;UNTIL=20261231T090000Z")
        #expect(try long.starts("20260101T000000Z", "20270101T000000Z").count == 3)
    }

    @Test("Every second Sunday is found from a Monday on, whichever day the week begins")
    func sundays() throws {
        let object = try CalendarText.object("DTSTART:20260302T090000Z\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU")
        #expect(
            try object.starts("20260301T000000Z", "20260324T000000Z")
                == ["20260302T090000Z", "20260308T090000Z", "20260316T090000Z", "20260322T090000Z"])
    }

    @Test("A far range of an endless rule is found, and the extent of a series is known")
    func extents() throws {
        let endless = try CalendarText.object("DTSTART:19000101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=3")
        #expect(try endless.starts("21500101T000000Z", "21500107T000000Z").count == 2)
        #expect(endless.extent(zone: zone).end == nil)
        let counted = try CalendarText.object("DTSTART:20260302T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3")
        #expect(counted.extent(zone: zone).start == CalendarText.date("20260302T090000Z"))
        #expect(counted.extent(zone: zone).end == CalendarText.date("20260304T100000Z"))
    }

    @Test("What is invisible in a text is taken out, and endless texts are cut")
    func outsideText() throws {
        let object = try CalendarText.object(
            "DTSTART:20260302T090000Z\nSUMMARY:Pay\u{202E} now\u{200B}\nDESCRIPTION:\(String(repeating: "a", count: 40_000))"
        )
        let series = try object.series(zone: zone)
        #expect(series.summary == "Pay now")
        #expect(series.description?.count == 16_000)
    }

    @Test(
        "What is no event is refused",
        arguments: [
            "", "\r\n", "hello", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20260101\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nUID:a\r\nEND:VTODO\r\nEND:VCALENDAR\r\n",
            "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260231\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            String(repeating: "BEGIN:VCALENDAR\r\n", count: 10_000),
        ])
    func refused(_ text: String) {
        let error = #expect(throws: AtlasError.self) { try ICalendarObject(parsing: Array(text.utf8)) }
        #expect(error?.code == .upstreamError)
    }
}
