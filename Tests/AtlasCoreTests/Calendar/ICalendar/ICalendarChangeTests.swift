import Foundation
import Testing

@testable import AtlasCore

struct ICalendarChangeTests {
    private let zone = CalendarText.chicago
    private let now = CalendarText.date("20260601T120000Z")
    private let stamps = ["SEQUENCE:4", "DTSTAMP:20260601T120000Z", "LAST-MODIFIED:20260601T120000Z"]

    @Test(
        "An object that nothing is changed of comes out octet for octet",
        arguments: ["apple", "google", "outlook", "fastmail"])
    func untouched(_ name: String) throws {
        let octets = try CalendarText.fixture(name)
        #expect(try ICalendarObject(parsing: octets).octets == octets)
        let broken = octets.filter { $0 != 0x0D } + Array("junk after\n\n".utf8)
        #expect(try ICalendarObject(parsing: broken).octets == broken)
    }

    @Test(
        "A new summary changes its line and the revision, and no other octet",
        arguments: ["apple", "google", "outlook", "fastmail"])
    func summary(_ name: String) throws {
        let old = try ICalendarObject(parsing: CalendarText.fixture(name))
        var new = old
        try new.change(EventChange(summary: "New; title, \\ and\r\nBEGIN:VALARM"), of: nil, zone: zone, now: now)
        let names = new.lines(notIn: old).map { $0.prefix { $0 != ":" && $0 != ";" } }
        #expect(Set(names).isSubset(of: ["SUMMARY", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED"]))
        let gone = Set(old.lines(notIn: new).map { $0.prefix { $0 != ":" && $0 != ";" } })
        #expect(gone.isSubset(of: ["SUMMARY", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED"]))
        #expect(new.text.contains("New\\; title\\, \\\\ and\\nBEGIN:VALARM\r\n"))
        #expect(try new.series(zone: zone).summary == "New; title, \\ and BEGIN:VALARM")
    }

    @Test("A series that starts an hour later takes its exceptions, its override and its last day along")
    func movedSeries() throws {
        let old = try ICalendarObject(parsing: CalendarText.fixture("apple"))
        var new = old
        let before = try old.starts("20260101T000000Z", "20270101T000000Z")
        try new.change(
            EventChange(start: .moment(CalendarText.date("20260302T160000Z"))), of: nil, zone: zone, now: now)
        #expect(
            new.lines(notIn: old) == [
                "DTEND;TZID=America/Chicago:20260302T110000", "DTSTART;TZID=America/Chicago:20260302T100000",
                "DTSTAMP:20260601T120000Z", "LAST-MODIFIED:20260601T120000Z", "SEQUENCE:4",
                "RRULE:FREQ=WEEKLY;UNTIL=20260601T150000Z", "EXDATE;TZID=America/Chicago:20260309T100000",
                "EXDATE;TZID=America/Chicago:20260316T100000", "RECURRENCE-ID;TZID=America/Chicago:20260323T100000",
                "DTSTAMP:20260601T120000Z", "LAST-MODIFIED:20260601T120000Z", "SEQUENCE:4",
            ])
        let after = try new.starts("20260101T000000Z", "20270101T000000Z")
        #expect(after.count == before.count)
        // The override had a time of its own, and keeps it.
        #expect(after.contains("20260324T160000Z"))
    }

    @Test("A weekly series that moves to another day repeats on that day")
    func movedDay() throws {
        var object = try ICalendarObject(parsing: CalendarText.fixture("outlook"))
        try object.change(
            EventChange(start: .moment(CalendarText.date("20260204T190000Z"))), of: nil, zone: zone, now: now)
        #expect(object.text.contains("RRULE:FREQ=WEEKLY;UNTIL=20260429T190000Z;INTERVAL=2;BYDAY=WE;WKST=SU"))
        #expect(
            try object.starts("20260201T000000Z", "20260401T000000Z") == [
                "20260204T190000Z", "20260304T190000Z", "20260318T180000Z",
            ])
        var monthly = try ICalendarObject(parsing: CalendarText.fixture("google"))
        try monthly.change(
            EventChange(start: .moment(CalendarText.date("20260113T200000Z"))), of: nil, zone: zone, now: now)
        #expect(monthly.text.contains("RRULE:FREQ=MONTHLY;BYDAY=2TU\r\n"))
    }

    @Test("A series whose rule names several days stays on its days")
    func unmovable() throws {
        var object = try CalendarText.object("DTSTART:20260302T090000Z\nRRULE:FREQ=MONTHLY;BYDAY=1MO,3MO")
        let old = object.octets
        let error = #expect(throws: AtlasError.self) {
            try object.change(EventChange(start: .moment(CalendarText.date("20260303T090000Z"))), of: nil, zone: zone)
        }
        #expect(error?.code == .invalidArgument && error?.parameter == "start")
        #expect(object.octets == old)
    }

    @Test("A change of one occurrence makes an override, with the alarms and what is unknown to us")
    func oneOccurrence() throws {
        let old = try ICalendarObject(parsing: CalendarText.fixture("apple"))
        var new = old
        let id = try #require(RecurrenceID("20260406T140000Z"))
        try new.change(
            EventChange(summary: "Only now", end: .moment(CalendarText.date("20260406T170000Z"))), of: id, zone: zone,
            now: now)
        let occurrence = try #require(try new.occurrence(id, zone: zone))
        #expect(occurrence.summary == "Only now")
        #expect(occurrence.start == CalendarText.date("20260406T140000Z"))
        #expect(occurrence.end == CalendarText.date("20260406T170000Z"))
        #expect(old.lines(notIn: new).isEmpty)
        let added = new.lines(notIn: old)
        #expect(added.contains("RECURRENCE-ID;TZID=America/Chicago:20260406T090000"))
        #expect(added.contains("DTSTART;TZID=America/Chicago:20260406T090000"))
        #expect(added.contains { $0.hasPrefix("X-APPLE-STRUCTURED-LOCATION") })
        #expect(added.filter { $0 == "BEGIN:VALARM" }.count == 2)
        #expect(!added.contains { $0.hasPrefix("RRULE") || $0.hasPrefix("EXDATE") })
        for stamp in stamps { #expect(added.contains(stamp)) }
        // A second change goes into the same override.
        var again = new
        try again.change(EventChange(location: "Yard"), of: id, zone: zone, now: now)
        #expect(again.overrideIndices.count == 2)
        #expect(try again.occurrence(id, zone: zone)?.location == "Yard")
        #expect(try again.occurrence(id, zone: zone)?.summary == "Only now")
        #expect(
            try again.starts("20260101T000000Z", "20270101T000000Z")
                == old.starts("20260101T000000Z", "20270101T000000Z"))
    }

    @Test("An occurrence that is taken out is an exception in the series' form, and its override goes")
    func removed() throws {
        let old = try ICalendarObject(parsing: CalendarText.fixture("apple"))
        var new = old
        #expect(try new.remove(#require(RecurrenceID("20260323T140000Z")), zone: zone, now: now))
        #expect(new.overrideIndices.isEmpty)
        #expect(
            new.lines(notIn: old) == [
                "DTSTAMP:20260601T120000Z", "LAST-MODIFIED:20260601T120000Z", "SEQUENCE:4",
                "EXDATE;TZID=America/Chicago:20260323T090000",
            ])
        #expect(try new.starts("20260301T000000Z", "20260401T000000Z") == ["20260302T150000Z", "20260330T140000Z"])
        let error = #expect(throws: AtlasError.self) {
            try new.remove(#require(RecurrenceID("20260323T140000Z")), zone: zone, now: now)
        }
        #expect(error?.code == .notFound)
    }

    @Test("With its last occurrence the series is gone")
    func lastOccurrence() throws {
        var object = try CalendarText.object("DTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY;COUNT=2", ending: "\n")
        #expect(try object.remove(#require(RecurrenceID("20260303")), zone: zone, now: now))
        #expect(object.text.contains("\nEXDATE;VALUE=DATE:20260303\n"))
        #expect(!object.text.contains("\r"))
        #expect(try !object.remove(#require(RecurrenceID("20260302")), zone: zone, now: now))
    }

    @Test("A DURATION stays where only the start moves, and becomes an end where the length changes")
    func durations() throws {
        let old = try ICalendarObject(parsing: CalendarText.fixture("fastmail"))
        var moved = old
        try moved.change(EventChange(start: .day(CalendarText.day("20260312"))), of: nil, zone: zone, now: now)
        #expect(moved.text.contains("DTSTART;VALUE=DATE:20260312\r\nDURATION:P2D\r\n"))
        var longer = old
        try longer.change(EventChange(end: .day(CalendarText.day("20260315"))), of: nil, zone: zone, now: now)
        #expect(longer.text.contains("DTSTART;VALUE=DATE:20260310\r\nDTEND;VALUE=DATE:20260315\r\n"))
        #expect(!longer.text.contains("DURATION"))
        #expect(longer.text.contains("GEO:41.878113;-87.629799\r\n"))
    }

    @Test("Days become times and times days, exceptions too")
    func kinds() throws {
        var object = try CalendarText.object(
            "DTSTART;VALUE=DATE:20260302\nRRULE:FREQ=DAILY;UNTIL=20260310\nEXDATE;VALUE=DATE:20260304")
        try object.change(
            EventChange(
                start: .moment(CalendarText.date("20260302T150000Z")),
                end: .moment(CalendarText.date("20260302T160000Z"))),
            of: nil, zone: zone, now: now)
        #expect(object.text.contains("BEGIN:VTIMEZONE\r\nTZID:America/Chicago\r\n"))
        #expect(object.text.contains("EXDATE;TZID=America/Chicago:20260304T090000"))
        #expect(object.text.contains("UNTIL=20260310T140000Z"))
        #expect(try object.starts("20260301T000000Z", "20260401T000000Z").count == 8)
        try object.change(
            EventChange(start: .day(CalendarText.day("20260303")), end: .day(CalendarText.day("20260304"))), of: nil,
            zone: zone, now: now)
        #expect(object.text.contains("EXDATE;VALUE=DATE:20260305"))
        #expect(object.text.contains("UNTIL=20260311\r\n"))
        #expect(try object.starts("20260301T000000Z", "20260401T000000Z").count == 8)
    }

    @Test("A blank text takes its line away, and a start after the end is refused")
    func blanksAndWrongs() throws {
        var object = try ICalendarObject(parsing: CalendarText.fixture("outlook"))
        try object.change(EventChange(location: " ", description: ""), of: nil, zone: zone, now: now)
        #expect(!object.text.contains("LOCATION") && !object.text.contains("DESCRIPTION;LANGUAGE"))
        #expect(object.text.contains("DESCRIPTION:REMINDER"))
        #expect(throws: AtlasError.self) {
            try object.change(EventChange(end: .moment(CalendarText.date("20260101T000000Z"))), of: nil, zone: zone)
        }
    }
}
