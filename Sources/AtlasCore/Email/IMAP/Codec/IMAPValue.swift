/// A piece of a server's response (RFC 3501, 9): what FETCH answers, BODYSTRUCTURE and response codes are made of.
enum IMAPValue: Sendable, Equatable {
    /// A word: a number, a flag, a name, or an item with its section as in `BODY[HEADER.FIELDS (FROM)]<0>`. `NIL` is ``nil``.
    case atom(String)
    /// A quoted string without its quotes and escapes, or a literal: octets that nobody vouches for.
    case string(ArraySlice<UInt8>)
    case list([IMAPValue])
    case `nil`

    /// The values of a list.
    var list: [IMAPValue]? {
        if case .list(let values) = self { values } else { nil }
    }

    /// The octets of a string, or of a word where a server writes one instead.
    var octets: ArraySlice<UInt8>? {
        switch self {
        case .string(let octets): octets
        case .atom(let word): Array(word.utf8)[...]
        case .list, .nil: nil
        }
    }

    /// A string or a word as text. Octets that are not UTF-8 become U+FFFD.
    var text: String? {
        switch self {
        case .string(let octets): String(decoding: octets, as: UTF8.self)
        case .atom(let word): word
        case .list, .nil: nil
        }
    }

    /// A number that is not negative. Some servers put quotes around theirs.
    var number: Int? {
        guard let text, (1...19).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }

    /// Whether it is this word, in any case.
    func isAtom(_ word: String) -> Bool {
        if case .atom(let own) = self { own.uppercased() == word.uppercased() } else { false }
    }
}
