import MIME

/// Addresses and domains that the operator names in a setting: `ann@example.com`, `@example.com` for exactly that domain,
/// `*.example.com` for the domains below it.
struct AddressRules: Sendable {
    private let addresses: Set<String>
    private let domains: Set<String>
    /// With the dot in front.
    private let parents: [String]

    /// - Returns: nil when the setting is unset.
    /// - Throws: ``AtlasError`` `not_configured` that names the variable: a rule that nobody understands must not be one that lets
    ///   everything through.
    init?(_ configuration: Configuration, _ key: ConfigurationKey) throws(AtlasError) {
        guard let text = configuration[key] else { return nil }
        var (addresses, domains, parents): (Set<String>, Set<String>, [String]) = ([], [], [])
        for item in text.split(whereSeparator: { $0 == "," || $0 == ";" || $0.isWhitespace }) {
            let rule = item.lowercased()
            if let address = EmailAddress(rule), !rule.contains("*") {
                addresses.insert(address.text)
            } else if rule.hasPrefix("*.") || rule.hasPrefix("@*."),
                let parent = Self.domain(rule.drop { $0 != "." }.dropFirst())
            {
                parents.append("." + parent)
            } else if rule.hasPrefix("@"), let domain = Self.domain(rule.dropFirst()) {
                domains.insert(domain)
            } else {
                throw AtlasError(
                    .notConfigured,
                    "\(key.name) must be addresses like ann@example.com, or domains like @example.com or *.example.com, separated "
                        + "by commas, not \(rule.cutShort(at: 40)).")
            }
        }
        guard !addresses.isEmpty || !domains.isEmpty || !parents.isEmpty else {
            throw AtlasError(.notConfigured, "\(key.name) names no address and no domain.")
        }
        self.addresses = addresses
        self.domains = domains
        self.parents = parents
    }

    private static func domain(_ text: Substring) -> String? { EmailAddress("a@\(text)") == nil ? nil : String(text) }

    func match(_ address: MailAddress) -> Bool {
        let domain = address.domain.lowercased()
        return addresses.contains(address.key) || domains.contains(domain) || parents.contains(where: domain.hasSuffix)
    }

    /// Whether it is named itself, not only its domain.
    func names(_ address: MailAddress) -> Bool { addresses.contains(address.key) }
}
