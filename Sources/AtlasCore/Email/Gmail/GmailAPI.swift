import JSON

/// Gmail's REST API, version 1, as the account whose token it has.
///
/// Reads, and changes that may be made twice without harm, are repeated after failures that may pass. What sends goes out once. A 401 is
/// answered by a new token, once: it comes before anything is done.
struct GmailAPI: Sendable {
    /// Without a slash at its end.
    let baseURL: String
    let token: OAuthToken
    let http: HTTPClient
    var timeout: Duration = .seconds(30)
    var retries = HTTPRetries.reads

    static let service = "Gmail"
    /// Where requests of one call may run beside each other. Google allows some 50 reads a second for a user.
    static let mostAtOnce = 10

    init(
        baseURL: String = "https://gmail.googleapis.com", token: OAuthToken, http: HTTPClient,
        timeout: Duration = .seconds(30)
    ) {
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.token = token
        self.http = http
        self.timeout = timeout
    }

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
        try await repeated { deadline in
            var request = HTTPRequest(.get, url(path, query))
            request.largestBody = largest
            return try await exchange(request, until: deadline)
        }
    }

    /// `POST` below the mailbox, of a change that may be made twice without harm.
    ///
    /// - Returns: nil when what is to be changed is not there.
    func change(_ path: String, _ body: JSON?) async throws -> JSON? {
        try await repeated { deadline in
            try await exchange(HTTPRequest(.post, url(path), body: body.map { .json($0) }), until: deadline)
        }
    }

    func url(_ path: String, _ query: [(String, String?)] = []) -> String {
        "\(baseURL)/gmail/v1/users/me\(path)\(FormEncoding.query(query))"
    }

    /// One exchange, with a new token where the first is refused.
    ///
    /// - Throws: ``HTTPError``; ``AtlasError`` when there is no token.
    func exchange(_ request: HTTPRequest, limit: Duration? = nil) async throws -> HTTPResponse {
        try await exchange(request, until: .now + (limit ?? timeout))
    }

    private func exchange(_ request: HTTPRequest, until deadline: ContinuousClock.Instant) async throws -> HTTPResponse
    {
        var request = request
        request.headers.append(HTTPHeader("Accept", "application/json"))
        let given = try await token.token()
        request.authorization = .bearer(given)
        request.timeout = max(.milliseconds(1), deadline - .now)
        let response = try await http.send(request)
        guard response.status == 401 else { return response }
        request.authorization = .bearer(try await token.token(insteadOf: given))
        request.timeout = max(.milliseconds(1), deadline - .now)
        return try await http.send(request)
    }

    private func repeated(_ attempt: (ContinuousClock.Instant) async throws -> HTTPResponse) async throws -> JSON? {
        let deadline = ContinuousClock.now + timeout
        var attempts = 1
        while true {
            let outcome: Result<HTTPResponse, HTTPError>
            do {
                outcome = .success(try await attempt(deadline))
            } catch let error as HTTPError {
                outcome = .failure(error)
            }
            let pause = GmailRefusal.pause(retries, after: outcome, attempt: attempts)
            guard let pause, pause < deadline - .now else { return try Self.json(outcome) }
            try await Task.sleep(for: pause)
            attempts += 1
        }
    }

    private static func json(_ outcome: Result<HTTPResponse, HTTPError>) throws -> JSON? {
        let response: HTTPResponse
        switch outcome {
        case .success(let answer): response = answer
        case .failure(let error): throw AtlasError(error, service: service, isRead: true)
        }
        if response.status == 404 || response.status == 410 { return nil }
        guard response.isSuccess else { throw GmailRefusal(response, needs: .modify).error }
        guard let json = response.json else { throw GmailRefusal.garbled }
        return json
    }
}
