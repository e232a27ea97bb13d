/// What an access token is asked for with (RFC 6749, 6), and what the settings are called that say so.
///
/// None of it is ever printed: texts about it name the settings.
struct OAuthAccount: Sendable {
    /// The names that errors tell: people know settings, not parameters of a protocol.
    struct Names: Sendable {
        /// What people call the service, like "Google".
        let service: String
        let tokenURL: String
        let clientID: String
        let clientSecret: String
        let refreshToken: String
    }

    let tokenURL: String
    let clientID: String
    let clientSecret: String
    let refreshToken: String
    let names: Names
}

extension OAuthAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var description: String { "OAuth at \(names.service) <redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: [], displayStyle: .struct) }
}
