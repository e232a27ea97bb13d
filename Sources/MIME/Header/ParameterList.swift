/// The parameters behind a structured field's first word (RFC 2045, 5.1), with the continuations and charsets of RFC 2231.
struct ParameterList {
    /// What stands before the first semicolon, without comments and blanks.
    private(set) var first: [UInt8] = []
    /// The values as octets, by names in lower case, with the charset that they name.
    private(set) var values: [String: Value] = [:]

    struct Value {
        var octets: [UInt8]
        /// Nil where RFC 2231 has not been used.
        var charset: String?

        /// As text; RFC 2047 says that no encoded word may stand in a parameter, and everybody reads it there.
        func text(encodedWords: Bool) -> String {
            if let charset { return Charset.decode(octets[...], label: charset).text }
            return encodedWords ? EncodedWord.decode(octets) : octets[...].guessedText
        }
    }

    init(_ value: [UInt8]) {
        var scanner = ParameterScanner(value[...])
        first = scanner.word()
        var parts: [String: ParameterParts] = [:]
        for _ in 0..<MailLimits.parameters {
            guard let parameter = scanner.parameter() else { break }
            let (name, section, isExtended) = Self.take(parameter.name)
            parts[name, default: ParameterParts()].add(parameter.value, section: section, isExtended: isExtended)
        }
        values = parts.compactMapValues(\.value)
    }

    func text(_ name: String, encodedWords: Bool = false) -> String? { values[name]?.text(encodedWords: encodedWords) }

    /// `name*1*` is the second section of `name`, extended.
    private static func take(_ name: [UInt8]) -> (name: String, section: Int?, isExtended: Bool) {
        var name = name[...]
        let isExtended = name.last == UInt8(ascii: "*")
        if isExtended { name = name.dropLast() }
        var section: Int?
        if let star = name.lastIndex(of: UInt8(ascii: "*")), star > name.startIndex {
            let digits = name[(star + 1)...]
            if !digits.isEmpty, digits.count < 5, digits.allSatisfy(\.isDigit) {
                section = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
                name = name[..<star]
            }
        }
        return (String(decoding: name.map(\.lowercased), as: UTF8.self), section, isExtended)
    }
}

/// All that was given for one parameter. Where something is given twice the first counts.
struct ParameterParts {
    private var plain: [UInt8]?
    private var extended: [UInt8]?
    private var sections: [Int: (octets: [UInt8], isExtended: Bool)] = [:]

    mutating func add(_ octets: [UInt8], section: Int?, isExtended: Bool) {
        if let section {
            if sections[section] == nil { sections[section] = (octets, isExtended) }
        } else if isExtended {
            extended = extended ?? octets
        } else {
            plain = plain ?? octets
        }
    }

    /// The form that says most: one with a charset before a plain one, which is often a makeshift for old programs.
    var value: ParameterList.Value? {
        if let extended {
            let (charset, octets) = Self.takeCharset(extended)
            return ParameterList.Value(octets: Self.decodePercent(octets), charset: charset)
        }
        if sections[0] != nil { return joined }
        return plain.map { ParameterList.Value(octets: $0, charset: nil) }
    }

    private var joined: ParameterList.Value {
        var value = ParameterList.Value(octets: [], charset: nil)
        var index = 0
        while let section = sections[index] {
            var octets = section.octets[...]
            if section.isExtended {
                if index == 0 { (value.charset, octets) = Self.takeCharset(section.octets) }
                value.octets += Self.decodePercent(octets)
            } else {
                value.octets += octets
            }
            index += 1
        }
        return value
    }

    /// `charset'language'text`.
    private static func takeCharset(_ octets: [UInt8]) -> (charset: String, rest: ArraySlice<UInt8>) {
        let quote = UInt8(ascii: "'")
        guard let first = octets.firstIndex(of: quote), let second = octets[(first + 1)...].firstIndex(of: quote) else {
            return ("", octets[...])
        }
        return (String(decoding: octets[..<first].prefix(64), as: UTF8.self), octets[(second + 1)...])
    }

    private static func decodePercent(_ octets: ArraySlice<UInt8>) -> [UInt8] {
        var decoded: [UInt8] = []
        var index = octets.startIndex
        while index < octets.endIndex {
            if octets[index] == UInt8(ascii: "%"), index + 2 < octets.endIndex,
                let high = octets[index + 1].hexadecimal,
                let low = octets[index + 2].hexadecimal
            {
                decoded.append(high << 4 | low)
                index += 3
            } else {
                decoded.append(octets[index])
                index += 1
            }
        }
        return decoded
    }
}
