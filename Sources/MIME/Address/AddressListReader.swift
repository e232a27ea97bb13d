/// Makes mailboxes of tokens. Groups are opened and not descended into: what names a group is dropped, its members are listed.
struct AddressListReader {
    private(set) var addresses: [MailAddress] = []
    /// Words since the last mailbox or separator.
    private var words: [AddressToken] = []
    /// What stands in angle brackets, and the name before it.
    private var pending: (name: String?, address: String)?
    /// The last comment: where there is no other name, old programs wrote it so: `a@example.com (Ann)`.
    private var comment: [UInt8] = []

    mutating func read(_ octets: ArraySlice<UInt8>) {
        var scanner = AddressScanner(octets)
        while addresses.count < MailLimits.addresses, let token = scanner.next() {
            switch token.kind {
            case .comment:
                comment = token.text
            case .special(UInt8(ascii: ",")), .special(UInt8(ascii: ";")):
                endMailbox()
            case .special(UInt8(ascii: ":")):
                // A group's name, unless it can be an address.
                if pending == nil, !words.contains(where: { $0.isSpecial("@") }) { words = [] }
                endMailbox()
            case .special(UInt8(ascii: "<")):
                // A comma was forgotten.
                if pending != nil { endPending() }
                readAngle(&scanner)
            case .special(UInt8(ascii: ">")):
                continue
            default:
                if words.count < 10_000 { words.append(token) }
            }
        }
        if addresses.count < MailLimits.addresses { endMailbox() }
    }

    /// `<route:local@domain>`. Where the bracket does not close, a separator closes it.
    private mutating func readAngle(_ scanner: inout AddressScanner) {
        var tokens: [AddressToken] = []
        var isClosedBySeparator = false
        while let token = scanner.next() {
            if token.isSpecial(">") { break }
            if token.isSpecial(":") {
                // RFC 5322, 4.4: the way before the address is ignored.
                tokens = []
            } else if token.isSpecial(","), tokens.first?.isSpecial("@") == true {
                tokens = []
            } else if token.isSpecial(",") || token.isSpecial(";") {
                isClosedBySeparator = true
                break
            } else if token.kind != .comment, !token.isSpecial("<"), tokens.count < 1000 {
                tokens.append(token)
            }
        }
        let name = AddressText.phrase(words)
        words = []
        let address = AddressText.address(tokens[...])
        if !address.isEmpty { pending = (name, address) }
        if isClosedBySeparator { endMailbox() }
    }

    private mutating func endPending() {
        if let mailbox = pending { append(name: mailbox.name, address: mailbox.address) }
        pending = nil
    }

    private mutating func endMailbox() {
        endPending()
        if words.contains(where: { $0.isSpecial("@") }) { readBare(words) }
        words = []
        comment = []
    }

    /// Addresses without brackets: one, or several where commas were forgotten, each with the words before it as its name.
    private mutating func readBare(_ words: [AddressToken]) {
        var name: [AddressToken] = []
        var index = 0
        while index < words.count, addresses.count < MailLimits.addresses {
            // Words that hold together: what no blank parts, and what stands at an `@`.
            var end = index + 1
            while end < words.count, !words[end].isApart || words[end].isSpecial("@") || words[end - 1].isSpecial("@") {
                end += 1
            }
            let run = words[index..<end]
            index = end
            guard let at = run.firstIndex(where: { $0.isSpecial("@") }) else {
                name += run
                continue
            }
            if at > run.startIndex, at < run.endIndex - 1 {
                append(name: AddressText.phrase(name), address: AddressText.address(run))
            }
            name = []
        }
    }

    private mutating func append(name: String?, address: String) {
        var name = name
        if name == nil, !comment.isEmpty {
            let text = EncodedWord.decode(comment)
            if !text.isEmpty { name = text }
        }
        comment = []
        addresses.append(MailAddress(name: name, address: address))
    }
}

/// The texts that tokens make.
enum AddressText {
    /// A display name: blanks where there were some, encoded words decoded, in quotes too; nil where nothing is left.
    static func phrase(_ words: [AddressToken]) -> String? {
        var octets: [UInt8] = []
        for word in words {
            let joins = !word.isApart && word.kind != .quoted
            if !octets.isEmpty, !joins { octets.append(0x20) }
            octets += word.text
        }
        let text = EncodedWord.decode(octets[...].trimmed)
        return text.isEmpty ? nil : text
    }

    /// An address as it was given, without blanks. A local part keeps its quotes where it needs them.
    static func address(_ tokens: ArraySlice<AddressToken>) -> String {
        var octets: [UInt8] = []
        for token in tokens {
            switch token.kind {
            case .quoted where !isDotAtom(token.text):
                octets.append(UInt8(ascii: "\""))
                for octet in token.text {
                    if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { octets.append(UInt8(ascii: "\\")) }
                    octets.append(octet)
                }
                octets.append(UInt8(ascii: "\""))
            case .literal:
                octets += [UInt8(ascii: "[")] + token.text + [UInt8(ascii: "]")]
            case .comment:
                continue
            default:
                octets += token.text
            }
        }
        return octets[...].guessedText
    }

    private static func isDotAtom(_ text: [UInt8]) -> Bool {
        !text.isEmpty && text.first != UInt8(ascii: ".") && text.last != UInt8(ascii: ".")
            && text.allSatisfy { $0.isLetter || $0.isDigit || $0 >= 0x80 || "!#$%&'*+-/=?^_`{|}~.".utf8.contains($0) }
    }
}
