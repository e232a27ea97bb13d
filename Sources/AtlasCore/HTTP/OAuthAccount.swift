/// What access tokens are asked for with, and where. None of it is ever printed: texts about it name the settings.
struct OAuthAccount: Sendable {
    let tokenURL: String
    let grant: any OAuthGrant
    /// What people call the service, like "Google".
    let service: String
    /// What the setting of the token endpoint is called.
    let tokenURLName: String

    init(tokenURL: String, grant: any OAuthGrant, service: String, tokenURLName: String) {
        self.tokenURL = tokenURL
        self.grant = grant
        self.service = service
        self.tokenURLName = tokenURLName
    }
}

/// What a client shows for a token (RFC 6749, 1.3): a refresh token, or an assertion that it has signed.
protocol OAuthGrant: Sendable {
    /// The fields of a token request, made anew for each.
    ///
    /// - Parameter tokenURL: where it goes.
    func fields(for tokenURL: String) throws(AtlasError) -> [(name: String, value: String)]

    /// What to look at after a refusal, in words that name settings. `said` is the service's code in brackets.
    func words(for fault: OAuthFault, service: String, said: String) -> String
}

/// Whose fault a refused token request is (RFC 6749, 5.2).
enum OAuthFault: Sendable {
    /// The grant itself is no good (any more).
    case grant
    /// The client is not known, or may not use this grant.
    case client
    /// Somebody does not allow it.
    case denied
    case other
}

extension OAuthAccount {
    /// The names that errors tell: people know settings, not parameters of a protocol.
    struct Names: Sendable {
        /// What people call the service, like "Google".
        let service: String
        let tokenURL: String
        let clientID: String
        let clientSecret: String
        let refreshToken: String
    }

    /// An account that was consented to once, by its refresh token.
    init(tokenURL: String, clientID: String, clientSecret: String, refreshToken: String, names: Names) {
        self.init(
            tokenURL: tokenURL,
            grant: RefreshTokenGrant(
                clientID: clientID, clientSecret: clientSecret, refreshToken: refreshToken, names: names),
            service: names.service, tokenURLName: names.tokenURL)
    }
}

extension OAuthAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "OAuth at \(service) <redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// A refresh token with its client's credentials (RFC 6749, 6).
struct RefreshTokenGrant: OAuthGrant, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    let clientID: String
    let clientSecret: String
    let refreshToken: String
    let names: OAuthAccount.Names

    func fields(for tokenURL: String) -> [(name: String, value: String)] {
        [
            ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", clientID),
            ("client_secret", clientSecret),
        ]
    }

    func words(for fault: OAuthFault, service: String, said: String) -> String {
        switch fault {
        case .grant:
            "\(service) says that the refresh token is revoked or expired\(said): authorise again and set \(names.refreshToken)."
        case .client:
            "\(service) does not know the OAuth client\(said). Check \(names.clientID) and \(names.clientSecret)."
        case .denied:
            "\(service) does not let this account use the OAuth client\(said): its administrator must allow it."
        case .other:
            "\(service) gives no access token\(said). Check \(names.clientID), \(names.clientSecret) and \(names.refreshToken)."
        }
    }

    var description: String { "refresh token <redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
