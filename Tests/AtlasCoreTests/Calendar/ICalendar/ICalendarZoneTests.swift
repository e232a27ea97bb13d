import Foundation
import Testing

@testable import AtlasCore

struct ICalendarZoneTests {
    @Test(
        "A TZID is an IANA name, one behind a prefix, or a Windows name",
        arguments: [
            ("America/Chicago", "America/Chicago"), ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
            ("/citadel.org/20210210_1/America/Argentina/Salta", "America/Argentina/Salta"),
            ("/softwarestudio.org/Olson_20011030_5/America/Chicago", "America/Chicago"),
            ("Central Standard Time", "America/Chicago"), ("W. Europe Standard Time", "Europe/Berlin"), ("UTC", "UTC"),
        ])
    func names(_ tzid: String, _ name: String) {
        #expect(ICalendarZones.system(tzid)?.name == name)
    }

    @Test(
        "A TZID leads to no file but the zone data's",
        arguments: [
            "", "/etc/passwd", "../../../etc/localtime", "/../../etc/localtime", "right/UTC", "Custom", "America",
            "tzdata.zi",
        ])
    func noZones(_ tzid: String) {
        #expect(ICalendarZones.system(tzid) == nil)
    }

    @Test("Every Windows name leads to a zone of this machine, as PyPI's icalendar has it")
    func windowsNames() async throws {
        let table = try await PythonProgram.run("windows_zones.py")
        #expect(table.count > 100)
        for pair in table {
            let (windows, iana) = (pair[0]?.text ?? "", pair[1]?.text ?? "")
            #expect(WindowsZones.name(windows) == iana)
            #expect(ICalendarZones.system(windows) != nil, "\(windows)")
        }
    }

    @Test("A zone that the machine does not know is what the object says of it")
    func ownZone() throws {
        let object = try CalendarText.object(
            """
            BEGIN:VTIMEZONE
            TZID:Head Office
            BEGIN:STANDARD
            DTSTART:20001029T030000
            TZOFFSETFROM:+0430
            TZOFFSETTO:+0330
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:20000326T020000
            TZOFFSETFROM:+0330
            TZOFFSETTO:+0430
            RDATE:20010325T020000
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
            END:DAYLIGHT
            END:VTIMEZONE
            BEGIN:VEVENT
            UID:a
            DTSTART;TZID="Head Office":20260328T090000
            RRULE:FREQ=DAILY;COUNT=2
            END:VEVENT
            """)
        #expect(try object.starts("20260301T000000Z", "20260401T000000Z") == ["20260328T053000Z", "20260329T043000Z"])
    }

    @Test("A zone that nobody knows is the business's")
    func unknownZone() throws {
        let object = try CalendarText.object("DTSTART;TZID=Nowhere:20260328T090000")
        #expect(try object.starts("20260301T000000Z", "20260401T000000Z") == ["20260328T140000Z"])
    }

    @Test("The time zone that we write says what the zone's data says, wherever the clocks change")
    func writtenZones() throws {
        for name in [
            "America/Chicago", "Europe/Berlin", "Europe/Dublin", "Australia/Lord_Howe", "Asia/Kathmandu",
            "America/Nuuk",
            "Asia/Jerusalem", "America/Santiago", "Africa/Cairo", "Pacific/Chatham", "Asia/Beirut",

            "America/Asuncion", "Pacific/Norfolk", "Asia/Tokyo", "America/Scoresbysund", "Antarctica/Troll",
        ] {
            let zone = CalendarText.zone(name)
            let component = ICalendarComponent(
                timeZone: zone, name: name, at: CalendarText.date("20400101T000000Z").wholeSeconds, ending: .crlf)
            let read = try #require(BusinessZone(component))
            let first = CivilDate(year: 2040, month: 1, day: 1).daysSince1970 * 86400
            for hour in 0..<(24 * 366 * 3) {
                let instant = first + hour * 3600 + 1800
                if read.offset(at: instant) != zone.offset(at: instant) {
                    Issue.record(
                        "\(name) at \(Date(seconds: instant)): \(read.offset(at: instant)), not \(zone.offset(at: instant))"
                    )
                    break
                }
            }
        }
    }
}
