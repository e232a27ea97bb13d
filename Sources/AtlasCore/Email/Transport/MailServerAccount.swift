/// How one mail server is reached, and as whom.
struct MailServerAccount: Sendable {
    enum Kind: String, Sendable { case imap, smtp }
    enum Security: Sendable { case tls, startTLS, none }
    enum Credentials: Sendable {
        case none
        case password(user: String, password: String)
        /// An access token (RFC 6750) for XOAUTH2 or OAUTHBEARER, asked for when a connection is made.
        case token(user: String, token: @Sendable (_ isRenewed: Bool) async throws -> String)
    }

    let kind: Kind
    let host: String
    let port: Int
    let security: Security
    let credentials: Credentials
    /// `ATLAS_CA_FILE`
    let caFile: String?
}
