#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension HeaderWriter {
    /// `Date: Tue, 24 Nov 2026 09:00:00 -0600` (RFC 5322, 3.3).
    mutating func date(_ date: Date, utcOffset: Int) {
        raw("Date", Self.text(of: date, utcOffset: utcOffset))
    }

    static func text(of date: Date, utcOffset: Int) -> String {
        // Within the years that four digits can say; the zone in whole minutes within a day.
        let seconds = date.timeIntervalSince1970
        let moment = seconds.isFinite ? Int(min(max(seconds.rounded(.down), -62_135_510_400), 253_402_214_400)) : 0
        let offset = abs(utcOffset) < 86_400 ? utcOffset / 60 : 0
        let local = moment + offset * 60
        let day = (local >= 0 ? local : local - 86_399) / 86_400
        let second = local - day * 86_400
        let (year, month, dayOfMonth) = civil(day)
        let weekday = weekdays[((day + 4) % 7 + 7) % 7]
        let time = [second / 3600, second / 60 % 60, second % 60].map(twoDigits).joined(separator: ":")
        let zone = "\(offset < 0 ? "-" : "+")\(twoDigits(abs(offset) / 60))\(twoDigits(abs(offset) % 60))"
        let fourDigits = String(String(year + 10_000).suffix(4))
        return "\(weekday), \(twoDigits(dayOfMonth)) \(months[month - 1]) \(fourDigits) \(time) \(zone)"
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The Gregorian date of a day counted from 1970, reckoned in years that begin with March, so that the leap day is their last.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
