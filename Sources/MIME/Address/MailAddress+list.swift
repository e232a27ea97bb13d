extension MailAddress {
    /// The mailboxes of an address list (RFC 5322, 3.4, with the obsolete forms of 4.4 and the UTF-8 of RFC 6532), at most 2,000.
    ///
    /// Members of groups are listed as the others are. Semicolons separate as commas do, and a comma that is missing between two
    /// mailboxes is found. What is no mailbox is left out.
    public static func list(parsing text: String) -> [MailAddress] {
        var reader = AddressListReader()
        reader.read(Array(text.utf8)[...])
        return reader.addresses
    }

    /// As it stands in a header: `Ann Lee <ann@example.com>`, the name in quotes where it has characters that separate, and the
    /// address alone where there is no name.
    public var text: String {
        guard let name, !name.isEmpty else { return address }
        let needsQuotes =
            name.utf8.contains { "()<>[]:;@\\,\"".utf8.contains($0) || $0 < 0x20 || $0 == 0x7F }
            || name.first == " " || name.last == " " || name.hasPrefix("=?")
        guard needsQuotes else { return "\(name) <\(address)>" }
        var quoted = "\""
        for scalar in name.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7F {
            if scalar == "\"" || scalar == "\\" { quoted.unicodeScalars.append("\\") }
            quoted.unicodeScalars.append(scalar)
        }
        return "\(quoted)\" <\(address)>"
    }
}
