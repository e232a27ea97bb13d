extension String {
    /// The text without what a reader cannot see: control, zero-width and bidirectional characters and tags. Blanks at both ends
    /// go too.
    ///
    /// Names, notes and transcripts come from people we do not know; what is invisible in them can only mislead.
    /// - Parameter keepingLines: whether newlines and tabs stay (notes) or become spaces (names). `\r\n` becomes `\n`.
    public func cleaned(keepingLines: Bool = false) -> String {
        var source = self
        let isPlain = source.withUTF8 { octets in
            octets.allSatisfy { $0 >= 0x20 && $0 < 0x7F } && octets.first != 0x20 && octets.last != 0x20
        }
        if isPlain { return self }

        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in unicodeScalars {
            defer { previous = scalar }
            switch scalar.value {
            case 0x09: result.append(keepingLines ? scalar : " ")
            case 0x0A: if previous != "\r" { result.append(keepingLines ? scalar : " ") }
            case 0x0D, 0x85, 0x2028, 0x2029:
                result.append(keepingLines ? "\n" : " ")
                continue
            case 0xFE00...0xFE0F:
                // One selector chooses how the character before it looks; a row of them hides a message.
                if let previous, !previous.isSelector { result.append(scalar) }
            case _ where scalar.isUnseen: continue
            default: result.append(scalar)
            }
        }
        return String(result).trimmed
    }
}

extension Unicode.Scalar {
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
