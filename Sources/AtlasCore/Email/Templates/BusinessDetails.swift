import JSON

/// What the business says of itself in its letters.
struct BusinessDetails: Sendable {
    let name: String?
    let phone: String?
    let email: String?
    let address: String?
    let website: String?
    /// What stands before an amount: `$`, `CHF`.
    let currency: String

    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    init(_ configuration: Configuration) throws(AtlasError) {
        func text(_ key: ConfigurationKey) -> String? {
            configuration[key].map { $0.cleaned().cutShort(at: 500) }.flatMap { $0.isEmpty ? nil : $0 }
        }
        name = text(.businessName)
        phone = text(.businessPhone)
        email = text(.businessEmail)
        address = text(.businessAddress)
        website = text(.businessWebsite)
        currency = text(.businessCurrency) ?? "$"
        guard currency.count <= 8, !currency.contains(where: \.isNumber) else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.businessCurrency.name) must be a currency's sign or code, like $, € or CHF.")
        }
    }

    /// The values that every template may show.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names all that is missing.
    func values(sender: String) throws(AtlasError) -> JSON.Object {
        let missing = [(ConfigurationKey.businessName, name), (.businessPhone, phone)]
            .filter { $0.1 == nil }.map(\.0.name)
        guard missing.isEmpty else {
            throw AtlasError(
                .notConfigured,
                "Letters need to say who writes: set \(missing.joined(separator: " and ")); nothing was sent.")
        }
        var values = JSON.Object()
        let all: [(String, String?)] = [
            ("business_name", name), ("business_phone", phone), ("business_email", email ?? sender),
            ("business_address", address), ("business_website", website),
        ]
        for (name, value) in all {
            if let value { values.append(name, .string(value)) }
        }
        return values
    }
}
