#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The search keys of RFC 3501, 6.4.4 that need thought.
enum SearchKeys {
    typealias Key = [IMAPSearch.Piece]

    static let nothing: Key = [.atom("NOT"), .atom("ALL")]

    static func negated(_ keys: [Key]) -> Key {
        if keys == [nothing] { return [.atom("ALL")] }
        return keys.isEmpty ? nothing : [.atom("NOT")] + single(keys)
    }

    /// What any of the alternatives finds. `OR` has two operands; halving keeps it from nesting as deep as there are alternatives.
    static func any(_ alternatives: [[Key]]) -> [Key] {
        if alternatives.contains(where: \.isEmpty) { return [] }
        var row = alternatives.map(single)
        guard !row.isEmpty else { return [nothing] }
        while row.count > 1 {
            row = stride(from: 0, to: row.count, by: 2).map { index in
                index + 1 < row.count ? [.atom("OR")] + row[index] + row[index + 1] : row[index]
            }
        }
        return row
    }

    private static func single(_ keys: [Key]) -> Key {
        keys.count == 1 ? keys[0] : [.list(keys.flatMap(\.self))]
    }

    // MARK: - Sizes

    /// RFC 3501's numbers have 32 bits, and so has each size that a server tells.
    private static let largestNumber = Int(UInt32.max)

    static func larger(_ size: Int) -> [Key] {
        if size < 0 { return [] }
        return size >= largestNumber ? [nothing] : [[.atom("LARGER"), .atom(String(size))]]
    }

    static func smaller(_ size: Int) -> [Key] {
        if size <= 0 { return [nothing] }
        return size > largestNumber ? [] : [[.atom("SMALLER"), .atom(String(size))]]
    }

    // MARK: - Days of arrival

    // SINCE and BEFORE take a message's day in whatever zone the server keeps or has. No zone is a day from Greenwich (RFC 3501's
    // zones in use are from -12 to +14 hours), so within a day of a moment nothing is said, and outside all is.
    // RFC 5032's YOUNGER and OLDER would be exact by the server's clock, which may be wrong; these need none.

    private static let day = 86400

    static func possiblySince(_ moment: Date) -> [Key] { since(seconds(moment).floorDivided(by: day) - 1) }
    static func certainlySince(_ moment: Date) -> [Key]? { since(seconds(moment).floorDivided(by: day) + 2) }
    static func possiblyBefore(_ moment: Date) -> [Key] { before(seconds(moment).floorDivided(by: day) + 2) }
    static func certainlyBefore(_ moment: Date) -> [Key]? { before(seconds(moment).floorDivided(by: day) - 1) }

    private static func seconds(_ moment: Date) -> Int {
        let seconds = moment.timeIntervalSince1970.rounded(.down)
        return Int(max(-1e11, min(1e11, seconds.isNaN ? 0 : seconds)))
    }

    /// The days that servers are asked about. Nothing arrived before the first, and nothing will arrive after the last.
    private static let days =
        CivilDate(year: 1971, month: 1, day: 1).daysSince1970...CivilDate(year: 2199, month: 12, day: 31).daysSince1970

    private static func since(_ day: Int) -> [Key] {
        if day < days.lowerBound { return [] }
        return day > days.upperBound ? [nothing] : [[.atom("SINCE"), .atom(IMAPDate.day(day))]]
    }

    private static func before(_ day: Int) -> [Key] {
        if day <= days.lowerBound { return [nothing] }
        return day > days.upperBound ? [] : [[.atom("BEFORE"), .atom(IMAPDate.day(day))]]
    }
}

extension IMAPSearch.Piece {
    /// Text as a string of IMAP: without NUL, which no string may hold, and without line ends, which would need a literal.
    static func text(_ text: String) -> Self {
        guard text.unicodeScalars.contains(where: \.isForbidden) else { return .string(text) }
        var view = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { view.append(scalar.isForbidden ? " " : scalar) }
        return .string(String(view))
    }
}

extension Unicode.Scalar {
    fileprivate var isForbidden: Bool { value == 0 || value == 0x0A || value == 0x0D }
}
