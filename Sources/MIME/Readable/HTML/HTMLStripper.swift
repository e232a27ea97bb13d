/// HTML with its tags taken out, for machines that have no libxml2: lines where blocks end, and the commonest entities.
enum HTMLStripper {
    static func text(of markup: HTMLMarkup, limit: Int) -> [UInt8] {
        var flow = TextFlow()
        let octets = markup.tags
        octets.withUnsafeBufferPointer { octets in
            var position = 0
            while position < octets.count, flow.octets.count <= limit {
                let start = position
                if octets[position] == UInt8(ascii: "<") {
                    while position < octets.count, octets[position] != UInt8(ascii: ">") { position += 1 }
                    let name = octets[start..<position].dropFirst().drop { $0 == UInt8(ascii: "/") }.prefix {
                        !$0.isSpace
                    }
                    position += 1
                    breakLine(at: String(decoding: name, as: UTF8.self), &flow)
                } else {
                    while position < octets.count, octets[position] != UInt8(ascii: "<") { position += 1 }
                    var text = HTMLEntities.resolved(octets[start..<position])
                    text.withUTF8 { flow.append($0, isPreformatted: false) }
                }
            }
        }
        return flow.rendered(limit: limit, marking: nil).text
    }

    private static func breakLine(at name: String, _ flow: inout TextFlow) {
        switch HTMLElement(name) {
        case .inline, .link, .image, .unseen: break
        case .lineBreak: flow.endLine()
        case .paragraph, .list, .quote, .preformatted: flow.breakParagraph()
        case .block, .item, .table, .row, .cell, .rule: flow.breakLine()
        }
    }
}

/// Characters written as references (HTML 4.01, 24): numbers, and the few names that plain mail is full of.
enum HTMLEntities {
    private static let named: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "euro": "€", "copy": "©",
        "reg": "®", "hellip": "…",
        "ndash": "–", "mdash": "—", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "auml": "ä",
        "ouml": "ö",
        "uuml": "ü", "Auml": "Ä", "Ouml": "Ö", "Uuml": "Ü", "szlig": "ß", "eacute": "é", "egrave": "è", "agrave": "à",
        "ccedil": "ç",
        "ntilde": "ñ", "pound": "£", "zwnj": "\u{200C}", "shy": "\u{AD}", "middot": "·", "laquo": "«", "raquo": "»",
    ]

    static func resolved(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> String {
        guard text.contains(UInt8(ascii: "&")) else { return String(decoding: text, as: UTF8.self) }
        var octets: [UInt8] = []
        var position = text.startIndex
        while position < text.endIndex {
            let octet = text[position]
            if octet == UInt8(ascii: "&") {
                let name = text[(position + 1)...].prefix(10).prefix { $0 != UInt8(ascii: ";") }
                let end = position + 1 + name.count
                if end < text.endIndex, text[end] == UInt8(ascii: ";"),
                    let scalar = scalar(String(decoding: name, as: UTF8.self))
                {
                    octets += String(Character(scalar)).utf8
                    position = end + 1
                    continue
                }
            }
            octets.append(octet)
            position += 1
        }
        return String(decoding: octets, as: UTF8.self)
    }

    private static func scalar(_ name: String) -> Unicode.Scalar? {
        guard name.hasPrefix("#") else { return named[name] }
        let digits = name.dropFirst()
        let value =
            digits.hasPrefix("x") || digits.hasPrefix("X") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return value.flatMap(Unicode.Scalar.init).flatMap { $0.value < 0x20 && $0 != "\n" && $0 != "\t" ? nil : $0 }
    }
}
