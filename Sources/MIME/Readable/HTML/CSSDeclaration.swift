/// A declaration of CSS that decides whether text is seen, or how it is set.
struct CSSDeclaration {
    enum Property {
        case display(isNone: Bool)
        case visibility(isHidden: Bool)
        case opacity(Double)
        case fontSize(CSSLength)
        case color(CSSColor)
        /// nil: a picture, or one that we cannot read.
        case background(CSSColor?)
        case width(CSSLength), height(CSSLength), maxWidth(CSSLength), maxHeight(CSSLength)
        case overflow(isCut: Bool)
        /// An offset counts, so that it may stand outside the window.
        case positioned(Bool)
        case offset(CSSLength), marginOffset(CSSLength), textIndent(CSSLength)
        /// Cut away or shrunk to nothing.
        case vanished(Bool)
        /// Word's own way of hiding.
        case hiddenInOffice(Bool)
        case keepsBlanks(Bool)
        case noMargin
    }

    var property: Property
    var isImportant: Bool

    /// The declarations of a style attribute or of a rule's block, those that nobody here needs left out.
    static func list(_ text: String) -> [CSSDeclaration] {
        var list: [CSSDeclaration] = []
        for item in CSSText.split(CSSText.plain(text), at: UInt8(ascii: ";")).prefix(200) {
            guard let colon = item.firstIndex(of: UInt8(ascii: ":")) else { continue }
            let name = String(decoding: item[..<colon], as: UTF8.self).trimmedBlanks
            var value = String(decoding: item[(colon + 1)...], as: UTF8.self).trimmedBlanks
            let isImportant = value.hasSuffix("important") && value.utf8.contains(UInt8(ascii: "!"))
            if isImportant, let mark = value.lastIndex(of: "!") { value = value[..<mark].trimmedBlanks }
            if let property = Self.property(name, value) {
                list.append(CSSDeclaration(property: property, isImportant: isImportant))
            }
        }
        return list
    }

    private static func property(_ name: String, _ value: String) -> Property? {
        func length(_ make: (CSSLength) -> Property) -> Property? { CSSLength(value).map(make) }
        switch name {
        case "display": return .display(isNone: value == "none")
        case "visibility": return .visibility(isHidden: value == "hidden" || value == "collapse")
        case "opacity": return CSSLength(value).map { .opacity($0.pixels(of: 1)) }
        case "filter":
            return .vanished(
                value.hasPrefix("opacity(0)") || value.hasPrefix("opacity(0%)") || value == "alpha(opacity=0)")
        case "font-size": return (CSSLength(value) ?? Self.namedSizes[value]).map(Property.fontSize)
        case "font":
            // The size is the first length, before the slash of the line's height.
            for word in value.split(separator: " ") {
                if let size = CSSLength(word.split(separator: "/").first ?? ""), size.unit != .none || size.amount == 0
                {
                    return .fontSize(size)
                }
            }
            return nil
        case "color", "-webkit-text-fill-color": return CSSColor(value).map(Property.color)
        case "background-color": return .background(CSSColor(value))
        case "background": return Self.background(value)
        case "background-image": return value == "none" ? nil : .background(nil)
        case "width": return length(Property.width)
        case "height": return length(Property.height)
        case "max-width": return length(Property.maxWidth)
        case "max-height": return length(Property.maxHeight)
        case "overflow", "overflow-x", "overflow-y":
            return .overflow(isCut: value.hasPrefix("hidden") || value.hasPrefix("clip"))
        case "position": return .positioned(value != "static")
        case "left", "top", "right", "bottom": return length(Property.offset)
        case "margin-left", "margin-top": return length(Property.marginOffset)
        case "margin":
            return value == "0" || value == "0px" || value.hasPrefix("0in 0in") || value.hasPrefix("0cm 0cm")
                ? .noMargin : nil
        case "text-indent": return length(Property.textIndent)
        case "clip": return .vanished(value.hasPrefix("rect(0") || value.hasPrefix("rect(1px"))
        case "clip-path": return .vanished(["inset(50%)", "inset(100%)", "circle(0)", "circle(0px)"].contains(value))
        case "transform":
            return .vanished(value.hasPrefix("scale(0)") || value.hasPrefix("translate") && value.contains("-9999"))
        case "mso-hide": return .hiddenInOffice(value == "all")
        case "white-space": return .keepsBlanks(value.hasPrefix("pre") && value != "pre-line")
        default: return nil
        }
    }

    private static let namedSizes: [String: CSSLength] = {
        let rows = [
            "xx-small": "9px", "x-small": "10px", "small": "13px", "medium": "16px", "large": "18px", "x-large": "24px",
            "xx-large": "32px", "smaller": "0.8em", "larger": "1.2em", "initial": "16px",
        ]
        return rows.compactMapValues { CSSLength($0) }
    }()

    private static func background(_ value: String) -> Property {
        if value.utf8.contains(UInt8(ascii: "(")), value.contains("url(") || value.contains("gradient") {
            return .background(nil)
        }
        if let whole = CSSColor(value) { return .background(whole) }
        let color = value.split(separator: " ").lazy.compactMap { CSSColor($0) }.first
        return .background(value == "none" ? CSSColor("transparent") : color)
    }
}

/// CSS as octets (CSS Syntax 3).
enum CSSText {
    /// In lower case, without comments, escapes resolved.
    static func plain(_ text: String) -> [UInt8] {
        var plain: [UInt8] = []
        let octets = Array(text.utf8)
        plain.reserveCapacity(octets.count)
        var index = 0
        while index < octets.count {
            let octet = octets[index]
            index += 1
            if octet == UInt8(ascii: "/"), index < octets.count, octets[index] == UInt8(ascii: "*") {
                index += 1
                while index < octets.count,
                    !(octets[index] == UInt8(ascii: "/") && octets[index - 1] == UInt8(ascii: "*"))
                { index += 1 }
                index += 1
            } else if octet == UInt8(ascii: "\\") {
                plain += escaped(octets, &index)
            } else {
                plain.append(octet.lowercased)
            }
        }
        return plain
    }

    private static func escaped(_ octets: [UInt8], _ index: inout Int) -> [UInt8] {
        var value: UInt32 = 0
        let start = index
        while index < octets.count, index - start < 6,
            let digit = Character(Unicode.Scalar(octets[index])).hexDigitValue
        {
            value = value << 4 | UInt32(digit)
            index += 1
        }
        guard index > start else { return [] }
        if index < octets.count, octets[index].isSpace { index += 1 }
        return Array(String(Unicode.Scalar(value).map(Character.init) ?? "\u{FFFD}").lowercased().utf8)
    }

    /// Split where `separator` stands outside of strings and parentheses.
    static func split(_ octets: [UInt8], at separator: UInt8) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var quote: UInt8?
        var depth = 0
        for (index, octet) in octets.enumerated() {
            if let open = quote {
                if octet == open { quote = nil }
            } else if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "'") {
                quote = octet
            } else if octet == UInt8(ascii: "(") {
                depth += 1
            } else if octet == UInt8(ascii: ")") {
                depth = max(0, depth - 1)
            } else if octet == separator, depth == 0 {
                parts.append(octets[start..<index])
                start = index + 1
            }
        }
        parts.append(octets[start...])
        return parts
    }
}
