#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A DATE or DATE-TIME (RFC 5545, 3.3.4 and 3.3.5): what the wall clock shows, and where it hangs.
struct ICalendarTime: Sendable, Hashable {
    enum Form: Sendable, Hashable {
        /// A DATE.
        case day
        /// The same on every wall.
        case floating
        case utc
        /// By the TZID it is written with.
        case zoned(String)
    }

    var form: Form
    /// Seconds since 1970 as if the wall clock were UTC; of a day its midnight.
    var wall: Int

    init(_ form: Form, wall: Int) {
        self.form = form
        self.wall = form == .day ? wall.floorDivided(by: 86400) * 86400 : wall
    }

    /// Nil for a value that is neither, or outside the years 1 to 9999.
    init?(_ text: some StringProtocol, tzid: String? = nil) {
        var digits = Array(text.utf8)
        guard digits.count == 8 || digits.count == 15 || digits.count == 16 else { return nil }
        var isUTC = false
        if digits.count == 16 {
            guard digits.removeLast() | 0x20 == UInt8(ascii: "z") else { return nil }
            isUTC = true
        }
        if digits.count == 15 {
            guard digits.remove(at: 8) | 0x20 == UInt8(ascii: "t") else { return nil }
        }
        guard digits.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        let date = CivilDate(year: number(0..<4), month: number(4..<6), day: number(6..<8))
        guard date.year >= 1, date.isValid else { return nil }
        wall = date.daysSince1970 * 86400
        guard digits.count == 14 else {
            form = .day
            return
        }
        let (hour, minute, second) = (number(8..<10), number(10..<12), number(12..<14))
        // A leap second is the one before it (3.3.12).
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        wall += hour * 3600 + minute * 60 + min(second, 59)
        form = isUTC ? .utc : tzid.map(Form.zoned) ?? .floating
    }

    var day: CivilDate { CivilDate(daysSince1970: wall.floorDivided(by: 86400)) }

    /// As a value; the TZID goes into a parameter.
    var text: String {
        let date = Self.text(of: day)
        if form == .day { return date }
        let seconds = wall.floorRemainder(by: 86400)
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined()
        return "\(date)T\(clock)\(form == .utc ? "Z" : "")"
    }

    private static func text(of day: CivilDate) -> String {
        let number = String(min(max(day.year, 1), 9999) * 10_000 + day.month * 100 + day.day)
        return String(repeating: "0", count: 8 - number.utf8.count) + number
    }

    /// The parameters that such a value is written with.
    var parameters: String {
        switch form {
        case .day: ";VALUE=DATE"
        case .zoned(let name): ";TZID=\(Self.quoted(name))"
        case .floating, .utc: ""
        }
    }

    private static func quoted(_ name: String) -> String {
        let needsQuotes = name.utf8.contains { [0x2C, 0x3A, 0x3B].contains($0) }
        return needsQuotes ? "\"\(name)\"" : name
    }

    static func utc(_ date: Date) -> ICalendarTime { ICalendarTime(.utc, wall: date.wholeSeconds) }
}

extension Date {
    /// Seconds since 1970, cut to what calendars can say: the years 1 to 9999.
    var wholeSeconds: Int {
        Int(min(max(timeIntervalSince1970.rounded(.down), -62_135_596_800), 253_402_300_799))
    }

    init(seconds: Int) { self.init(timeIntervalSince1970: Double(seconds)) }
}
