#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A moment as Twilio writes it: RFC 2822 (`Tue, 31 Aug 2010 20:36:28 +0000`), in some answers ISO 8601.
enum TwilioDate {
    static func read(_ text: String) -> Date? {
        if let iso = ISO8601Text(text), let clock = iso.secondsOfDay {
            return instant(iso.date, clock, iso.offset ?? 0)
        }
        guard text.utf8.count <= 64 else { return nil }
        // The day of the week says nothing new.
        let words = (text.split(separator: ",").last ?? "").split(separator: " ")
        guard words.count == 5, let day = Int(words[0]), let year = Int(words[2]), (1...9999).contains(year),
            let month = months.firstIndex(of: words[1].lowercased())
        else { return nil }
        let date = CivilDate(year: year, month: month + 1, day: day)
        let clock = words[3].split(separator: ":").map { Int($0) ?? -1 }
        guard date.isValid, clock.count == 3, (0..<24).contains(clock[0]), (0..<60).contains(clock[1]),
            (0...60).contains(clock[2]), let offset = offset(words[4])
        else { return nil }
        return instant(date, clock[0] * 3600 + clock[1] * 60 + clock[2], offset)
    }

    private static func instant(_ date: CivilDate, _ clock: Int, _ offset: Int) -> Date {
        Date(timeIntervalSince1970: Double(date.daysSince1970 * 86_400 + clock - offset))
    }

    private static func offset(_ text: Substring) -> Int? {
        if text == "GMT" || text == "UTC" || text == "Z" { return 0 }
        guard text.utf8.count == 5, let sign = text.first, sign == "+" || sign == "-",
            let number = Int(text.dropFirst())
        else { return nil }
        return (sign == "-" ? -1 : 1) * (number / 100 * 3600 + number % 100 * 60)
    }

    private static let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
}
