#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// `2026-03-01T12:30:00Z` and its like (RFC 3339), which programs write into mail that should not.
enum ISODate {
    static func parse(_ text: ArraySlice<UInt8>) -> Date? {
        guard text.count >= 10 else { return nil }
        let date = text.prefix(10)
        let isDate = date.enumerated().allSatisfy { index, octet in
            index == 4 || index == 7 ? octet == UInt8(ascii: "-") : octet.isDigit
        }
        guard isDate else { return nil }
        var fields = DateFields()
        fields.year = number(date.prefix(4))
        fields.month = number(date.dropFirst(5).prefix(2))
        fields.day = number(date.dropFirst(8))
        let rest = text.dropFirst(10)
        guard let separator = rest.first else { return fields.date }
        guard separator.lowercased == UInt8(ascii: "t") || separator.isBlank else { return nil }
        var scanner = DateScanner(rest.dropFirst())
        while let word = scanner.next() {
            guard fields.take(word) else { return nil }
        }
        return fields.date
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int {
        digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    }
}
