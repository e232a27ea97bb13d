extension String {
    /// The text without what a reader cannot see: control, zero-width and bidirectional characters and tags. Blanks at both ends
    /// go too.
    ///
    /// Names, notes and transcripts come from people we do not know; what is invisible in them can only mislead.
    /// - Parameter keepingLines: whether newlines and tabs stay (notes) or become spaces (names). `\r\n` becomes `\n`.
    public func cleaned(keepingLines: Bool = false) -> String {
        var source = self
        let isPlain = source.withUTF8 { octets in
            octets.allSatisfy { $0 >= 0x20 && $0 < 0x7F || keepingLines && ($0 == 0x09 || $0 == 0x0A) }
        }
        if isPlain { return trimmed }

        // Gathered as octets: a string that grows by one character at a time costs ten times as much.
        var result: [UInt8] = []
        result.reserveCapacity(source.utf8.count)
        var previous: Unicode.Scalar?
        for scalar in source.unicodeScalars {
            defer { previous = scalar }
            switch scalar.value {
            case 0x20..<0x7F: result.append(scalar)
            case 0x09: result.append(keepingLines ? scalar : " ")
            case 0x0A: if previous != "\r" { result.append(keepingLines ? scalar : " ") }
            case 0x0D, 0x85, 0x2028, 0x2029: result.append(keepingLines ? "\n" : " ")
            case 0xFE00...0xFE0F:
                // One selector chooses how the character before it looks; a row of them hides a message.
                if let previous, !previous.isSelector { result.append(scalar) }
            case _ where scalar.isUnseen: continue
            default: result.append(scalar)
            }
        }
        return String(decoding: result, as: UTF8.self).trimmed
    }

    /// The beginning of the text, cleaned and in one line: at most `limit` characters, the blanks between two words as one space.
    func beginning(upTo limit: Int) -> String {
        var result: [UInt8] = []
        var count = 0
        var isBetweenWords = false
        // What is looked at leaves room for blanks and for what is unseen.
        for scalar in cutShort(at: 4 * limit).cleaned().unicodeScalars {
            if scalar.isBlank {
                isBetweenWords = true
                continue
            }
            guard count + (isBetweenWords ? 1 : 0) < limit else { break }
            if isBetweenWords {
                result.append(" ")
                count += 1
                isBetweenWords = false
            }
            result.append(scalar)
            count += 1
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends a character in UTF-8.
    fileprivate mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            append(contentsOf: scalar.utf8)
        }
    }
}

extension Unicode.Scalar {
    fileprivate var isBlank: Bool { isASCII ? self == " " || (0x09...0x0D).contains(value) : properties.isWhitespace }

    fileprivate var isSelector: Bool { (0xFE00...0xFE0F).contains(value) }

    /// Whether nothing of it shows: control (Cc), format (Cf: zero-width, bidi, tags), variation selectors beyond the common
    /// ones, and fillers.
    fileprivate var isUnseen: Bool {
        switch properties.generalCategory {
        case .control, .format: true
        default:
            value == 0x115F || value == 0x1160 || value == 0x3164 || value == 0xFFA0
                || (0xE0100...0xE01EF).contains(value)
        }
    }
}
