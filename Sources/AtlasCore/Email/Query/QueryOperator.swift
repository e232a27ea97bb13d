#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What can stand before a colon.
enum QueryOperator: String, CaseIterable {
    case from, to, cc, subject, body
    case `is`, has
    case newerThan = "newer_than"
    case olderThan = "older_than"
    case after, before
    case larger, smaller
    case `in`

    /// Other spellings, most of them Gmail's.
    private static let aliases: [String: QueryOperator] = [
        "since": .after, "newer": .after, "older": .before, "newer-than": .newerThan, "older-than": .olderThan,
    ]

    /// - Parameter token: its place is told when there is no such operator.
    init(_ name: String, at token: QueryToken) throws(AtlasError) {
        let name = name.lowercased()
        if let known = QueryOperator(rawValue: name) ?? Self.aliases[name] {
            self = known
            return
        }
        let known = Self.allCases.map { "\($0.rawValue):" }.joined(separator: " ")
        let nearest = Spelling.nearest(to: name, among: Self.allCases.map(\.rawValue) + Self.aliases.keys.sorted())
        let hint = nearest.map { ", did you mean \($0):?" } ?? "."
        throw .query(
            "\(token.place) is no operator\(hint) Known are \(known). To search for it as text, put it in quotes.")
    }

    /// Whether it looks for text, so that its value may be several words in parentheses.
    var isText: Bool {
        switch self {
        case .from, .to, .cc, .subject, .body: true
        default: false
        }
    }

    /// How it is written, for complaints.
    var example: String {
        switch self {
        case .from, .to, .cc: "\(rawValue):ann@example.com"
        case .subject, .body: "\(rawValue):estimate or \(rawValue):\"spring clean\""
        case .is: "is:unread, is:read, is:starred or is:answered"
        case .has: "has:attachment"
        case .newerThan, .olderThan: "\(rawValue):2d (h, d, w, m and y are hours, days, weeks, months and years)"
        case .after, .before: "\(rawValue):2026/11/24"
        case .larger, .smaller: "\(rawValue):5M (or 10K, or a number of octets)"
        case .in: "in:inbox, in:sent or in:\"A Folder\""
        }
    }
}

/// Finds the name that was meant.
enum Spelling {
    /// The name that differs least, if it differs by few letters: an insertion, a deletion, a replacement, or an exchange of
    /// neighbours each count one (the optimal string alignment distance).
    static func nearest(to name: String, among names: [String]) -> String? {
        let wanted = Array(name.utf8.prefix(24))
        let distances = names.map { (name: $0, distance: distance(wanted, Array($0.utf8))) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        return best.distance <= max(1, min(3, wanted.count / 2)) ? best.name : nil
    }

    private static func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var rows = [[Int](), Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(rows[1][j] + (a[i] == b[j] ? 0 : 1), rows[1][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[0][j - 1] + 1) }
                row.append(cost)
            }
            rows = [rows[1], row]
        }
        return rows[1][b.count]
    }
}
