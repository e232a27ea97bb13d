import MIME

/// To whom the business lets itself write, to how many at once, and how often.
struct MailPolicy: Sendable {
    /// nil for everybody.
    let allowed: AddressRules?
    /// nil for nobody.
    let blocked: AddressRules?
    let mostRecipients: Int
    /// The most messages on one day; nil for any number.
    let messagesADay: Int?

    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    init(_ configuration: Configuration) throws(AtlasError) {
        allowed = try AddressRules(configuration, .allowedRecipients)
        blocked = try AddressRules(configuration, .blockedRecipients)
        mostRecipients = try configuration.integer(.mostRecipients, in: 1...1000) ?? 20
        messagesADay = try configuration.integer(.dailyEmailLimit, in: 0...1_000_000)
    }

    /// - Throws: ``AtlasError`` `permission_denied` that names the variable.
    func check(_ recipients: Recipients) throws(AtlasError) {
        let count = recipients.all.count
        guard count <= mostRecipients else {
            throw AtlasError(
                .permissionDenied,
                "One message may go to at most \(mostRecipients) recipients (\(ConfigurationKey.mostRecipients.name)), not \(count); "
                    + "nothing was sent.",
                parameter: "to")
        }
        for (parameter, list) in recipients.lists {
            for address in list {
                if let blocked, blocked.match(address) {
                    throw refusal(
                        "\(address.address) is blocked by \(ConfigurationKey.blockedRecipients.name)", parameter)
                }
                if let allowed, !allowed.match(address) {
                    throw refusal(
                        "\(address.address) is not among \(ConfigurationKey.allowedRecipients.name)", parameter)
                }
            }
        }
    }

    private func refusal(_ words: String, _ parameter: String) -> AtlasError {
        AtlasError(.permissionDenied, "\(words); nothing was sent. Ask the operator.", parameter: parameter)
    }
}
