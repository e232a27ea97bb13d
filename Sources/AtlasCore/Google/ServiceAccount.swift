import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An account of a program's own at Google, by the JSON key file that Google's console gives out once.
struct ServiceAccount: Sendable {
    /// Its address, which calendars can be shared with.
    let email: String
    let tokenURL: String
    private let key: RSAKey
    private let keyID: String?

    static let largestFile = 64 << 10

    /// - Parameter setting: what the setting that names the file is called.
    /// - Throws: ``AtlasError`` `not_configured` that names the setting, and nothing of what stands in the file.
    init(file path: String, setting: String) throws(AtlasError) {
        func wrong(_ words: String) -> AtlasError { AtlasError(.notConfigured, "\(setting) \(words)") }
        let advice = "Give the JSON key file of a service account, as Google's console makes it."
        guard let octets = PrivateFile.read(path, atMost: Self.largestFile + 1) else {
            throw wrong("names no regular file that can be read. \(advice)")
        }
        guard octets.count <= Self.largestFile else { throw wrong("names a file of more than 64 KB. \(advice)") }
        guard let json = try? JSON(parsing: octets), json.object != nil else {
            throw wrong("names a file that is no JSON object. \(advice)")
        }
        guard json["type"]?.text == "service_account" else {
            throw wrong("names a file whose type is not service_account. \(advice)")
        }
        guard let email = json["client_email"]?.text, EmailAddress(email) != nil, let pem = json["private_key"]?.text
        else {
            throw wrong("names a file without client_email and private_key. \(advice)")
        }
        let tokenURL = json["token_uri"]?.text ?? "https://oauth2.googleapis.com/token"
        guard WebURL.isBase(tokenURL),
            tokenURL.lowercased().hasPrefix("https://") || HTTPAddress.isLoopback(WebURL.host(of: tokenURL))
        else { throw wrong("names a file whose token_uri is no https URL. \(advice)") }
        do {
            key = try RSAKey(pem: pem)
        } catch {
            switch error {
            case .missingLibrary:
                throw AtlasError(
                    .notConfigured,
                    "A service account needs OpenSSL's libcrypto, which is not installed (Debian: openssl).")
            case .noKey:
                throw wrong("names a file whose private_key is no RSA key of at least 2048 bits in PEM. \(advice)")
            }
        }
        self.email = email
        self.tokenURL = tokenURL
        keyID = json["private_key_id"]?.text
    }

    /// What a token is asked for with (RFC 7523, 2.1, and Google's "Using OAuth 2.0 for Server to Server Applications").
    ///
    /// - Parameters:
    ///   - scope: what for.
    ///   - subject: the user for whom the account acts, if it does.
    ///   - audience: the token endpoint by the name that Google knows it by.
    fileprivate func assertion(scope: String, subject: String?, audience: String, now: Date) -> String? {
        // A clock that is fast would make it an assertion of the future, which is refused.
        let issued = Int(now.timeIntervalSince1970) - 60
        var claims: JSON.Object = [
            "iss": .string(email), "scope": .string(scope), "aud": .string(audience), "iat": .integer(issued),
            "exp": .integer(issued + 3600),
        ]
        if let subject { claims.append("sub", .string(subject)) }
        return JSONWebToken.signed(.object(claims), by: key, keyID: keyID)
    }
}

extension ServiceAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "service account <redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}

/// A service account's assertion as a grant (RFC 7523, 2.1).
struct ServiceAccountGrant: OAuthGrant {
    let account: ServiceAccount
    let scope: String
    let subject: String?
    /// The settings of the key file and of the subject.
    let file: ConfigurationKey
    let subjectKey: ConfigurationKey

    func fields(for tokenURL: String) throws(AtlasError) -> [(name: String, value: String)] {
        guard let assertion = account.assertion(scope: scope, subject: subject, audience: tokenURL, now: Date()) else {
            throw AtlasError(.internal, "The request for an access token could not be signed.")
        }
        return [("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion)]
    }

    func words(for fault: OAuthFault, service: String, said: String) -> String {
        let both = subject == nil ? file.name : "\(file.name) and \(subjectKey.name)"
        switch fault {
        case .grant:
            return
                "\(service) does not accept the service account\(said): its key was deleted, an address is wrong or this machine's clock is. Check \(both)."
        case .client, .denied:
            guard subject != nil else {
                return "\(service) does not know the service account\(said). Check \(file.name)."
            }
            return
                "\(service) does not let the service account act for the user that \(subjectKey.name) names\(said): the domain's administrator must delegate \(scope) to it."
        case .other: return "\(service) gives no access token\(said). Check \(both)."
        }
    }
}
