import JSON

// What came back is checked here: a client may not have.
extension Form {
    /// The content, limited to the fields that were asked for, or `nil` if it does not conform.
    func accepted(_ content: JSON.Object, _ revision: Revision) -> JSON.Object? {
        var accepted = JSON.Object()
        for field in fields {
            guard let value = content[field.name], !value.isNull else {
                if field.isRequired { return nil }
                continue
            }
            guard field.accepts(value) else { return nil }
            accepted.append(field.name, value)
        }
        return accepted
    }
}

extension Form.Field {
    fileprivate func accepts(_ value: JSON) -> Bool {
        switch kind {
        case .text(let format, let length):
            guard let text = value.text else { return false }
            return (length?.contains(text.unicodeScalars.count) ?? true) && (format?.accepts(text) ?? true)
        case .integer(let range):
            guard let number = value.number, let integer = Int(exactly: number) else { return false }
            return range?.contains(integer) ?? true
        case .number(let range):
            guard let number = value.number else { return false }
            return range?.contains(number) ?? true
        case .flag: return value.flag != nil
        case .choice(let choices): return choices.contains { .string($0.value) == value }
        case .choices(let choices, let count):
            guard let items = value.items, Set(items).count == items.count else { return false }
            let areKnown = items.allSatisfy { item in choices.contains { .string($0.value) == item } }
            return areKnown && (count?.contains(items.count) ?? true)
        }
    }
}

extension Form.Format {
    /// A plausibility check; what the text is used for decides whether it is right.
    fileprivate func accepts(_ text: String) -> Bool {
        let characters = Array(text.utf8)
        switch self {
        case .email:
            let parts = text.split(separator: "@", omittingEmptySubsequences: false)
            return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(" ")
        case .uri: return URITemplate.isURI(text)
        case .date: return Self.fits(characters[...], "0000-00-00")
        case .dateTime:
            guard characters.count >= 20, Self.fits(characters[..<19], "0000-00-00T00:00:00") else { return false }
            return characters.last! | 0x20 == UInt8(ascii: "z") || Self.fits(characters.suffix(6), "+00:00")
        }
    }

    /// Whether digits stand where the pattern has zeros, and the same characters elsewhere (a sign may be either).
    private static func fits(_ text: ArraySlice<UInt8>, _ pattern: String) -> Bool {
        text.count == pattern.utf8.count
            && zip(text, pattern.utf8).allSatisfy { character, wanted in
                switch wanted {
                case UInt8(ascii: "0"): (0x30...0x39).contains(character)
                case UInt8(ascii: "+"): character == wanted || character == UInt8(ascii: "-")
                default: character == wanted || character == wanted | 0x20
                }
            }
    }
}
