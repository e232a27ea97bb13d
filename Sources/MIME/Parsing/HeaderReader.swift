/// Reads the header of a message or of a part, where it begins in the octets.
///
/// A header ends at an empty line, and also at the first line that is no field: a message that has lost the empty line is read, and
/// so is one that has no header at all.
struct HeaderReader {
    let octets: ArraySlice<UInt8>
    var fields: [MailHeader.Field] = []
    /// Where the content begins.
    var position: Int
    var hasTooManyFields = false
    var hasCutFields = false
    /// No empty line stands between header and content.
    var lacksEnd = false

    init(_ octets: ArraySlice<UInt8>, from position: Int) {
        self.octets = octets
        self.position = position
    }

    /// - Parameters:
    ///   - isMessage: that a mailbox's `From ` line may stand first.
    ///   - isBoundary: whether a boundary begins at an index; the header ends before it.
    mutating func read(isMessage: Bool, isBoundary: (Int) -> Bool) {
        let start = position
        while position < octets.endIndex {
            if octets[position].isLineEnd {
                position = afterLineEnd(position)
                return
            }
            if octets[position] == UInt8(ascii: "-"), isBoundary(position) { return }
            let end = endOfField(isBoundary)
            if isMessage, isFromLine(position, isFirst: position == start) {
                // RFC 4155: the mailbox's own line, or one that a mailbox has got among the fields.
            } else if octets[position].isBlank {
                // A continuation of nothing. Before the first field it may be text.
                guard position > start else { lacksEnd = true; return }
            } else if let colon = colon(in: position..<end) {
                append(name: octets[position..<colon], value: octets[(colon + 1)..<end])
            } else {
                lacksEnd = true
                return
            }
            position = end < octets.endIndex ? afterLineEnd(end) : end
        }
        lacksEnd = true
    }

    /// Where the line end after the line and its continuations stands.
    private func endOfField(_ isBoundary: (Int) -> Bool) -> Int {
        var end = endOfLine(position)
        while end < octets.endIndex {
            let next = afterLineEnd(end)
            guard next < octets.endIndex, octets[next].isBlank else { return end }
            // A line of blanks only is empty to everybody who looks at it; a field that goes on behind it is one that hides.
            let lineEnd = endOfLine(next)
            guard octets[next..<lineEnd].contains(where: { !$0.isBlank }) || continues(after: lineEnd) else {
                return end
            }
            end = lineEnd
        }
        return end
    }

    /// Whether header lines follow, so that a line of blanks before them is no end.
    private func continues(after lineEnd: Int) -> Bool {
        guard lineEnd < octets.endIndex else { return true }
        let next = afterLineEnd(lineEnd)
        guard next < octets.endIndex else { return true }
        return octets[next].isBlank || octets[next].isLineEnd || colon(in: next..<endOfLine(next)) != nil
    }

    /// The colon behind a field's name: printable ASCII (RFC 5322, 2.2), with blanks behind it as old programs wrote (4.5).
    private func colon(in line: Range<Int>) -> Int? {
        var index = line.lowerBound
        while index < line.upperBound, octets[index] > 0x20, octets[index] < 0x7F, octets[index] != UInt8(ascii: ":") {
            index += 1
        }
        while index < line.upperBound, octets[index].isBlank { index += 1 }
        return index < line.upperBound && octets[index] == UInt8(ascii: ":") ? index : nil
    }

    private func isFromLine(_ line: Int, isFirst: Bool) -> Bool {
        octets[line...].starts(with: "From ".utf8) || (isFirst && octets[line...].starts(with: ">From ".utf8))
    }

    private mutating func append(name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        let name = name.trimmed
        guard !name.isEmpty else { return }
        guard fields.count < MailLimits.fields else {
            hasTooManyFields = true
            return
        }
        if name.count + value.count > MailLimits.field { hasCutFields = true }
        let kept = value.prefix(MailLimits.field).trimmed
        fields.append(
            MailHeader.Field(
                name: String(decoding: name.prefix(1000), as: UTF8.self),
                value: kept.contains(where: \.isLineEnd) ? kept.filter { !$0.isLineEnd } : Array(kept)))
    }

    /// Looks ahead in steps that grow: a message whose lines end in CR alone must not be searched to its end from each of them.
    private func endOfLine(_ start: Int) -> Int {
        var from = start
        var step = 128
        while from < octets.endIndex {
            let limit = from + Swift.min(step, octets.endIndex - from)
            let feed = octets.next(0x0A, from: from, before: limit)
            let end = octets.next(0x0D, from: from, before: feed)
            if end < limit { return end }
            from = limit
            step *= 2
        }
        return octets.endIndex
    }

    private func afterLineEnd(_ end: Int) -> Int {
        octets[end] == 0x0D && end + 1 < octets.endIndex && octets[end + 1] == 0x0A ? end + 2 : end + 1
    }
}
