/// An e-mail address that identifies a person: trimmed and in lower case, `ann@example.com`.
public struct EmailAddress: Sendable, Hashable, CustomStringConvertible {
    public let text: String

    public var description: String { text }

    /// Reads an address as people write it (RFC 5321, without quoted local parts and address literals), at most 254 octets.
    ///
    /// - Returns: nil for what cannot be one.
    public init?(_ text: String) {
        let text = text.cleaned().lowercased()
        // By octets: finding the characters of an address would cost more than all the rest.
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).map(Substring.init)
        guard text.utf8.count <= 254, parts.count == 2, Self.isLocalPart(parts[0]), Self.isDomain(parts[1]) else {
            return nil
        }
        self.text = text
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        !part.isEmpty && part.utf8.count <= 64
            && part.unicodeScalars.allSatisfy { $0.isWordCharacter || symbols.contains($0) }
    }

    private static let symbols = Set("!#$%&'*+-/=?^_`{|}~.".unicodeScalars)

    private static func isDomain(_ part: Substring) -> Bool {
        let labels = part.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard labels.count > 1 || part == "localhost" else { return false }
        return labels.allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && Substring(label).unicodeScalars.allSatisfy { $0.isWordCharacter || $0 == "-" || $0 == "_" }
        }
    }
}

extension Unicode.Scalar {
    /// A letter, a digit, or a mark on one, of any script.
    fileprivate var isWordCharacter: Bool {
        if isASCII { return ("a"..."z").contains(self) || ("0"..."9").contains(self) || ("A"..."Z").contains(self) }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .nonspacingMark, .spacingMark:
            return true
        default: return false
        }
    }
}
