extension MailAddress {
    /// The address as it stands in headers and envelopes (RFC 5321, 4.1.2): ASCII, the domain of another script in its `xn--` form.
    ///
    /// Nothing in it can end an angle bracket, a line or a command. Mailbox names beyond ASCII need servers that speak SMTPUTF8 all
    /// the way, which nobody can promise: they are refused.
    ///
    /// - Throws: ``CompositionError`` that says what is wrong with it.
    public func transmitted(as part: CompositionError.Part) throws(CompositionError) -> String {
        func refusal(_ words: String) -> CompositionError {
            CompositionError(part: part, message: "\"\(HeaderText.cleaned(address).prefix(100))\" \(words)")
        }
        guard let at = address.lastIndex(of: "@") else {
            throw refusal("is not an e-mail address: it must look like name@example.com.")
        }
        let local = address[..<at]
        guard local.utf8.allSatisfy({ $0 < 0x80 }) else {
            throw refusal(
                "has a mailbox name that is not ASCII, which most mail servers cannot deliver to. Use another address.")
        }
        guard Self.isLocalPart(local) else {
            throw refusal("is not an e-mail address: what is before the @ cannot be a mailbox name.")
        }
        let domain: String
        do throws(DomainName.Refusal) {
            domain = try DomainName.transmitted(address[address.index(after: at)...])
        } catch {
            switch error {
            case .notADomain: throw refusal("is not an e-mail address: what is after the @ cannot be a domain.")
            case .notConvertible:
                throw refusal("has a domain that cannot be converted safely. Write the domain in its xn-- form.")
            }
        }
        guard local.utf8.count <= 64, local.utf8.count + domain.utf8.count < 254 else {
            throw refusal("is too long for an e-mail address.")
        }
        return "\(local)@\(domain)"
    }

    /// A dot-atom or a quoted string (RFC 5321, 4.1.2), in which angle brackets are not accepted though the standard would.
    private static func isLocalPart(_ local: Substring) -> Bool {
        let octets = Array(local.utf8)
        if octets.count >= 2, octets.first == UInt8(ascii: "\""), octets.last == UInt8(ascii: "\"") {
            var isEscaped = false
            for octet in octets.dropFirst().dropLast() {
                guard octet >= 0x20, octet < 0x7F, octet != UInt8(ascii: "<"), octet != UInt8(ascii: ">") else {
                    return false
                }
                if !isEscaped, octet == UInt8(ascii: "\"") { return false }
                isEscaped = !isEscaped && octet == UInt8(ascii: "\\")
            }
            return !isEscaped
        }
        return octets.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0.allSatisfy(HeaderText.isAtomText) }
    }
}
