#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Dates as mail writes them: RFC 5322, 3.3, the obsolete forms of 4.3, what `asctime` and `date` of Unix print, and ISO 8601.
enum MailDate {
    /// Nil for what is no date, and for one that no calendar has.
    static func parse(_ octets: ArraySlice<UInt8>) -> Date? {
        let text = Array(octets.prefix(200))
        if let date = ISODate.parse(text[...].trimmed) { return date }
        var fields = DateFields()
        var scanner = DateScanner(text[...])
        while let word = scanner.next() {
            guard fields.take(word) else { return nil }
        }
        return fields.date
    }
}

/// What a date is made of, each nil until it has been read.
struct DateFields {
    var year: Int?
    var month: Int?
    var day: Int?
    /// Hour, minute, second.
    var time: (Int, Int, Int)?
    /// Seconds east of Greenwich.
    var offset: Int?
    private var isAfternoon: Bool?

    init() {}

    /// False for a word that no date has.
    mutating func take(_ word: DateScanner.Word) -> Bool {
        switch word {
        case .number(let value, let digits):
            return take(number: value, digits: digits)
        case .time(let hour, let minute, let second):
            guard time == nil else { return false }
            time = (hour, minute, second)
        case .offset(let seconds):
            // `GMT+0200` means two hours, and a second offset is what some put behind the first.
            offset = (offset ?? 0) == 0 ? seconds : offset
        case .name(let name):
            return take(name: name)
        }
        return true
    }

    private mutating func take(number: Int, digits: Int) -> Bool {
        if digits <= 2, day == nil {
            day = number
        } else if year == nil {
            switch digits {
            // RFC 5322, 4.3.
            case 1, 2: year = number < 50 ? 2000 + number : 1900 + number
            case 3: year = 1900 + number
            case 4: year = number
            default: return false
            }
        } else {
            return false
        }
        return true
    }

    private mutating func take(name: String) -> Bool {
        let start = String(name.prefix(3))
        if name.count >= 3, let index = Self.months.firstIndex(of: start), month == nil {
            month = index + 1
        } else if name == "am" || name == "pm" {
            isAfternoon = name == "pm"
        } else if time != nil, let hours = Self.zones[name] {
            offset = offset ?? Int(hours * 3600)
        } else if name.count >= 3, Self.days.contains(start) {
            return true
        } else if time != nil, name.count <= 5 {
            // A zone that says nothing certain (RFC 5322, 4.3), as are the military ones, which were defined the wrong way round.
            offset = offset ?? 0
        } else {
            // Behind a whole date stands a zone in words: `+0100 Westeuropäische Normalzeit`.
            return year != nil && month != nil && day != nil && time != nil
        }
        return true
    }

    var date: Date? {
        guard let year, let month, let day, (1900...9999).contains(year), (1...12).contains(month),
            day >= 1, day <= Self.days(in: month, of: year)
        else { return nil }
        var (hour, minute, second) = time ?? (0, 0, 0)
        if let isAfternoon {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + (isAfternoon ? 12 : 0)
        }
        guard (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second) else { return nil }
        let days = Self.daysSince1970(year: year, month: month, day: day)
        return Date(timeIntervalSince1970: Double(days * 86400 + hour * 3600 + minute * 60 + second - (offset ?? 0)))
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The Gregorian calendar counted from March, so that the leap day comes last.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }

    private static let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    /// Hours east of Greenwich.
    private static let zones: [String: Double] = [
        "z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
        "pst": -8, "pdt": -7,
        "akst": -9, "akdt": -8, "hst": -10, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1, "cest": 2,
        "mest": 2,
        "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "jst": 9, "kst": 9,
    ]
}
