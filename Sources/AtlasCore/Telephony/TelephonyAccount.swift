/// Where and as whom we speak to a telephone company. Twilio and SignalWire speak one dialect of REST (Twilio's 2010-04-01 API,
/// SignalWire's "Compatibility API"); what differs between them stands here.
struct TelephonyAccount: Sendable {
    enum Company: String, Sendable, CaseIterable {
        case twilio, signalwire

        /// As people call it.
        var title: String { self == .twilio ? "Twilio" : "SignalWire" }
    }

    let company: Company
    /// Account SID or project id.
    let id: String
    /// Scheme and host of the API, with a path where it is reached through another server; no slash at the end.
    let baseURL: String
    /// Where facts about numbers are asked for, likewise.
    let lookupURL: String
    let authorization: HTTPAuthorization

    /// The path of the account, below ``baseURL``.
    var path: String { (company == .twilio ? "" : "/api/laml") + "/2010-04-01/Accounts/\(id)" }

    /// The account that is configured.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variables.
    init(_ configuration: Configuration) throws(AtlasError) {
        let name = (configuration[.commsProvider] ?? "twilio").lowercased()
        guard let company = Company(rawValue: name) else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.commsProvider.name) must be twilio or signalwire, not \(name.prefix(40)).")
        }
        self.company = company
        switch company {
        case .twilio:
            let (account, token) = try Self.credentials(configuration, company, .twilioAccountSID, .twilioAuthToken)
            guard SID.isTwilio(account, prefix: "AC") else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.twilioAccountSID.name) must be AC and 32 hexadecimal digits, as Twilio's console shows it."
                )
            }
            id = account
            authorization = .basic(user: account, password: token)
            baseURL = try configuration.baseURL(.twilioBaseURL) ?? "https://api.twilio.com"
            lookupURL = try configuration.baseURL(.twilioLookupsURL) ?? "https://lookups.twilio.com"
        case .signalwire:
            let (project, token) = try Self.credentials(configuration, company, .signalWireProjectID, .signalWireToken)
            guard SID.isOpaque(project) else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.signalWireProjectID.name) must be a UUID, as SignalWire's dashboard shows it.")
            }
            id = project
            authorization = .basic(user: project, password: token)
            var base: String
            if let configured = try configuration.baseURL(.signalWireBaseURL) {
                base = configured
            } else {
                base = try Self.space(configuration)
            }
            if base.hasSuffix("/api/laml") { base.removeLast("/api/laml".count) }
            baseURL = base
            lookupURL = base
        }
    }

    private static func credentials(
        _ configuration: Configuration, _ company: Company, _ user: ConfigurationKey, _ secret: ConfigurationKey
    ) throws(AtlasError) -> (String, String) {
        guard let name = configuration[user], let token = configuration[secret] else {
            throw AtlasError(
                .notConfigured,
                "\(company.title) is not configured: set \(user.name) and \(secret.name) "
                    + "(or choose another provider with \(ConfigurationKey.commsProvider.name)).")
        }
        return (name, token)
    }

    private static func space(_ configuration: Configuration) throws(AtlasError) -> String {
        guard let space = configuration[.signalWireSpace]?.lowercased() else {
            throw AtlasError(
                .notConfigured,
                "SignalWire is not configured: set \(ConfigurationKey.signalWireSpace.name), like example.signalwire.com."
            )
        }
        let host = space.contains(".") ? space : space + ".signalwire.com"
        guard host.utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 26 || $0 == 0x2D || $0 == 0x2E }) else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.signalWireSpace.name) must be a host name, like example.signalwire.com.")
        }
        return "https://" + host
    }
}
