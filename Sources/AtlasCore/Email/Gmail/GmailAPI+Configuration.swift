extension OAuthAccount.Names {
    /// What the Gmail API's token is asked for with.
    static let gmail = Self(
        service: "Google", tokenURL: ConfigurationKey.googleTokenURL.name,
        clientID: ConfigurationKey.gmailClientID.name,
        clientSecret: ConfigurationKey.gmailClientSecret.name, refreshToken: ConfigurationKey.gmailRefreshToken.name)

    /// What the token for IMAP and SMTP (XOAUTH2) is asked for with.
    static let mailServers = Self(
        service: "The mail account's authorization server", tokenURL: ConfigurationKey.oauthTokenURL.name,
        clientID: ConfigurationKey.oauthClientID.name, clientSecret: ConfigurationKey.oauthClientSecret.name,
        refreshToken: ConfigurationKey.oauthRefreshToken.name)
}

extension OAuthAccount {
    /// Google's endpoint for all its APIs.
    static let googleTokenURL = "https://oauth2.googleapis.com/token"

    /// The Gmail account of the settings; nil when nothing is said of one.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names what is missing.
    init?(gmail configuration: Configuration) throws(AtlasError) {
        let keys: [ConfigurationKey] = [.gmailClientID, .gmailClientSecret, .gmailRefreshToken]
        let values = keys.map { configuration[$0] }
        guard values.contains(where: { $0 != nil }) else { return nil }
        guard let id = values[0], let secret = values[1], let refresh = values[2] else {
            let missing = zip(keys, values).filter { $0.1 == nil }.map(\.0.name)
            throw AtlasError(
                .notConfigured, "For the Gmail API \(missing.joined(separator: " and ")) must be set, too.")
        }
        self.init(
            tokenURL: configuration[.googleTokenURL] ?? Self.googleTokenURL, clientID: id, clientSecret: secret,
            refreshToken: refresh, names: .gmail)
    }

    /// The account of IMAP and SMTP that logs in by tokens; nil when there is no refresh token.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names what is missing.
    init?(mailServers configuration: Configuration) throws(AtlasError) {
        guard let refresh = configuration[.oauthRefreshToken] else { return nil }
        guard let id = configuration[.oauthClientID] else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.oauthClientID.name) is missing: the client that the refresh token is for.")
        }
        self.init(
            tokenURL: configuration[.oauthTokenURL] ?? Self.googleTokenURL, clientID: id,
            clientSecret: configuration[.oauthClientSecret] ?? "", refreshToken: refresh, names: .mailServers)
    }
}

extension GmailAPI {
    /// The API of the settings; nil when they name no account.
    init?(_ configuration: Configuration, http: HTTPClient) throws(AtlasError) {
        guard let account = try OAuthAccount(gmail: configuration) else { return nil }
        self.init(
            baseURL: configuration[.gmailURL] ?? "https://gmail.googleapis.com", token: OAuthToken(account, http: http),
            http: http)
    }
}

extension ResendSender {
    /// Resend by the settings; nil when there is no key.
    init?(_ configuration: Configuration, http: HTTPClient) {
        guard let key = configuration[.resendKey] else { return nil }
        self.init(key: key, baseURL: configuration[.resendURL] ?? "https://api.resend.com", http: http)
    }
}
