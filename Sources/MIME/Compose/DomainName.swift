/// Domains as they are transmitted: letters, digits and hyphens (RFC 5321, 2.3.5), other scripts by way of Punycode (RFC 5891).
enum DomainName {
    enum Refusal: Error {
        case notADomain
        /// Two spellings of one name could lead to two places, and there is no library here to tell them apart.
        case notConvertible
    }

    static func transmitted(_ domain: Substring) throws(Refusal) -> String {
        if domain.hasPrefix("["), domain.hasSuffix("]") {
            // An address literal: `[192.0.2.1]`, `[IPv6:2001:db8::1]`.
            let inner = domain.dropFirst().dropLast().utf8
            let isLiteral = inner.allSatisfy {
                isLetterOrDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":")
            }
            guard isLiteral, (1...50).contains(inner.count) else { throw .notADomain }
            return String(domain)
        }
        var labels: [String] = []
        for label in domain.split(separator: ".", omittingEmptySubsequences: false) {
            labels.append(try transmittedLabel(label))
        }
        let name = labels.joined(separator: ".")
        guard name.utf8.count <= 253 else { throw .notADomain }
        return name
    }

    private static func transmittedLabel(_ label: Substring) throws(Refusal) -> String {
        var result = String(label)
        if !label.utf8.allSatisfy({ $0 < 0x80 }) {
            let scalars = Array(label.lowercased().unicodeScalars)
            for scalar in scalars { guard isConvertible(scalar) else { throw .notConvertible } }
            guard let encoded = Punycode.encode(scalars) else { throw .notConvertible }
            result = "xn--" + encoded
        }
        let octets = result.utf8
        guard (1...63).contains(octets.count), octets.first != UInt8(ascii: "-"), octets.last != UInt8(ascii: "-"),
            octets.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") })
        else { throw .notADomain }
        return result
    }

    /// Whether a scalar stays what it is in every mapping of domain names (RFC 5892; UTS 46): a letter, mark or number that is not a
    /// compatibility form of another, nor an accent that may be one character together with the letter before it.
    private static func isConvertible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return isLetterOrDigit(UInt8(scalar.value)) || scalar == "-" }
        // RFC 5892 keeps these two, whatever case folding makes of them.
        if scalar == "ß" || scalar == "ς" { return true }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber:
            return !scalar.properties.changesWhenNFKCCaseFolded && !(0x0300...0x036F).contains(scalar.value)
        default: return false
        }
    }

    private static func isLetterOrDigit(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
