/// Writes header fields, folded (RFC 5322, 2.2.3): lines of at most 78 octets wherever there is a blank to fold at.
struct HeaderWriter {
    private(set) var octets: [UInt8] = []
    private var column = 0

    static let lineLength = 78
    /// A line with an encoded word in it is shorter (RFC 2047, 2).
    static let encodedLineLength = 76

    /// The value as it is: ours, in ASCII, and short.
    mutating func raw(_ name: String, _ value: String) {
        begin(name)
        word(value)
        end()
    }

    /// A field of free text (RFC 5322, 2.2.1): a subject.
    mutating func text(_ name: String, _ text: String) {
        begin(name)
        let text = HeaderText.cleaned(text)
        if HeaderText.isPlain(text) {
            // Only the first blank between two words folds, so that unfolding gives all of them back.
            for word in HeaderText.wordsWithBlanks(text) { append(word.octets, after: word.blanks) }
        } else {
            encoded(text)
        }
        end()
    }

    /// Mailboxes (RFC 5322, 3.4), `name <address>` one after the other. Nothing when there are none.
    mutating func addresses(
        _ name: String, _ addresses: [MailAddress], as part: CompositionError.Part
    ) throws(CompositionError) {
        guard !addresses.isEmpty else { return }
        begin(name)
        for (index, mailbox) in addresses.enumerated() {
            let address = try mailbox.transmitted(as: part)
            let comma = index == addresses.count - 1 ? "" : ","
            let name = HeaderText.cleaned(mailbox.name ?? "")
            if name.isEmpty {
                word(address + comma)
                continue
            }
            switch HeaderText.phrase(name) {
            case .atoms(let atoms): for atom in atoms { word(atom) }
            case .quoted(let string): word(string)
            case .encoded: encoded(name)
            }
            word("<\(address)>\(comma)")
        }
        end()
    }

    /// Message ids, one after the other. Nothing when there are none.
    mutating func identifiers(_ name: String, _ identifiers: [MessageIdentifier]) {
        guard !identifiers.isEmpty else { return }
        begin(name)
        for identifier in identifiers { word("<\(identifier.text)>") }
        end()
    }

    /// A value with parameters, each begun on a line of its own when it does not fit.
    mutating func parameters(_ name: String, _ value: String, _ parameters: [String]) {
        begin(name)
        word(parameters.isEmpty ? value : value + ";")
        for (index, parameter) in parameters.enumerated() {
            word(index == parameters.count - 1 ? parameter : parameter + ";")
        }
        end()
    }

    // MARK: -

    mutating func begin(_ name: String) {
        octets += name.utf8
        octets.append(UInt8(ascii: ":"))
        column = name.utf8.count + 1
    }

    mutating func word(_ word: String) { append(Array(word.utf8), after: [UInt8(ascii: " ")]) }

    mutating func end() {
        octets += [0x0D, 0x0A]
        column = 0
    }

    private mutating func append(_ word: [UInt8], after blanks: [UInt8], lineLength: Int = Self.lineLength) {
        // The blank after the colon is not folded at: a first line with nothing on it confuses readers.
        if column + blanks.count + word.count > lineLength, octets.last != UInt8(ascii: ":") {
            octets += [0x0D, 0x0A]
            column = 0
        }
        octets += blanks
        octets += word
        column += blanks.count + word.count
    }

    private mutating func encoded(_ text: String) {
        let room = Self.encodedLineLength - column - 1
        for word in EncodedWordCutter(text, firstLength: room, length: Self.encodedLineLength - 1).words {
            append(word, after: [UInt8(ascii: " ")], lineLength: Self.encodedLineLength)
        }
    }
}
