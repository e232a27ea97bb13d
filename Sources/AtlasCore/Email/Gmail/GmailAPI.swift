import JSON

/// Gmail's REST API, version 1, as the account whose token it has.
///
/// Reads, and changes that may be made twice without harm, are repeated after failures that may pass. What sends goes out once.
struct GmailAPI: Sendable {
    var google: GoogleAPI

    /// Where requests of one call may run beside each other. Google allows some 50 reads a second for a user.
    static let mostAtOnce = 10

    init(
        baseURL: String = "https://gmail.googleapis.com", token: OAuthToken, http: HTTPClient,
        timeout: Duration = .seconds(30)
    ) {
        google = GoogleAPI(.gmail, baseURL: baseURL, token: token, http: http, timeout: timeout)
    }

    var baseURL: String { google.baseURL }

    /// What a request needs the account's consent for (Gmail API, "Choose Gmail API scopes").
    enum Scope: String, Sendable {
        case modify = "https://www.googleapis.com/auth/gmail.modify"
        case send = "https://www.googleapis.com/auth/gmail.send"
    }

    /// `GET` below the mailbox.
    ///
    /// - Parameter largest: the most octets that the answer may have.
    /// - Returns: nil when there is no such thing.
    func read(_ path: String, _ query: [(String, String?)] = [], largest: Int = 8 << 20) async throws -> JSON? {
        var request = HTTPRequest(.get, url(path, query))
        request.largestBody = largest
        return try await google.json(request, needs: Scope.modify.rawValue)
    }

    /// `POST` below the mailbox, of a change that may be made twice without harm.
    ///
    /// - Returns: nil when what is to be changed is not there.
    func change(_ path: String, _ body: JSON?) async throws -> JSON? {
        try await google.json(
            HTTPRequest(.post, url(path), body: body.map { .json($0) }), needs: Scope.modify.rawValue)
    }

    func url(_ path: String, _ query: [(String, String?)] = []) -> String {
        google.url("/gmail/v1/users/me\(path)", query)
    }

    /// One exchange, with a new token where the first is refused.
    ///
    /// - Throws: ``HTTPError``; ``AtlasError`` when there is no token.
    func exchange(_ request: HTTPRequest, limit: Duration? = nil) async throws -> HTTPResponse {
        try await google.exchange(request, limit: limit)
    }

    static func refusal(_ response: HTTPResponse, needs scope: Scope) -> GoogleRefusal {
        GoogleRefusal(response, of: .gmail, needs: scope.rawValue)
    }
}
