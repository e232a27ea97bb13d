#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The dates of RFC 3501, 9: `date` for searches, `date-time` for INTERNALDATE and APPEND.
enum IMAPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// `24-Nov-2026`.
    ///
    /// - Parameter days: since 1 January 1970.
    static func day(_ days: Int) -> String {
        let date = CivilDate(daysSince1970: days)
        return "\(date.day)-\(months[date.month - 1])-\(padded(date.year, 4))"
    }

    /// `24-Nov-2026 09:00:00 -0600`.
    ///
    /// - Parameter offset: seconds east of Greenwich.
    static func written(_ moment: Date, offset: Int = 0) -> String {
        let seconds = moment.timeIntervalSince1970.rounded(.down)
        let wall = Int(max(-6e10, min(2.5e11, seconds.isNaN ? 0 : seconds))) + offset
        let date = CivilDate(daysSince1970: wall.floorDivided(by: 86400))
        let clock = wall.floorRemainder(by: 86400)
        // The day has two places, the first of which may be a blank.
        let day = date.day < 10 ? " \(date.day)" : "\(date.day)"
        let east = abs(offset) / 60
        return "\(day)-\(months[date.month - 1])-\(padded(date.year, 4)) "
            + "\(padded(clock / 3600, 2)):\(padded(clock / 60 % 60, 2)):\(padded(clock % 60, 2)) "
            + "\(offset < 0 ? "-" : "+")\(padded(east / 60, 2))\(padded(east % 60, 2))"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(max(0, number))
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// Reads a `date-time`; nil when it is none. A day with one digit, a missing zone (taken as UTC) and names of months in any case
    /// are understood, as servers write them.
    static func read(_ text: String) -> Date? {
        let words = text.utf8.prefix(64).split(separator: UInt8(ascii: " "))
        guard words.count == 2 || words.count == 3 else { return nil }
        let date = words[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        let clock = words[1].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard date.count == 3, clock.count == 3 else { return nil }
        let name = String(Substring(date[1])).lowercased()
        guard let day = number(date[0], 1...2), let month = months.firstIndex(where: { $0.lowercased() == name }),
            let year = number(date[2], 4...4), year >= 1,
            let hour = number(clock[0], 2...2), hour < 24, let minute = number(clock[1], 2...2), minute < 60,
            let second = number(clock[2], 2...2), second <= 60,
            let offset = words.count == 2 ? 0 : zone(words[2])
        else { return nil }
        let civil = CivilDate(year: year, month: month + 1, day: day)
        guard civil.isValid else { return nil }
        let wall = civil.daysSince1970 * 86400 + hour * 3600 + minute * 60 + second
        return Date(timeIntervalSince1970: Double(wall - offset))
    }

    private static func zone(_ text: Substring.UTF8View) -> Int? {
        guard let sign = text.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            let digits = number(text.dropFirst(), 4...4), digits % 100 < 60
        else { return nil }
        let east = digits / 100 * 3600 + digits % 100 * 60
        return sign == UInt8(ascii: "-") ? -east : east
    }

    private static func number(_ text: Substring.UTF8View, _ width: ClosedRange<Int>) -> Int? {
        guard width.contains(text.count), text.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        return text.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }
}
