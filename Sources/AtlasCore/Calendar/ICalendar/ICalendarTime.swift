/// A value of type DATE or DATE-TIME (RFC 5545, 3.3.4 and 3.3.5), as it is written: what the wall clock shows, and which one.
struct ICalendarTime: Sendable, Hashable {
    enum Form: Sendable, Hashable {
        case date
        case floating
        case utc
        /// With the TZID as it is written.
        case zoned(String)
    }

    /// Seconds since 1970 as if the wall clock were UTC.
    var wall: Int
    var form: Form

    var isDate: Bool { form == .date }
    var day: CivilDate { CivilDate(daysSince1970: wall.floorDivided(by: 86400)) }

    /// - Parameter zoneID: the TZID beside the value, which counts for a time without Z.
    /// - Returns: nil for what is no date and no time.
    init?(_ text: String, zoneID: String? = nil) {
        let octets = Array(text.trimmed.utf8)
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= octets.count, octets[range].allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            return octets[range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }
        guard let year = number(0..<4), let month = number(4..<6), let day = number(6..<8) else { return nil }
        let date = CivilDate(year: year, month: month, day: day)
        guard date.isValid, year > 0 else { return nil }
        wall = date.daysSince1970 * 86400
        if octets.count == 8 {
            form = .date
            return
        }
        guard octets.count == 15 || octets.count == 16,
            octets[8] == UInt8(ascii: "T") || octets[8] == UInt8(ascii: "t"),
            let hour = number(9..<11), let minute = number(11..<13), let second = number(13..<15),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        // A leap second is the one before (RFC 5545, 3.3.12).
        wall += hour * 3600 + minute * 60 + min(second, 59)
        if octets.count == 16 {
            guard octets[15] == UInt8(ascii: "Z") || octets[15] == UInt8(ascii: "z") else { return nil }
            form = .utc
        } else {
            form = zoneID.map { .zoned($0) } ?? .floating
        }
    }

    init(wall: Int, form: Form) {
        self.wall = wall
        self.form = form
    }

    /// `20261124`, `20261124T090000`, `20261124T090000Z`
    var text: String {
        func padded(_ number: Int, _ digits: Int) -> String {
            String(repeating: "0", count: max(0, digits - String(number).count)) + String(number)
        }
        let date = padded(day.year, 4) + padded(day.month, 2) + padded(day.day, 2)
        if isDate { return date }
        let seconds = wall.floorRemainder(by: 86400)
        let time = padded(seconds / 3600, 2) + padded(seconds / 60 % 60, 2) + padded(seconds % 60, 2)
        return "\(date)T\(time)\(form == .utc ? "Z" : "")"
    }
}

extension ContentLine {
    /// The time that the line names: DTSTART, DTEND, RECURRENCE-ID …
    var time: ICalendarTime? { ICalendarTime(value, zoneID: parameter("TZID")) }

    /// The times of an EXDATE or RDATE; of a period its start.
    func times(most: Int) -> [ICalendarTime] {
        value.split(separator: ",", maxSplits: most).prefix(most).compactMap { part in
            ICalendarTime(String(part.prefix { $0 != "/" }), zoneID: parameter("TZID"))
        }
    }

    /// A line that names a time.
    init(_ name: String, _ time: ICalendarTime, lineEnd: [UInt8]) {
        var parameters: [(String, String)] = []
        if time.isDate { parameters.append(("VALUE", "DATE")) }
        if case .zoned(let id) = time.form { parameters.append(("TZID", id)) }
        self.init(name, parameters, time.text, lineEnd: lineEnd)
    }
}

/// A value of type DURATION (RFC 5545, 3.3.6): days count as the calendar does, the rest by the second.
struct ICalendarDuration: Sendable, Equatable {
    var days = 0
    var seconds = 0

    /// - Returns: nil for what is none.
    init?(_ text: String) {
        var rest = Substring(text.trimmed.uppercased())
        let sign = rest.hasPrefix("-") ? -1 : 1
        if rest.hasPrefix("-") || rest.hasPrefix("+") { rest.removeFirst() }
        guard rest.hasPrefix("P"), rest.utf8.count <= 40 else { return nil }
        rest.removeFirst()
        var isTime = false
        var isEmpty = true
        while let first = rest.first {
            if first == "T" {
                isTime = true
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            guard !digits.isEmpty, digits.utf8.count <= 7, let number = Int(digits) else { return nil }
            rest = rest[digits.endIndex...]
            guard let unit = rest.popFirst() else { return nil }
            switch (unit, isTime) {
            case ("W", false): days += sign * number * 7
            case ("D", false): days += sign * number
            case ("H", true): seconds += sign * number * 3600
            case ("M", true): seconds += sign * number * 60
            case ("S", true): seconds += sign * number
            default: return nil
            }
            isEmpty = false
        }
        if isEmpty { return nil }
    }
}
