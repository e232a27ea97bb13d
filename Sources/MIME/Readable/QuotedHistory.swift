/// Tells what is new in a mail from the history that it quotes at its end.
///
/// Only the end is cut: who answers between the lines of what is quoted needs both to be understood.
struct QuotedHistory {
    private let lines: [Substring]
    /// From here on there is nothing but quoted and blank lines, up to `bodyEnd`.
    private let trailingQuote: Int
    private let hasTrailingQuote: Bool
    private let lastQuoted: Int
    /// Where a signature below the quoted history begins; else the number of lines.
    private let bodyEnd: Int

    /// - Parameter mark: where (in octets) a region begins that the mail program marked as quoted.
    static func newText(of text: String, mark: Int? = nil) -> String {
        let history = QuotedHistory(text)
        let cut = history.start(mark: mark.map { history.line(at: $0, in: text) })
        guard cut < history.lines.count else { return text }
        var kept = history.withoutIntroduction(cut)
        if history.bodyEnd < history.lines.count, cut < history.bodyEnd {
            kept += [""] + history.lines[history.bodyEnd...]
        }
        while let last = kept.last, last.isBlankLine { kept.removeLast() }
        // A mail that is nothing but history is new as a whole: somebody forwarded it.
        return kept.allSatisfy(\.isBlankLine) ? text : kept.joined(separator: "\n")
    }

    private init(_ text: String) {
        lines = text.lineSlices
        lastQuoted = lines.lastIndex { $0.isQuotedLine } ?? -1
        var bodyEnd = lines.count
        let tail = lines[(lastQuoted + 1)...]
        if lastQuoted >= 0, let first = tail.first(where: { !$0.isBlankLine }), first == "-- " || first == "--",
            tail.count <= 15,
            let place = tail.firstIndex(where: { !$0.isBlankLine })
        {
            bodyEnd = place
        }
        self.bodyEnd = bodyEnd
        var start = bodyEnd
        while start > 0, lines[start - 1].isBlankLine || lines[start - 1].isQuotedLine { start -= 1 }
        trailingQuote = start
        hasTrailingQuote = lastQuoted >= start
    }

    private func line(at octet: Int, in text: String) -> Int {
        text.utf8.prefix(octet).reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
    }

    // MARK: Where it begins

    /// The first line of the quoted history; the number of lines where there is none.
    private func start(mark: Int?) -> Int {
        // What is forwarded is what the mail is about, and has history of its own.
        let forwarded = lines.firstIndex { $0.utf8.count <= 200 && QuotePhrases.isForwardMark($0) } ?? lines.count
        var end = min(lines.count, forwarded)
        if let mark, mark <= end, !(mark <= forwarded && forwarded <= mark + 3 && forwarded < lines.count) {
            end = mark
        }
        for index in 0..<end where !lines[index].isQuotedLine && !lines[index].isBlankLine {
            let line = lines[index]
            if line.utf8.count <= 200, QuotePhrases.isOriginalMark(line) || startsHeaderBlock(index) { return index }
            if let last = attributionEnd(index), startsHistory(after: last, from: index) { return index }
        }
        if end < lines.count, end != forwarded { return end }
        return hasTrailingQuote && trailingQuote < forwarded ? trailingQuote : lines.count
    }

    /// Whether all after an attribution is what it attributes.
    private func startsHistory(after last: Int, from first: Int) -> Bool {
        if lastQuoted > last { return hasTrailingQuote && trailingQuote <= last + 1 }
        let introduction = lines[first...last].joined(separator: " ")
        return last + 1 < lines.count && QuotePhrases.startsAttribution(lines[first])
            && introduction.utf8.count(where: \.isDigit) >= 4
    }

    /// The last line of an attribution (`On … wrote:`) that begins here, wrapped to three lines at most.
    private func attributionEnd(_ first: Int) -> Int? {
        let isStart = QuotePhrases.startsAttribution(lines[first])
        for last in first..<min(first + (isStart ? 3 : 1), lines.count) {
            if lines[last].isBlankLine || lines[last].isQuotedLine { return nil }
            guard lines[last].endsWithColon else { continue }
            let text = lines[first...last].joined(separator: " ")
            return text.utf8.count <= 500 && QuotePhrases.isAttribution(text) ? last : nil
        }
        return nil
    }

    /// Outlook's From, Sent, To, Subject.
    private func startsHeaderBlock(_ first: Int) -> Bool {
        guard QuotePhrases.field(lines[first]) == .from else { return false }
        var found: Set<QuotePhrases.Field> = []
        for line in lines[(first + 1)...].prefix(8) where line.utf8.count <= 2000 {
            if let field = QuotePhrases.field(line), field != .from { found.insert(field) }
        }
        return found.count >= 2
    }

    // MARK: What introduces it

    /// The lines before the history, without those that lead over to it.
    private func withoutIntroduction(_ cut: Int) -> [Substring] {
        var kept = Array(lines[..<cut])
        func dropBlank() { while let last = kept.last, last.isBlankLine || last.isRule { kept.removeLast() } }
        dropBlank()
        for length in stride(from: min(3, kept.count), to: 0, by: -1) {
            let first = kept.count - length
            if attributionEnd(first) == kept.count - 1 || (length == 1 && QuotePhrases.isLikelyAttribution(kept[first]))
            {
                kept.removeLast(length)
                dropBlank()
                break
            }
        }
        return kept
    }
}

extension Substring {
    var isBlankLine: Bool { utf8.allSatisfy(\.isSpace) }
    var isQuotedLine: Bool { utf8.first { !$0.isSpace } == UInt8(ascii: ">") }
    /// A line of dashes or underscores.
    var isRule: Bool {
        let marks = utf8.filter { !$0.isSpace }
        return marks.count >= 3 && marks.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    }
    var endsWithColon: Bool {
        let end = utf8.suffix(8).reversed().drop(while: \.isSpace)
        return end.first == UInt8(ascii: ":") || end.starts(with: [0x9A, 0xBC, 0xEF])
    }
}
