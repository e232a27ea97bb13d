/// HTML cut down to what is read of it: tags in one form with the attributes that matter, and text. Comments (conditional ones
/// too), declarations, scripts and titles are gone, style sheets stand apart.
///
/// It is read by the rules of HTML's tokenizer (WHATWG HTML, 13.2.5) before libxml2 sees it, because libxml2 up to 2.13 ends comments
/// and tags elsewhere than mail programs do, and what is hidden in the difference would be read.
struct HTMLMarkup {
    private(set) var tags: [UInt8] = []
    private(set) var styles: [UInt8] = []

    private let source: UnsafeBufferPointer<UInt8>
    private var position = 0
    /// How many elements of a name have started and not ended. libxml2 would search all that is open for each end tag of nothing.
    private var open: [String: Int] = [:]
    /// Elements whose end tag does not come any more, so that it is sought once.
    private var endless: Set<String> = []

    static let mostStyleOctets = 256 << 10
    private static let longestValue = 16 << 10
    private static let kept: Set<String> = [
        "style", "class", "id", "hidden", "href", "alt", "width", "height", "bgcolor", "background", "color", "text",
        "type", "start",
        "value",
    ]
    /// What they hold is no markup, and none of it shows.
    private static let raw: Set<String> = ["script", "style", "title", "textarea", "iframe", "noembed", "noframes"]

    init(_ html: UnsafeBufferPointer<UInt8>) {
        source = html
        tags.reserveCapacity(html.count / 2)
        while position < source.count { step() }
    }

    private mutating func step() {
        let octet = source[position]
        guard octet == UInt8(ascii: "<") else {
            position += 1
            if octet >= 0x20 || octet == 0x09 || octet == 0x0A || octet == 0x0D || octet == 0x0C { tags.append(octet) }
            return
        }
        let next = position + 1 < source.count ? source[position + 1] : 0
        switch next {
        case UInt8(ascii: "!"): skipDeclaration()
        case UInt8(ascii: "?"): skip(past: UInt8(ascii: ">"))
        case UInt8(ascii: "/"):
            if position + 2 < source.count, source[position + 2].isLetter {
                readTag(isEnd: true)
            } else {
                skip(past: UInt8(ascii: ">"))
            }
        case _ where next.isLetter: readTag(isEnd: false)
        default:
            tags += "&lt;".utf8
            position += 1
        }
    }

    private mutating func skip(past octet: UInt8) {
        while position < source.count, source[position] != octet { position += 1 }
        position += 1
    }

    /// A comment, or something that is taken for one.
    private mutating func skipDeclaration() {
        guard matches("<!--") else { return skip(past: UInt8(ascii: ">")) }
        position += 4
        if matches(">") || matches("->") { return skip(past: UInt8(ascii: ">")) }
        while position < source.count, !matches("-->"), !matches("--!>") { position += 1 }
        skip(past: UInt8(ascii: ">"))
    }

    private func matches(_ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard position + length <= source.count else { return false }
        for offset in 0..<length where source[position + offset] != text.utf8Start[offset] { return false }
        return true
    }

    // MARK: Tags

    private mutating func readTag(isEnd: Bool) {
        position += isEnd ? 2 : 1
        let name = readName { $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/") || $0.isSpace }
        let mark = tags.count
        tags.append(UInt8(ascii: "<"))
        if isEnd { tags.append(UInt8(ascii: "/")) }
        tags += name.utf8
        let isClosed = readAttributes(isEnd: isEnd)
        tags.append(UInt8(ascii: ">"))
        // Past the end of the source the tag never ended; a name like no other would be read anew by libxml2.
        if position > source.count
            || !name.utf8.allSatisfy({ $0.isLetter || $0.isDigit || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "-") }
            )
            || (isEnd && open[name, default: 0] == 0)
        {
            tags.removeSubrange(mark...)
        } else if isEnd {
            open[name, default: 0] -= 1
        } else if Self.raw.contains(name) {
            tags.removeSubrange(mark...)
            skipRaw(name, isClosed: isClosed)
        } else if open.count < 1000 || open[name] != nil {
            open[name, default: 0] += 1
        }
    }

    private mutating func readName(until ends: (UInt8) -> Bool) -> String {
        let start = position
        while position < source.count, !ends(source[position]) { position += 1 }
        guard position - start <= 40 else { return "?" }
        return String(decoding: source[start..<position].map(\.lowercased), as: UTF8.self)
    }

    /// Up to and with the `>`; position is past the end of the source when there is none.
    ///
    /// - Returns: whether it ends by `/>`.
    private mutating func readAttributes(isEnd: Bool) -> Bool {
        var isClosed = false
        while position < source.count {
            let octet = source[position]
            if octet == UInt8(ascii: ">") {
                position += 1
                return isClosed
            }
            if octet.isSpace || octet == UInt8(ascii: "/") {
                isClosed = octet == UInt8(ascii: "/")
                position += 1
                continue
            }
            isClosed = false
            // A name may begin with "=".
            if octet == UInt8(ascii: "=") { position += 1 }
            let name = readName {
                $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/") || $0.isSpace || $0 == UInt8(ascii: "=")
            }
            let value = readValue()
            if !isEnd, Self.kept.contains(name) { append(name, value) }
        }
        position = source.count + 1
        return false
    }

    private mutating func readValue() -> Range<Int> {
        var ahead = position
        while ahead < source.count, source[ahead].isSpace { ahead += 1 }
        guard ahead < source.count, source[ahead] == UInt8(ascii: "=") else { return position..<position }
        position = ahead + 1
        while position < source.count, source[position].isSpace { position += 1 }
        guard position < source.count else { return position..<position }
        let quote = source[position]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            let start = position + 1
            position = start
            while position < source.count, source[position] != quote { position += 1 }
            let value = start..<position
            position += 1
            return value
        }
        let start = position
        while position < source.count, source[position] != UInt8(ascii: ">"), !source[position].isSpace {
            position += 1
        }
        return start..<position
    }

    private mutating func append(_ name: String, _ value: Range<Int>) {
        guard value.count <= Self.longestValue else { return }
        tags.append(0x20)
        tags += name.utf8
        tags += "=\"".utf8
        for index in value {
            switch source[index] {
            case UInt8(ascii: "\""): tags += "&quot;".utf8
            case UInt8(ascii: "<"): tags += "&lt;".utf8
            case UInt8(ascii: ">"): tags += "&gt;".utf8
            case 0..<0x20: tags.append(0x20)
            case let octet: tags.append(octet)
            }
        }
        tags.append(UInt8(ascii: "\""))
    }

    // MARK: What is no markup

    private mutating func skipRaw(_ name: String, isClosed: Bool) {
        let start = position
        if !endless.contains(name) {
            let sought = Array("</\(name)".utf8)
            while position + sought.count <= source.count {
                if source[position] == UInt8(ascii: "<"), isEndTag(sought) {
                    if name == "style", styles.count + position - start <= Self.mostStyleOctets {
                        styles += source[start..<position]
                        styles.append(0x0A)
                    }
                    return skip(past: UInt8(ascii: ">"))
                }
                position += 1
            }
            endless.insert(name)
        }
        // It goes to the end, as in a browser; `<title/>` of one who thinks in XML does not.
        position = isClosed ? start : source.count
    }

    private func isEndTag(_ sought: [UInt8]) -> Bool {
        for offset in sought.indices where source[position + offset].lowercased != sought[offset] { return false }
        guard position + sought.count < source.count else { return true }
        let next = source[position + sought.count]
        return next.isSpace || next == UInt8(ascii: ">") || next == UInt8(ascii: "/")
    }
}
