extension MessageParser {
    /// A line that separates parts (RFC 2046, 5.1.1).
    struct BoundaryLine {
        /// The multipart that it belongs to.
        let part: Int
        /// Where the content before it ends: the line end before the boundary is the boundary's.
        let contentEnd: Int
        let start: Int
        /// Behind the line.
        let end: Int
        let isFinal: Bool
    }

    /// The next boundary of anything that is open. Looks for hyphens only: an attachment in base64 has none.
    func nextBoundary(from start: Int) -> BoundaryLine? {
        guard open.contains(where: { $0.boundary != nil }) else { return nil }
        let hyphen = UInt8(ascii: "-")
        var index = start
        while index < octets.endIndex {
            index = octets.next(hyphen, from: index, before: octets.endIndex)
            guard index + 1 < octets.endIndex else { return nil }
            if octets[index + 1] == hyphen, index == start || octets[index - 1].isLineEnd,
                let line = boundary(at: index)
            {
                return line
            }
            index += 1
        }
        return nil
    }

    /// The boundary that stands at the beginning of a line, innermost first: an outer one ends what has lost its own.
    func boundary(at start: Int) -> BoundaryLine? {
        let hyphens: [UInt8] = [0x2D, 0x2D]
        guard octets[start...].starts(with: hyphens) else { return nil }
        for entry in open.reversed() {
            guard let boundary = entry.boundary, start + 2 + boundary.count <= octets.endIndex,
                octets[(start + 2)..<(start + 2 + boundary.count)].elementsEqual(boundary)
            else { continue }
            var end = start + 2 + boundary.count
            let isFinal = octets[end...].starts(with: hyphens)
            if isFinal { end += 2 }
            // A line has so many octets; blanks that go on for ever are looked at once only.
            let limit = Swift.min(octets.endIndex, end + 1000)
            while end < limit, octets[end].isBlank { end += 1 }
            guard end == octets.endIndex || octets[end].isLineEnd else { continue }
            if end < octets.endIndex { end += isPair(end) ? 2 : 1 }
            return BoundaryLine(
                part: entry.part, contentEnd: lineEndBefore(start), start: start, end: end, isFinal: isFinal)
        }
        return nil
    }

    private func isPair(_ index: Int) -> Bool {
        octets[index] == 0x0D && index + 1 < octets.endIndex && octets[index + 1] == 0x0A
    }

    private func lineEndBefore(_ index: Int) -> Int {
        guard index > octets.startIndex, octets[index - 1].isLineEnd else { return index }
        return index - 1 > octets.startIndex && isPair(index - 2) ? index - 2 : index - 1
    }
}

extension ArraySlice<UInt8> {
    /// A boundary may not end in blanks (RFC 2046, 5.1.1), since relays drop them.
    var droppingTrailingBlanks: ArraySlice<UInt8> {
        var slice = self
        while let last = slice.last, last.isBlank { slice = slice.dropLast() }
        return slice
    }
}
