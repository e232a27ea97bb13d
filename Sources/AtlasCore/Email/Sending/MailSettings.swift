import MIME

/// The settings of what is written that belong to no provider.
struct MailSettings: Sendable {
    /// Who writes when a caller names nobody; nil when nothing says so.
    let defaultFrom: MailAddress?
    /// Who else may be named as the sender.
    let allowedFrom: AddressRules?
    let policy: MailPolicy
    let attachments: AttachmentFolders
    /// Where the PDFs of proposals are.
    let proposals: ProposalFolders
    let templates: LetterTemplates
    let business: BusinessDetails

    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    init(_ configuration: Configuration) throws(AtlasError) {
        if let text = configuration[.defaultFrom] {
            guard let address = AddressArgument.single(text) else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.defaultFrom.name) must be one address like ann@example.com or Ann <ann@example.com>."
                )
            }
            defaultFrom = address
        } else {
            defaultFrom = configuration[.smtpUsername].flatMap(AddressArgument.single)
        }
        allowedFrom = try AddressRules(configuration, .allowedSenders)
        policy = try MailPolicy(configuration)
        let largest = (try configuration.integer(.largestAttachment, in: 1...50) ?? 10) << 20
        attachments = AttachmentFolders(configuration, largest: largest)
        proposals = ProposalFolders(configuration, largest: largest)
        templates = LetterTemplates(folder: configuration[.templatesDir])
        business = try BusinessDetails(configuration)
    }

    /// Who writes: the address given, if it may, else the business's own.
    ///
    /// - Throws: ``AtlasError`` `permission_denied`, `invalid_argument`, `not_configured`.
    func sender(_ given: String?) throws(AtlasError) -> MailAddress {
        guard let given, !given.trimmed.isEmpty else {
            guard var own = defaultFrom else {
                throw AtlasError(
                    .notConfigured,
                    "There is nobody to write as: set \(ConfigurationKey.defaultFrom.name) to the business's address.")
            }
            own.name = own.name ?? business.name
            return own
        }
        guard let address = AddressArgument.single(given) else {
            throw AtlasError(
                .invalidArgument,
                "from_email must be one address like ann@example.com or Ann <ann@example.com>, got \"\(given.cleaned().cutShort(at: 60))\".",
                parameter: "from_email")
        }
        guard address.key == defaultFrom?.key || allowedFrom?.match(address) == true else {
            throw AtlasError(
                .permissionDenied,
                "\(address.address) may not be the sender: it is neither \(ConfigurationKey.defaultFrom.name) nor among "
                    + "\(ConfigurationKey.allowedSenders.name). Leave from_email out to write as the business.",
                parameter: "from_email")
        }
        return address
    }

    /// Whether an address is one that we write as; a colleague of the same domain is not.
    func isOwn(_ address: MailAddress) -> Bool {
        address.key == defaultFrom?.key || allowedFrom?.names(address) == true
    }
}

extension Configuration {
    /// The folders of a setting that names several, separated by commas.
    func folders(_ key: ConfigurationKey) -> [String] {
        (self[key] ?? "").split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
    }
}
