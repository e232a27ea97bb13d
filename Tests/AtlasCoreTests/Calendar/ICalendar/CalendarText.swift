import Foundation
import Testing

@testable import AtlasCore

/// Short ways to objects and times, for the tests of iCalendar.
enum CalendarText {
    static let chicago = zone("America/Chicago")

    static func zone(_ name: String) -> BusinessZone {
        guard let zone = BusinessZone(iana: name) else { fatalError("the machine has no zone \(name)") }
        return zone
    }

    /// An object of these lines, in a VCALENDAR and, unless they begin one, in a VEVENT.
    static func object(_ lines: String, ending: String = "\r\n") throws -> ICalendarObject {
        let event = lines.contains("BEGIN:VEVENT") ? lines : "BEGIN:VEVENT\nUID:one\n\(lines)\nEND:VEVENT"
        let text = "BEGIN:VCALENDAR\nVERSION:2.0\n\(event)\nEND:VCALENDAR\n"
        return try ICalendarObject(parsing: Array(text.replacingOccurrences(of: "\n", with: ending).utf8))
    }

    static func fixture(_ name: String) throws -> [UInt8] {
        var folder = URL(fileURLWithPath: #filePath)
        while folder.lastPathComponent != "Tests" { folder.deleteLastPathComponent() }
        return Array(try Data(contentsOf: folder.appending(path: "Fixtures/ical/\(name).ics")))
    }

    /// `20260302T090000Z`
    static func date(_ text: String) -> Date { Date(seconds: ICalendarTime(text)?.wall ?? 0) }

    static func day(_ text: String) -> CivilDate { ICalendarTime(text)?.day ?? CivilDate(year: 1, month: 1, day: 1) }

    static func range(_ from: String, _ to: String) -> Range<Date> { date(from)..<date(to) }
}

extension ICalendarObject {
    var text: String { String(decoding: octets, as: UTF8.self) }

    /// The starts of the occurrences in UTC, as values are written.
    func starts(_ from: String, _ to: String, zone: BusinessZone = CalendarText.chicago) throws -> [String] {
        try occurrences(in: CalendarText.range(from, to), zone: zone, limit: 1000).map {
            ICalendarTime.utc($0.start).text
        }
    }

    /// The lines that are here and not in `other`, unfolded.
    func lines(notIn other: ICalendarObject) -> [String] {
        var rest = ContentLine.lines(of: other.octets)
        return ContentLine.lines(of: octets).compactMap { line in
            if let index = rest.firstIndex(of: line) {
                rest.remove(at: index)
                return nil
            }
            return String(decoding: line.unfolded, as: UTF8.self)
        }
    }
}
