/// Plain text that is set line by line from what HTML says: blanks collapsed, lines quoted and indented.
struct TextFlow {
    struct Line {
        var start: Int
        var quote: Int
        var indent: Int
        var followsBlank: Bool
    }

    /// The text of all lines, without what stands before them.
    private(set) var octets: [UInt8] = []
    private(set) var lines: [Line] = []
    /// For the lines to come.
    var quote = 0
    var indent = 0
    /// Stands before the next line, within its indent.
    var marker: String?

    private var isLineOpen = false
    private var owesSpace = false
    private var owesBlank = false
    /// Whether the line has a blank that holds its place, `&nbsp;`.
    private var hasHeldBlank = false

    static let deepestQuote = 10
    static let deepestIndent = 24

    // MARK: Text

    mutating func append(_ text: UnsafeBufferPointer<UInt8>, isPreformatted: Bool) {
        var index = 0
        while index < text.count {
            let octet = text[index]
            let following = index + 1 < text.count ? text[index + 1] : 0
            index += 1
            if octet == 0xC2, (0x80..<0xA0).contains(following) {
                // A control of ISO 8859-1: windows-1252 was meant (WHATWG HTML, 13.2.5.80).
                index += 1
                if let meant = Windows1252.characters[Int(following & 0x1F)] { put(meant.utf8) }
            } else if octet == 0xC2, following == 0xA0 {
                index += 1
                if isPreformatted { put(CollectionOfOne(0x20)) } else { owesSpace = true }
                if !isLineOpen { hasHeldBlank = true }
            } else if let length = Self.fillerLength(text, index - 1) {
                index += length - 1
            } else if octet.isSpace {
                if !isPreformatted {
                    owesSpace = true
                } else if octet == 0x0A {
                    endLine()
                } else if octet != 0x0D {
                    put(CollectionOfOne(octet == 0x09 ? 0x09 : 0x20))
                }
            } else {
                let start = index - 1
                while index < text.count, !Self.isSpecial(text[index]) { index += 1 }
                put(text[start..<index])
            }
        }
    }

    /// Octets that may begin what the loop above treats apart.
    private static func isSpecial(_ octet: UInt8) -> Bool {
        octet.isSpace || octet == 0xC2 || octet == 0xCD || octet == 0xE2 || octet == 0xEF
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append($0, isPreformatted: false) }
    }

    private mutating func put(_ characters: some Sequence<UInt8>) {
        if !isLineOpen {
            let marker = marker.map { Array($0.utf8) } ?? []
            lines.append(
                Line(
                    start: octets.count, quote: min(quote, Self.deepestQuote),
                    indent: min(max(0, indent - marker.count), Self.deepestIndent),
                    followsBlank: owesBlank && !lines.isEmpty))
            octets += marker
            self.marker = nil
            (isLineOpen, owesBlank, owesSpace, hasHeldBlank) = (true, false, false, false)
        } else if owesSpace {
            octets.append(0x20)
            owesSpace = false
        }
        octets.append(contentsOf: characters)
    }

    /// Characters that take no room and fill the preview of a newsletter: soft hyphen, grapheme joiner, zero-width space, word
    /// joiner and the rest of U+2060…206F, byte order mark.
    private static func fillerLength(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int? {
        func at(_ offset: Int) -> UInt8 { index + offset < text.count ? text[index + offset] : 0 }
        switch at(0) {
        case 0xC2 where at(1) == 0xAD, 0xCD where at(1) == 0x8F: return 2
        case 0xE2 where at(1) == 0x80 && at(2) == 0x8B, 0xE2 where at(1) == 0x81 && (0xA0...0xAF).contains(at(2)),
            0xEF where at(1) == 0xBB && at(2) == 0xBF:
            return 3
        default: return nil
        }
    }

    // MARK: Lines

    /// What follows starts on a new line; a line that holds nothing but `&nbsp;` stays as a blank one.
    mutating func breakLine() {
        if !isLineOpen, hasHeldBlank { owesBlank = true }
        (isLineOpen, owesSpace, hasHeldBlank) = (false, false, false)
    }

    /// `<br>`: on an empty line it makes a blank one.
    mutating func endLine() {
        if !isLineOpen { owesBlank = true }
        breakLine()
    }

    mutating func breakParagraph() {
        breakLine()
        owesBlank = true
    }

    /// Appended to the last line, also when it is closed: what belongs to the text before.
    mutating func appendToLast(_ text: String) {
        guard !lines.isEmpty else { return append(text) }
        octets.append(0x20)
        octets += text.utf8
        owesSpace = owesSpace && isLineOpen
    }

    /// Sets the lines from `first` on into one with separators between, when they are alike and short: a row of cells.
    mutating func joinLines(from first: Int, separator: String) {
        guard lines.count - first >= 2, !isLineOpen, let head = lines.dropFirst(first).first,
            octets.count - head.start <= 2000,
            lines[first...].allSatisfy({ $0.quote == head.quote && $0.indent == head.indent })
        else { return }
        var joined: [UInt8] = []
        for index in first..<lines.count {
            if index > first { joined += separator.utf8 }
            joined += octets[lines[index].start..<end(of: index)]
        }
        octets.replaceSubrange(head.start..., with: joined)
        lines.removeSubrange((first + 1)...)
    }

    func end(of line: Int) -> Int { line + 1 < lines.count ? lines[line + 1].start : octets.count }

    // MARK: Result

    /// - Returns: the text, cut before the line that would go over `limit`, and where in it (in octets) `line` starts.
    func rendered(limit: Int, marking line: Int?) -> (text: [UInt8], mark: Int?, isCut: Bool) {
        var text: [UInt8] = []
        text.reserveCapacity(min(limit, octets.count + lines.count * 2))
        var mark: Int?
        for (index, item) in lines.enumerated() {
            let start = text.count
            if index > 0 { text.append(0x0A) }
            if item.followsBlank {
                text.append(
                    contentsOf: repeatElement(UInt8(ascii: ">"), count: min(item.quote, lines[index - 1].quote)))
                text.append(0x0A)
            }
            if index == line { mark = text.count }
            for _ in 0..<item.quote { text += "> ".utf8 }
            text.append(contentsOf: repeatElement(0x20, count: item.indent))
            var end = end(of: index)
            while end > item.start, octets[end - 1] == 0x20 || octets[end - 1] == 0x09 { end -= 1 }
            text += octets[item.start..<end]
            if text.count > limit {
                text.removeSubrange(start...)
                return (text, mark, true)
            }
        }
        return (text, mark, false)
    }
}

/// The characters of windows-1252 in 0x80…0x9F, where ISO 8859-1 has controls.
enum Windows1252 {
    static let characters: [String?] = [
        "€", nil, "‚", "ƒ", "„", "…", "†", "‡", "ˆ", "‰", "Š", "‹", "Œ", nil, "Ž", nil, nil, "‘", "’", "“", "”", "•",
        "–", "—", "˜", "™",
        "š", "›", "œ", nil, "ž", "Ÿ",
    ]
}
