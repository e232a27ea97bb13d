/// One lexical token of an address list (RFC 5322, 3.2).
struct AddressToken {
    enum Kind: Equatable {
        case atom, quoted, literal, comment
        /// One of `, ; : < > @ .`
        case special(UInt8)
    }

    let kind: Kind
    /// Without quotes and brackets of comments; escapes undone.
    var text: [UInt8] = []
    /// Blanks or a comment stand before it.
    var isApart = false

    func isSpecial(_ octet: Character) -> Bool { kind == .special(octet.asciiValue ?? 0) }
}

/// Takes an address list apart, once from its beginning to its end.
struct AddressScanner {
    private let octets: ArraySlice<UInt8>
    private var position: Int
    private var isApart = false
    /// Closing characters that have been looked for and do not come any more, so that nobody looks for them from each opening.
    private var missing: Set<UInt8> = []

    init(_ octets: ArraySlice<UInt8>) {
        self.octets = octets
        position = octets.startIndex
    }

    mutating func next() -> AddressToken? {
        while position < octets.endIndex {
            let octet = octets[position]
            switch octet {
            case 0...0x20, 0x7F:
                position += 1
                isApart = true
            case UInt8(ascii: "("):
                if let text = comment() { return token(.comment, text) }
                position += 1
                isApart = true
            case UInt8(ascii: "\""):
                if let text = enclosed(until: octet) { return token(.quoted, text) }
                position += 1
            case UInt8(ascii: "["):
                if let text = enclosed(until: UInt8(ascii: "]")) { return token(.literal, text) }
                position += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "\\"):
                // Closes nothing.
                position += 1
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: "@"),
                UInt8(ascii: "."):
                position += 1
                return token(.special(octet), [octet])
            default:
                return token(.atom, atom())
            }
        }
        return nil
    }

    private mutating func token(_ kind: AddressToken.Kind, _ text: [UInt8]) -> AddressToken {
        defer { isApart = kind == .comment }
        return AddressToken(kind: kind, text: text, isApart: isApart)
    }

    private mutating func atom() -> [UInt8] {
        let start = position
        if let end = encodedWordEnd() { position = end }
        while position < octets.endIndex, Self.isAtom(octets[position]) { position += 1 }
        return Array(octets[start..<position])
    }

    private static func isAtom(_ octet: UInt8) -> Bool {
        octet > 0x20 && octet != 0x7F && !isSpecial[Int(octet)]
    }

    private static let isSpecial: [Bool] = {
        var special = [Bool](repeating: false, count: 256)
        for octet in "()<>[]:;@\\,.\"".utf8 { special[Int(octet)] = true }
        return special
    }()

    /// The end of an encoded word: many programs write commas and points into it that they must not.
    private func encodedWordEnd() -> Int? {
        guard octets[position...].starts(with: "=?".utf8) else { return nil }
        let window = octets[position...].prefix(1000).prefix { $0 > 0x20 }
        var marks = 0
        for index in window.indices where window[index] == UInt8(ascii: "?") {
            marks += 1
            // =?charset?encoding?text?=
            if marks >= 4 {
                return index + 1 < window.endIndex && window[index + 1] == UInt8(ascii: "=") ? index + 2 : nil
            }
        }
        return nil
    }

    /// Text in quotes or square brackets; nil where it does not end.
    private mutating func enclosed(until close: UInt8) -> [UInt8]? {
        guard !missing.contains(close) else { return nil }
        var text: [UInt8] = []
        var index = position + 1
        while index < octets.endIndex {
            let octet = octets[index]
            if octet == close {
                position = index + 1
                return text
            }
            if octet == UInt8(ascii: "\\"), index + 1 < octets.endIndex { index += 1 }
            if octets[index] >= 0x20, octets[index] != 0x7F { text.append(octets[index]) }
            index += 1
        }
        missing.insert(close)
        return nil
    }

    /// A comment with those in it, counted and not descended into; nil where it does not end.
    private mutating func comment() -> [UInt8]? {
        guard !missing.contains(UInt8(ascii: ")")) else { return nil }
        var text: [UInt8] = []
        var depth = 1
        var index = position + 1
        while index < octets.endIndex {
            var octet = octets[index]
            if octet == UInt8(ascii: "("), depth < .max { depth += 1 }
            if octet == UInt8(ascii: ")") {
                depth -= 1
                if depth == 0 {
                    position = index + 1
                    return text
                }
            }
            if octet == UInt8(ascii: "\\"), index + 1 < octets.endIndex {
                index += 1
                octet = octets[index]
            }
            if octet >= 0x20, octet != 0x7F { text.append(octet) }
            index += 1
        }
        missing.insert(UInt8(ascii: ")"))
        return nil
    }
}
