/// A part of a long text, small enough for a result.
struct TextPage {
    let text: String
    /// Where the next page begins; nil when this is the last.
    let nextOffset: Int?

    /// - Parameters:
    ///   - offset: in characters (Unicode scalars).
    ///   - limit: most characters.
    ///   - mostOctets: most octets as JSON, which characters beyond ASCII and escapes make more of.
    init(_ whole: String, offset: Int, limit: Int, mostOctets: Int) {
        let scalars = whole.unicodeScalars
        guard let start = scalars.index(scalars.startIndex, offsetBy: offset, limitedBy: scalars.endIndex) else {
            text = ""
            nextOffset = nil
            return
        }
        var end = start
        var count = 0
        var octets = 0
        while end < scalars.endIndex, count < limit {
            let scalar = scalars[end]
            octets += Self.octets(scalar)
            if octets > mostOctets, count > 0 { break }
            scalars.formIndex(after: &end)
            count += 1
        }
        text = String(scalars[start..<end])
        nextOffset = end < scalars.endIndex ? offset + count : nil
    }

    /// As JSON.
    private static func octets(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x22, 0x5C, 0x0A, 0x0D, 0x09: 2
        case 0..<0x20: 6
        case 0..<0x80: 1
        case 0..<0x800: 2
        case 0..<0x10000: 3
        default: 4
        }
    }
}
