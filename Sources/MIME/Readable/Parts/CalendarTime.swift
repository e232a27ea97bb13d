/// A date or a time of iCalendar (RFC 5545, 3.3.4 and 3.3.5), written for a reader as it was given: no zone is reckoned with.
struct CalendarTime {
    private var year: Int
    private var month: Int
    private var day: Int
    /// `09:30`; nil for a whole day.
    let clock: String?
    let zone: String?

    init?(_ line: ContentLine) {
        let octets = Array(line.value.trimmedBlanks.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= octets.count, octets[range].allSatisfy(\.isDigit) else { return nil }
            return octets[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8), (1...12).contains(month),
            (1...31).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        if octets.count >= 13, octets[8] == UInt8(ascii: "T"), let hour = number(9..<11), let minute = number(11..<13) {
            clock = Self.two(hour) + ":" + Self.two(minute)
            zone = octets.last == UInt8(ascii: "Z") ? "UTC" : line.parameters["TZID"]
        } else {
            (clock, zone) = (nil, nil)
        }
    }

    var date: String { String(String(year + 10_000).suffix(4)) + "-" + Self.two(month) + "-" + Self.two(day) }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The day before: whole days end before the day that is given as their end.
    var dayBefore: CalendarTime {
        var before = self
        before.day -= 1
        if before.day == 0 {
            before.month = month == 1 ? 12 : month - 1
            before.year = month == 1 ? year - 1 : year
            let isLeap = before.year % 4 == 0 && (before.year % 100 != 0 || before.year % 400 == 0)
            before.day = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][before.month - 1]
        }
        return before
    }

    /// From one to another: `2026-11-24 09:00–10:00 (America/Chicago)`.
    static func text(from start: CalendarTime, to end: CalendarTime?) -> String {
        guard let clock = start.clock else {
            let last = end.map { $0.clock == nil && $0.date > start.date ? $0.dayBefore : $0 }
            guard let last, last.date > start.date else { return "\(start.date) (all day)" }
            return "\(start.date) to \(last.date) (all day)"
        }
        var text = "\(start.date) \(clock)"
        if let end, let until = end.clock {
            let isSameZone = end.zone == start.zone
            text += end.date == start.date && isSameZone ? "–\(until)" : " to \(end.date) \(until)"
            if !isSameZone, let zone = end.zone { text += " (\(zone))" }
        }
        return text + (start.zone.map { " (\($0))" } ?? "")
    }
}
