/// What changes between two texts, line by line, for a person to see before it happens.
///
/// A host's file holds other people's secrets, so of lines that are not new only the shape is shown: their texts are masked.
enum LineDifference {
    static func lines(from old: [UInt8], to new: [UInt8]) -> [String] {
        let (before, after) = (split(old), split(new))
        let changes = after.difference(from: before)
        let removed = Set(changes.removals.map(bare))
        return changes.sorted { position($0) < position($1) }.map { change in
            switch change {
            case .remove(_, let line, _): "- " + masked(line)
            case .insert(_, let line, _): "+ " + (removed.contains(bare(change)) ? masked(line) : line)
            }
        }
    }

    /// Where the change stands; removals before insertions.
    private static func position(_ change: CollectionDifference<String>.Change) -> (Int, Int) {
        switch change {
        case .remove(let offset, _, _): (offset, 0)
        case .insert(let offset, _, _): (offset, 1)
        }
    }

    /// The line without the comma that may be what changes.
    private static func bare(_ change: CollectionDifference<String>.Change) -> String {
        let line =
            switch change {
            case .remove(_, let line, _), .insert(_, let line, _): line
            }
        return line.filter { !$0.isWhitespace && $0 != "," }
    }

    private static func split(_ text: [UInt8]) -> [String] {
        text.split(separator: 0x0A, omittingEmptySubsequences: false)
            .map { String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self) }
    }

    /// The line with every quoted text that is no name replaced by "…".
    static func masked(_ line: String) -> String {
        var result = ""
        var rest = line[...]
        while let quote = rest.firstIndex(where: { $0 == "\"" || $0 == "'" }) {
            let mark = rest[quote]
            result += rest[..<quote]
            var end = rest.index(after: quote)
            while end < rest.endIndex, rest[end] != mark {
                if rest[end] == "\\", mark == "\"" { end = rest.index(after: end) }
                if end < rest.endIndex { end = rest.index(after: end) }
            }
            let after = end < rest.endIndex ? rest.index(after: end) : end
            let isName = rest[after...].drop { $0 == " " }.first.map { $0 == ":" || $0 == "=" } ?? false
            result += isName ? String(rest[quote..<after]) : "\(mark)…\(mark)"
            rest = rest[after...]
        }
        return result + rest
    }
}
