extension MailServerAccount {
    /// Gives an access token; with `true`, a new one, because the last was refused.
    typealias TokenSource = @Sendable (_ isRenewed: Bool) async throws -> String

    /// The IMAP server of the settings; nil when none is named.
    ///
    /// - Parameter token: access tokens, for an account that has an OAuth client and no password.
    /// - Throws: ``AtlasError`` `not_configured` that names what is missing or wrong.
    init?(imap configuration: Configuration, token: TokenSource?) throws(AtlasError) {
        guard let host = configuration[.imapHost] else { return nil }
        guard let user = configuration[.imapUsername] else {
            throw AtlasError(.notConfigured, "\(ConfigurationKey.imapUsername.name) is missing: the user to log in as.")
        }
        let security = try Self.security(configuration, .imapSSL) ?? .tls
        let port = try configuration.integer(.imapPort, in: 1...65535) ?? (security == .tls ? 993 : 143)
        try self.init(
            .imap, host, port, security, Self.credentials(configuration, .imap, user: user, token: token), configuration
        )
    }

    /// The SMTP server of the settings; nil when none is named.
    init?(smtp configuration: Configuration, token: TokenSource?) throws(AtlasError) {
        guard let host = configuration[.smtpHost] else { return nil }
        let given = try configuration.integer(.smtpPort, in: 1...65535)
        let security = try Self.security(configuration, .smtpSecurity) ?? (given == 465 ? .tls : .startTLS)
        let port = given ?? (security == .tls ? 465 : 587)
        var credentials = Credentials.none
        if let user = configuration[.smtpUsername] {
            credentials = try Self.credentials(configuration, .smtp, user: user, token: token)
        } else if configuration[.smtpPassword] != nil {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.smtpUsername.name) is missing: the user whose password is "
                    + "\(ConfigurationKey.smtpPassword.name).")
        }
        try self.init(.smtp, host, port, security, credentials, configuration)
    }

    private init(
        _ kind: Kind, _ host: String, _ port: Int, _ security: Security, _ credentials: Credentials,
        _ configuration: Configuration
    ) throws(AtlasError) {
        self.init(
            kind: kind, host: host, port: port, security: security, credentials: credentials,
            caFile: configuration[.caFile])
        guard url != nil else { throw ConnectFailure.invalidHost(self) }
        guard security != .none || isLoopback else { throw ConnectFailure.insecure(self) }
    }

    /// One reading for both variables, so that either takes what people know from the other.
    private static func security(_ configuration: Configuration, _ key: ConfigurationKey) throws(AtlasError)
        -> Security?
    {
        guard let text = configuration[key] else { return nil }
        switch text.lowercased() {
        case "1", "true", "yes", "on", "tls", "ssl", "ssl/tls", "imaps", "smtps": return .tls
        case "0", "false", "no", "off", "starttls": return .startTLS
        case "none", "plain": return Security.none
        default:
            throw AtlasError(.notConfigured, "\(key.name) must be tls, starttls or none, not \(text.prefix(40)).")
        }
    }

    private static func credentials(
        _ configuration: Configuration, _ kind: Kind, user: String, token: TokenSource?
    ) throws(AtlasError) -> Credentials {
        if let password = configuration[kind.password] { return .password(user: user, password: password) }
        let hasTokens = configuration[.oauthRefreshToken] != nil || configuration[.oauthAccessToken] != nil
        if hasTokens, let token { return .token(user: user, token: token) }
        throw AtlasError(
            .notConfigured,
            "\(kind.password.name) is missing; an account without password needs "
                + "\(ConfigurationKey.oauthRefreshToken.name) or \(ConfigurationKey.oauthAccessToken.name).")
    }
}
