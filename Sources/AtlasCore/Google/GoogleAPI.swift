import JSON

/// A REST API of Google's, as the account whose token it has.
///
/// What may be made twice without harm is repeated after failures that may pass; anything else goes out once. A 401 is answered by a
/// new token, once: it comes before anything is done.
struct GoogleAPI: Sendable {
    let service: GoogleService
    /// Without a slash at its end.
    let baseURL: String
    let token: OAuthToken
    let http: HTTPClient
    var timeout: Duration
    var retries = HTTPRetries.reads

    init(
        _ service: GoogleService, baseURL: String, token: OAuthToken, http: HTTPClient,
        timeout: Duration = .seconds(30)
    ) {
        self.service = service
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.token = token
        self.http = http
        self.timeout = timeout
    }

    func url(_ path: String, _ query: [(String, String?)] = []) -> String {
        "\(baseURL)\(path)\(FormEncoding.query(query))"
    }

    /// What came of a request that may have been sent several times.
    struct Outcome: Sendable {
        let response: HTTPResponse
        /// Whether an attempt before the one that was answered may have been acted on.
        let mayHaveActedBefore: Bool
    }

    /// A request that may be made twice without harm.
    ///
    /// - Throws: ``HTTPError``, which says of all attempts whether one may have arrived; ``AtlasError`` when there is no token.
    func repeated(_ request: HTTPRequest) async throws -> Outcome {
        let deadline = ContinuousClock.now + timeout
        var attempts = 1
        var mayHaveActed = false
        while true {
            let outcome: Result<HTTPResponse, HTTPError>
            do {
                outcome = .success(try await exchange(request, until: deadline))
            } catch let error as HTTPError {
                outcome = .failure(
                    HTTPError(error.kind, host: error.host, mayHaveArrived: error.mayHaveArrived || mayHaveActed))
            }
            let pause = GoogleRefusal.pause(retries, after: outcome, attempt: attempts)
            guard let pause, pause < deadline - .now else {
                return Outcome(response: try outcome.get(), mayHaveActedBefore: mayHaveActed)
            }
            switch outcome {
            case .success(let response): mayHaveActed = mayHaveActed || response.status >= 500
            case .failure(let error): mayHaveActed = mayHaveActed || error.mayHaveArrived
            }
            try await Task.sleep(for: pause)
            attempts += 1
        }
    }

    /// The JSON of a request that may be made twice without harm.
    ///
    /// - Parameter scope: what it needs the account's consent for.
    /// - Returns: nil when there is no such thing.
    func json(_ request: HTTPRequest, needs scope: String) async throws -> JSON? {
        let response: HTTPResponse
        do {
            response = try await repeated(request).response
        } catch let error as HTTPError {
            throw AtlasError(error, service: service.name, isRead: true)
        }
        if response.status == 404 || response.status == 410 { return nil }
        return try json(response, needs: scope)
    }

    /// The JSON of an answer.
    ///
    /// - Throws: ``AtlasError`` for one that is none of success.
    func json(_ response: HTTPResponse, needs scope: String) throws(AtlasError) -> JSON {
        guard response.isSuccess else { throw GoogleRefusal(response, of: service, needs: scope).error }
        guard let json = response.json else { throw service.garbled }
        return json
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
}
