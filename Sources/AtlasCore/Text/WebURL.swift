/// A URL that a caller hands us for others to open (RFC 3986): http or https, a host, and no user or password in it.
enum WebURL {
    static let longest = 2048

    static func isAcceptable(_ text: String) -> Bool {
        guard text.utf8.count <= longest, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !forbidden.contains($0) })
        else { return false }
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else { return false }
        let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard !authority.contains("@"), authority.contains(where: { $0.isLetter || $0.isNumber }) else { return false }
        // The colons of an IPv6 address stand in brackets; another one begins a port.
        let isAddress = authority.hasPrefix("[")
        let parts = (isAddress ? authority.drop { $0 != "]" }.dropFirst() : authority)
            .split(separator: ":", omittingEmptySubsequences: false)
        if isAddress, parts.first != "" || !authority.contains("]") { return false }
        return parts.count == 1 || parts.count == 2 && UInt16(parts[1]) != nil
    }

    /// Whether paths can be put after it.
    static func isBase(_ text: String) -> Bool {
        isAcceptable(text) && !text.contains("?") && !text.contains("#")
    }

    /// The host of an acceptable URL, in lower case; an IPv6 address in brackets.
    static func host(of text: String) -> String {
        let rest = text.lowercased().split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last ?? ""
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard authority.hasPrefix("[") else { return String(authority.prefix { $0 != ":" }) }
        return authority.firstIndex(of: "]").map { String(authority[...$0]) } ?? ""
    }

    /// - Throws: ``AtlasError`` `invalid_argument` that names the parameter.
    static func check(_ text: String, parameter: String) throws(AtlasError) -> String {
        let text = text.trimmed
        guard isAcceptable(text) else {
            throw AtlasError(
                .invalidArgument,
                "\(parameter) must be an http or https URL of at most \(longest) characters without user and password in it.",
                parameter: parameter)
        }
        return text
    }

    /// What RFC 3986 has no place for.
    private static let forbidden = Set("\"<>\\^`{|}".utf8)
}
