/// A date as HTTP writes it (RFC 9110, 5.6.7), in today's form or one of the two old ones:
/// `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`.
struct HTTPDate: Equatable {
    let secondsSince1970: Int

    /// nil when `text` is none of them, or names a day or time that does not exist.
    init?(_ text: String) {
        guard text.utf8.count <= 40, text.utf8.allSatisfy({ $0 < 0x7F }) else { return nil }
        let words = text.split(separator: " ").map(String.init)
        let day: String
        let month: String
        let year: String
        let time: String
        switch words.count {
        case 6 where words[0].hasSuffix(",") && words[5] == "GMT":
            (day, month, year, time) = (words[1], words[2], words[3], words[4])
            guard year.utf8.count == 4 else { return nil }
        case 4 where words[0].hasSuffix(",") && words[3] == "GMT":
            let parts = words[1].split(separator: "-").map(String.init)
            guard parts.count == 3, parts[2].utf8.count == 2 else { return nil }
            (day, month, year, time) = (parts[0], parts[1], parts[2], words[2])
        case 5:
            (day, month, year, time) = (words[2], words[1], words[4], words[3])
            guard year.utf8.count == 4 else { return nil }
        default: return nil
        }

        let clock = time.split(separator: ":", omittingEmptySubsequences: false).map { Self.number(String($0)) }
        guard let monthNumber = Self.months.firstIndex(of: month), let dayNumber = Self.number(day),
            var yearNumber = Self.number(year), clock.count == 3, let hour = clock[0], let minute = clock[1],
            let second = clock[2], hour < 24, minute < 60, second <= 60
        else { return nil }
        // Two digits: 70 to 99 are of the last century, the rest of this one.
        if year.utf8.count == 2 { yearNumber += yearNumber < 70 ? 2000 : 1900 }
        let date = CivilDate(year: yearNumber, month: monthNumber + 1, day: dayNumber)
        guard date.isValid else { return nil }
        secondsSince1970 = date.daysSince1970 * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
