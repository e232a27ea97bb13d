import JSON

/// Free JSON from people and programs we do not know, made fit for a `jsonb` column.
enum OutsideJSON {
    private static let deepest = 16
    private static let mostOctets = 64 << 10

    /// The values with every text cleaned, as many as fit the column's share of a result.
    static func cleaned(_ values: [JSON]) -> [JSON] {
        var octets = 0
        var kept: [JSON] = []
        for value in values.prefix(100) {
            let value = cleaned(value, depth: 0)
            octets += value.bytes.count
            if octets > mostOctets { break }
            kept.append(value)
        }
        return kept
    }

    private static func cleaned(_ value: JSON, depth: Int) -> JSON {
        switch value {
        case .string(let text): return .string(text.cleaned(keepingLines: true))
        case .array(let items):
            return depth < deepest ? .array(items.prefix(1000).map { cleaned($0, depth: depth + 1) }) : .null
        case .object(let object):
            guard depth < deepest else { return .null }
            var kept: JSON.Object = [:]
            // Two names may be one when they are cleaned.
            for member in object.members.prefix(200) {
                kept[member.name.cleaned()] = cleaned(member.value, depth: depth + 1)
            }
            return .object(kept)
        case .null, .bool, .integer, .number: return value
        }
    }
}
