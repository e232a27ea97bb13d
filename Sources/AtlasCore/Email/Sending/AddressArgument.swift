import MIME

/// Addresses as a caller writes them: `ann@example.com`, `Ann Lee <ann@example.com>`, several by comma.
///
/// It is stricter than what reads the mail of others: an address that is wrong is told, not dropped, because a message that reaches
/// only some of those it was meant for is worse than one that is not sent.
enum AddressArgument {
    /// - Throws: ``AtlasError`` `invalid_argument` that names every text that is no address.
    static func read(_ texts: [String], parameter: String) throws(AtlasError) -> [MailAddress] {
        var addresses: [MailAddress] = []
        var wrong: [String] = []
        for text in texts {
            guard text.utf8.count <= longest else {
                throw AtlasError(
                    .invalidArgument, "\(parameter) must have at most \(longest) characters.", parameter: parameter)
            }
            for item in items(of: text) {
                if let address = address(item) { addresses.append(address) } else { wrong.append(item) }
            }
        }
        guard wrong.isEmpty else {
            let shown = wrong.prefix(10).map { "\"\($0.cleaned().cutShort(at: 60))\"" }.joined(separator: ", ")
            throw AtlasError(
                .invalidArgument,
                "\(parameter) must be addresses like ann@example.com or Ann <ann@example.com>, several separated by commas; "
                    + "none are: \(shown).",
                parameter: parameter)
        }
        return addresses
    }

    /// The one address of a text; nil for anything else.
    static func single(_ text: String) -> MailAddress? {
        let items = items(of: text)
        return items.count == 1 ? address(items[0]) : nil
    }

    private static let longest = 64 << 10

    /// What stands between commas and semicolons, except those in quotes and angle brackets.
    private static func items(of text: String) -> [String] {
        var items: [String] = []
        var item = String.UnicodeScalarView()
        var (isQuoted, isInBrackets, isEscaped) = (false, false, false)
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "<" where !isQuoted: isInBrackets = true
            case ">" where !isQuoted: isInBrackets = false
            case ",", ";":
                guard !isQuoted, !isInBrackets else { break }
                items.append(String(item).trimmed)
                item = String.UnicodeScalarView()
                continue
            default: break
            }
            item.append(scalar)
        }
        items.append(String(item).trimmed)
        return items.filter { !$0.isEmpty }
    }

    private static func address(_ item: String) -> MailAddress? {
        // A line break in an address is somebody's attempt at a header of their own.
        guard !item.contains(where: \.isNewline) else { return nil }
        guard item.hasSuffix(">"), let bracket = item.lastIndex(of: "<") else { return bare(item, name: nil) }
        let address = item[item.index(after: bracket)...].dropLast()
        return bare(String(address), name: name(String(item[..<bracket])))
    }

    private static func bare(_ text: String, name: String?) -> MailAddress? {
        guard EmailAddress(text) != nil else { return nil }
        return MailAddress(name: name, address: text.cleaned())
    }

    /// Without the quotes that RFC 5322 puts around a name with special characters.
    private static func name(_ text: String) -> String? {
        var name = text.trimmed
        // Not by characters: a quote and a joiner or an accent behind it are one.
        let scalars = name.unicodeScalars
        if scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" {
            var isEscaped = false
            var plain = String.UnicodeScalarView()
            for scalar in scalars.dropFirst().dropLast() {
                if scalar == "\\", !isEscaped {
                    isEscaped = true
                    continue
                }
                isEscaped = false
                plain.append(scalar)
            }
            name = String(plain)
        }
        name = name.withoutControls().trimmed.cutShort(at: 256)
        return name.isEmpty ? nil : name
    }
}

extension MailAddress {
    /// As it identifies somebody.
    var key: String { address.lowercased() }

    /// What stands behind the @.
    var domain: String { address.split(separator: "@").last.map(String.init) ?? "localhost" }
}

extension String {
    /// Without control characters, which no text that is sent has use for; line breaks and tabs may stay.
    ///
    /// Unlike ``cleaned(keepingLines:)`` it leaves the characters that hold emoji and scripts together.
    func withoutControls(keepingLines: Bool = false) -> String {
        guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else { return self }
        var kept = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            let isKept = keepingLines && (scalar == "\n" || scalar == "\r" || scalar == "\t")
            if isKept || scalar.properties.generalCategory != .control { kept.append(scalar) }
        }
        return String(kept)
    }
}
