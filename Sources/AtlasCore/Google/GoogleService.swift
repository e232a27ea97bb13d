/// One of Google's services, in the words that its errors need: people know settings, not parameters of a protocol.
struct GoogleService: Sendable {
    /// What people call it, like "Gmail".
    let name: String
    /// The setting of its address.
    let url: ConfigurationKey
    /// The setting that says in whose project of Google's console the API must be enabled.
    let project: ConfigurationKey
    /// What to do when the account's consent does not reach: a clause like "authorise again and set …".
    let remedy: String
    /// What this service refuses for reasons of its own, by Google's word for it.
    var refusals: [String: AtlasError] = [:]

    /// The answer of a service that nobody can read.
    var garbled: AtlasError {
        AtlasError(.upstreamError, "\(name) gave an answer that cannot be read. Try again later.", retryable: true)
    }

    static let gmail = GoogleService(
        name: "Gmail", url: .gmailURL, project: .gmailClientID,
        remedy: "authorise again and set \(ConfigurationKey.gmailRefreshToken.name)")
}
