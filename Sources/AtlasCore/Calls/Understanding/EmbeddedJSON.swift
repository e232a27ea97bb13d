import JSON

/// The JSON values in a model's answer, whatever stands around them: chat, code fences, thoughts.
///
/// Strict JSON only; what is cut off at the end is completed with what is whole in it. The work is bounded however hostile the
/// text is.
struct EmbeddedJSON {
    private(set) var values: [JSON] = []
    /// Whether the last value was cut off, and only its complete members were kept.
    private(set) var isTruncated = false

    /// Octets looked at in all, as a multiple of the text. Every opening bracket that begins no value costs a look to its end.
    private static let mostLooks = 32
    private static let deepest = 48

    init(in octets: [UInt8]) {
        var position = 0
        var budget = octets.count * Self.mostLooks
        var thoughtsEnd = true
        while position < octets.count, budget > 0, values.count < 64 {
            switch octets[position] {
            case UInt8(ascii: "<"):
                if let tag = Self.thought(octets, at: position) {
                    if tag.isEnd {
                        // What came before was thought aloud, its beginning left out.
                        values = []
                        position += tag.count
                    } else if thoughtsEnd, let end = Self.endOfThought(octets, from: position + tag.count) {
                        position = end
                    } else {
                        // A thought without an end: the answer, if there is one, stands in it.
                        thoughtsEnd = false
                        position += tag.count
                    }
                } else {
                    position += 1
                }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                let span = Self.span(octets, from: position)
                budget -= span.end - position
                let slice = octets[position..<span.end]
                if span.isComplete {
                    if let value = try? JSON(parsing: slice) {
                        values.append(value)
                        position = span.end
                    } else {
                        position += 1
                    }
                } else if let value = Self.completed(slice, span.cuts, &budget) {
                    values.append(value)
                    isTruncated = true
                    position = span.end
                } else {
                    position += 1
                }
            default: position += 1
            }
        }
    }

    // MARK: - Thoughts

    private static let thoughts = ["think", "thinking", "thought", "reasoning", "reflection"]

    private static func thought(_ octets: [UInt8], at position: Int) -> (count: Int, isEnd: Bool)? {
        let tag = octets[position...].prefix(16)
        for name in thoughts {
            if tag.starts(with: "<\(name)>".utf8) { return (name.utf8.count + 2, false) }
            if tag.starts(with: "</\(name)>".utf8) { return (name.utf8.count + 3, true) }
        }
        return nil
    }

    private static func endOfThought(_ octets: [UInt8], from start: Int) -> Int? {
        var position = start
        while position < octets.count {
            if octets[position] == UInt8(ascii: "<"), let tag = thought(octets, at: position), tag.isEnd {
                return position + tag.count
            }
            position += 1
        }
        return nil
    }

    // MARK: - One value

    /// A place where a value that was cut off may be ended, and the brackets that are open there.
    private struct Cut {
        var end: Int
        var open: [UInt8]
    }

    private struct Span {
        var end: Int
        var isComplete: Bool
        /// The last ones, the latest last.
        var cuts: [Cut] = []
    }

    /// The text from the bracket at `start` to the one that closes it, or to the end.
    private static func span(_ octets: [UInt8], from start: Int) -> Span {
        var open: [UInt8] = []
        var cuts: [Cut] = []
        var position = start
        func note(_ end: Int) {
            cuts.append(Cut(end: end, open: open))
            if cuts.count > 32 { cuts.removeFirst(16) }
        }
        while position < octets.count {
            let octet = octets[position]
            switch octet {
            case UInt8(ascii: "\""):
                position += 1
                while position < octets.count, octets[position] != UInt8(ascii: "\"") {
                    position += octets[position] == UInt8(ascii: "\\") ? 2 : 1
                }
                if position >= octets.count { return Span(end: octets.count, isComplete: false, cuts: cuts) }
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open.append(octet + 2)
                if open.count > deepest { return Span(end: position, isComplete: true) }
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open.last == octet else { return Span(end: position, isComplete: true) }
                open.removeLast()
                if open.isEmpty { return Span(end: position + 1, isComplete: true) }
                note(position + 1)
            case UInt8(ascii: ","): note(position)
            default: break
            }
            position += 1
        }
        // It may have ended after a whole string, just before a comma.
        if octets.last == UInt8(ascii: "\"") { note(octets.count) }
        return Span(end: octets.count, isComplete: false, cuts: cuts)
    }

    private static func completed(_ slice: ArraySlice<UInt8>, _ cuts: [Cut], _ budget: inout Int) -> JSON? {
        for cut in cuts.reversed().prefix(8) where budget > 0 {
            budget -= cut.end - slice.startIndex
            if let value = try? JSON(parsing: Array(slice[..<cut.end]) + cut.open.reversed()) { return value }
        }
        return nil
    }
}
