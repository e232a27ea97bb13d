#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An instant as it is told on the wire: RFC 3339 in whole seconds, with an offset from UTC.
///
/// Written and read by hand: a formatter costs more than the rest of a result.
struct Timestamp: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z.
    let seconds: Int
    /// Seconds east of UTC, whole minutes.
    let offset: Int

    /// The years that RFC 3339 can tell.
    private static let tellable = -62_167_219_200...253_402_300_799

    /// - Parameter offset: seconds east of UTC; RFC 3339 has no seconds in it, so they are dropped.
    init(_ date: Date, offset: Int) {
        let range = Self.tellable
        let seconds = date.timeIntervalSince1970.rounded(.down)
        self.seconds =
            seconds >= Double(range.upperBound)
            ? range.upperBound : seconds > Double(range.lowerBound) ? Int(seconds) : range.lowerBound
        let told = offset - offset % 60
        self.offset = range.contains(self.seconds + told) ? told : 0
    }

    var date: Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }
}

// MARK: - Writing

extension Timestamp: CustomStringConvertible {
    var description: String {
        var octets: [UInt8] = []
        write(to: &octets)
        return String(decoding: octets, as: UTF8.self)
    }

    /// Appends `2026-11-24T09:00:00-06:00`.
    func write(to octets: inout [UInt8]) {
        let local = seconds + offset
        let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        let second = local - day * 86_400
        let date = Self.civil(day)

        func pair(_ value: Int) {
            octets.append(0x30 + UInt8(value / 10))
            octets.append(0x30 + UInt8(value % 10))
        }
        pair(date.year / 100)
        pair(date.year % 100)
        octets.append(UInt8(ascii: "-"))
        pair(date.month)
        octets.append(UInt8(ascii: "-"))
        pair(date.day)
        octets.append(UInt8(ascii: "T"))
        pair(second / 3600)
        octets.append(UInt8(ascii: ":"))
        pair(second / 60 % 60)
        octets.append(UInt8(ascii: ":"))
        pair(second % 60)
        octets.append(UInt8(ascii: offset < 0 ? "-" : "+"))
        pair(abs(offset) / 3600)
        octets.append(UInt8(ascii: ":"))
        pair(abs(offset) / 60 % 60)
    }

    /// The Gregorian date so many days after 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms").
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let z = day + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// The inverse of ``civil(_:)``.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

// MARK: - Reading

extension Timestamp {
    /// Reads `2026-11-24T09:00:00-06:00`; a space may stand for the `T`, seconds may be left out, fractions are dropped.
    init?(_ text: String) {
        var rest = Array(text.utf8)[...]
        func number(_ digits: Int) -> Int? {
            let field = rest.prefix(digits)
            guard field.count == digits, field.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
            rest = rest.dropFirst(digits)
            return field.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
        }
        func skip(_ choices: String) -> UInt8? {
            guard let octet = rest.first, choices.utf8.contains(octet) else { return nil }
            rest = rest.dropFirst()
            return octet
        }

        guard let year = number(4), skip("-") != nil, let month = number(2), skip("-") != nil, let day = number(2),
            skip("Tt ") != nil, let hour = number(2), skip(":") != nil, let minute = number(2)
        else { return nil }
        var second = 0
        if skip(":") != nil {
            guard let given = number(2) else { return nil }
            second = given
            if skip(".,") != nil {
                guard number(1) != nil else { return nil }
                while number(1) != nil {}
            }
        }
        guard let offset = Self.offset(sign: skip("Zz+-"), hours: { number(2) }, colon: { _ = skip(":") }), rest.isEmpty
        else { return nil }

        // A leap second is told as the second after it.
        guard hour < 24, minute < 60, second <= 60 else { return nil }
        let days = Self.days(year: year, month: max(month, 1), day: max(day, 1))
        guard Self.civil(days) == (year, month, day) else { return nil }
        self.seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.offset = offset
    }

    private static func offset(sign: UInt8?, hours number: () -> Int?, colon: () -> Void) -> Int? {
        switch sign {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): return 0
        case let sign?:
            guard let hours = number() else { return nil }
            colon()
            guard let minutes = number(), hours < 24, minutes < 60 else { return nil }
            return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -60 : 60)
        case nil: return nil
        }
    }
}
