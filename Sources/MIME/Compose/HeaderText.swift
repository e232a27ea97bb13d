/// What people write into headers: made harmless, and told apart by how it must be written.
enum HeaderText {
    /// The text on one line: line breaks and other controls are spaces, blanks at both ends go.
    ///
    /// This is what keeps header fields from being put into a message by those who only give a subject or a name.
    static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            if scalar == "\n", previous == "\r" { continue }
            result.append(isBreakOrControl(scalar) ? " " : scalar)
        }
        while result.last == " " { result.removeLast() }
        return String(result.drop { $0 == " " })
    }

    private static func isBreakOrControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }

    /// Whether free text needs no encoded words: ASCII that folds, with nothing in it that would be taken for an encoded word.
    static func isPlain(_ text: String) -> Bool {
        var run = 0
        for octet in text.utf8 {
            guard octet < 0x80 else { return false }
            run = octet == UInt8(ascii: " ") ? 0 : run + 1
            if run > 60 { return false }
        }
        // A row of blanks too long for a line cannot be folded.
        return !text.utf8.contains("=?".utf8) && !text.utf8.contains("          ".utf8)
    }

    /// The words of plain text, each with the blanks before it; one of them for the first.
    static func wordsWithBlanks(_ text: String) -> [(blanks: [UInt8], octets: [UInt8])] {
        var words: [(blanks: [UInt8], octets: [UInt8])] = []
        var blanks: [UInt8] = [UInt8(ascii: " ")]
        var word: [UInt8] = []
        for octet in text.utf8 {
            if octet != UInt8(ascii: " ") {
                word.append(octet)
                continue
            }
            if !word.isEmpty {
                words.append((blanks, word))
                blanks = []
                word = []
            }
            blanks.append(octet)
        }
        if !word.isEmpty { words.append((blanks, word)) }
        return words
    }

    enum Phrase {
        /// Words that stand for themselves.
        case atoms([String])
        /// In quotation marks.
        case quoted(String)
        /// Only encoded words can say it.
        case encoded
    }

    /// How a display name is written (RFC 5322, 3.2.5; RFC 2047, 5).
    static func phrase(_ name: String) -> Phrase {
        guard isPlain(name), name.utf8.count <= 60 else { return .encoded }
        let atoms = name.split(separator: " ", omittingEmptySubsequences: false)
        if atoms.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isAtomText) }) { return .atoms(atoms.map(String.init)) }
        return .quoted(quoted(name))
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for character in text {
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "\""
    }

    /// `atext` of RFC 5322, 3.2.3.
    static func isAtomText(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-/=?^_`{|}~".utf8.contains(octet)
        }
    }
}
