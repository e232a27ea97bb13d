/// Which providers take no ordinary password, and what they take.
///
/// A log-in refused there nearly always has this reason, and the server's own words seldom say so.
struct PasswordAdvice: Equatable {
    enum Remedy: Equatable { case appPassword, oauth }

    let provider: String
    let remedy: Remedy

    /// nil for a host of which nothing is known.
    init?(host: String) {
        let host = host.lowercased()
        let known = Self.known.first { entry in
            entry.domains.contains { host == $0 || host.hasSuffix("." + $0) }
        }
        guard let known else { return nil }
        (provider, remedy) = (known.provider, known.remedy)
    }

    func sentence(_ kind: MailServerAccount.Kind) -> String {
        switch remedy {
        case .appPassword:
            "\(provider) wants an app password, not the account's own: make one there and put it in \(kind.password.name)."
        case .oauth:
            "\(provider) takes no passwords: set \(ConfigurationKey.oauthTokenURL.name), "
                + "\(ConfigurationKey.oauthClientID.name) and \(ConfigurationKey.oauthRefreshToken.name) instead of "
                + "\(kind.password.name)."
        }
    }

    private static let known: [(provider: String, domains: [String], remedy: Remedy)] = [
        ("Gmail", ["gmail.com", "googlemail.com", "google.com"], .appPassword),
        ("Yahoo", ["yahoo.com", "yahoodns.net", "aol.com"], .appPassword),
        ("iCloud", ["icloud.com", "me.com", "mac.com"], .appPassword),
        ("Outlook", ["outlook.com", "office365.com", "hotmail.com", "live.com"], .oauth),
        ("Fastmail", ["fastmail.com", "messagingengine.com"], .appPassword),
        ("Zoho", ["zoho.com", "zoho.eu", "zoho.in"], .appPassword),
    ]
}
