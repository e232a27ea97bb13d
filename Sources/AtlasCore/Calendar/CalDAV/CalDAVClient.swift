/// Speaks WebDAV with one account's server: credentials, redirects within the host, and refusals in the words of the contract.
final class CalDAVClient: Sendable {
    let account: CalDAVAccount
    private let http: HTTPClient
    private let timeout: Duration
    /// Whether the server has refused Basic and wants Digest.
    private let wantsDigest = Locked(false)

    init(_ account: CalDAVAccount, http: HTTPClient, timeout: Duration = .seconds(30)) {
        self.account = account
        self.http = http
        self.timeout = timeout
    }

    struct Condition {
        let header: HTTPHeader
        static let isNew = Condition(header: HTTPHeader("If-None-Match", "*"))

        /// A weak tag says nothing about octets, so no condition can be made of it (RFC 9110, 13.1.1).
        static func isStill(_ tag: String?) -> Condition? {
            tag.flatMap { $0.hasPrefix("W/") ? nil : Condition(header: HTTPHeader("If-Match", $0)) }
        }
    }

    func propfind(_ path: DAVPath, depth: Int, _ body: String) async throws -> (
        status: Int, resources: [DAVResource], path: DAVPath
    ) {
        let response = try await read(.propfind, path, depth: depth, body)
        return (response.status, try resources(response), path)
    }

    /// - Returns: nil when there is no such collection.
    func report(_ path: DAVPath, _ body: String) async throws -> [DAVResource]? {
        let response = try await read(.report, path, depth: 1, body)
        if response.status == 404 || response.status == 410 { return nil }
        guard response.status == 207 else { throw refusal(response) }
        return try resources(response)
    }

    /// - Returns: nil when there is no such resource.
    func get(_ path: DAVPath) async throws -> (octets: [UInt8], tag: String?)? {
        let response = try await send(request(.get, path), isRead: true)
        if response.status == 404 || response.status == 410 { return nil }
        guard response.isSuccess else { throw refusal(response) }
        return (response.body, response[header: "ETag"])
    }

    /// - Throws: ``HTTPError`` as it is: only the caller can find out whether the resource was written.
    func put(_ path: DAVPath, _ octets: [UInt8], if condition: Condition?) async throws -> HTTPResponse {
        var request = request(.put, path, .octets(octets, type: "text/calendar; charset=utf-8"))
        if let condition { request.headers.append(condition.header) }
        return try await exchange(request)
    }

    func delete(_ path: DAVPath, if condition: Condition?) async throws -> HTTPResponse {
        var request = request(.delete, path)
        if let condition { request.headers.append(condition.header) }
        return try await exchange(request)
    }

    // MARK: -

    private func read(_ method: HTTPRequest.Method, _ path: DAVPath, depth: Int, _ body: String) async throws
        -> HTTPResponse
    {
        var request = request(method, path, .octets(Array(body.utf8), type: "application/xml; charset=utf-8"))
        request.headers.append(HTTPHeader("Depth", String(depth)))
        return try await send(request, isRead: true)
    }

    private func resources(_ response: HTTPResponse) throws(AtlasError) -> [DAVResource] {
        response.status == 207 ? try DAVResource.all(in: response.body, origin: account.origin) : []
    }

    private func request(_ method: HTTPRequest.Method, _ path: DAVPath, _ body: HTTPBody? = nil) -> HTTPRequest {
        var request = HTTPRequest(method, account.origin + path.text, body: body)
        request.timeout = timeout
        // A calendar of thousands of events comes in one answer.
        request.largestBody = 64 << 20
        request.redirects = 5
        request.staysOnOrigin = true
        request.retries = .reads
        return request
    }

    private func send(_ request: HTTPRequest, isRead: Bool) async throws -> HTTPResponse {
        do {
            return try await exchange(request)
        } catch let error as HTTPError {
            throw AtlasError(error, service: "The CalDAV server", isRead: isRead)
        }
    }

    /// One exchange; where the server refuses Basic and offers Digest, that from then on.
    private func exchange(_ request: HTTPRequest) async throws -> HTTPResponse {
        var request = request
        guard let user = account.user, let password = account.password else {
            return try checked(await http.send(request))
        }
        if wantsDigest.withLock({ $0 }) {
            request.authorization = .digest(user: user, password: password)
            return try checked(await http.send(request))
        }
        request.authorization = .basic(user: user, password: password)
        let response = try await http.send(request)
        let offers = response.headers.filter { $0.name.lowercased() == "www-authenticate" }.map {
            $0.value.lowercased()
        }
        guard response.status == 401, offers.contains(where: { $0.contains("digest") }),
            !offers.contains(where: { $0.hasPrefix("basic") })
        else { return try checked(response) }
        wantsDigest.withLock { $0 = true }
        request.authorization = .digest(user: user, password: password)
        return try checked(await http.send(request))
    }

    /// Refusals that mean the same for every request.
    private func checked(_ response: HTTPResponse) throws(AtlasError) -> HTTPResponse {
        switch response.status {
        case 300..<400: throw redirected(response)
        case 401:
            throw AtlasError(
                .unauthenticated,
                "The CalDAV server refused the log-in. Check \(ConfigurationKey.caldavUsername.name) and \(ConfigurationKey.caldavPassword.name); "
                    + "iCloud and Fastmail want an app password.")
        case 429, 503:
            let wait = response.retryAfter.map { " Wait \(max(1, $0.components.seconds)) s." } ?? " Try again later."
            throw AtlasError(
                response.status == 429 ? .rateLimited : .unavailable,
                "The CalDAV server does not answer for now (HTTP \(response.status)).\(wait)")
        default: return response
        }
    }

    /// Credentials go to no other host, so the setting has to name it.
    private func redirected(_ response: HTTPResponse) -> AtlasError {
        Self.elsewhere(response[header: "Location"] ?? "", "redirects to")
    }

    /// - Parameter url: what points away from the account's server.
    static func elsewhere(_ url: String, _ verb: String) -> AtlasError {
        let host = HTTPRequest(.get, url).hostAsWritten.cleaned().prefix(200)
        let place = host.isEmpty ? "another place" : "another host, \(host)"
        return AtlasError(
            .notConfigured,
            "The CalDAV server \(verb) \(place), and credentials are not taken there. If that is right, set \(ConfigurationKey.caldavURL.name) to it."
        )
    }

    /// A refusal that no caller has an answer to.
    func refusal(_ response: HTTPResponse) -> AtlasError {
        switch response.status {
        case 403:
            AtlasError(
                .permissionDenied,
                "The CalDAV server does not allow that: the calendar may only be read, or is another's.")
        case 404, 405, 410:
            AtlasError(
                .notConfigured,
                "There is no calendar at the address in \(ConfigurationKey.caldavURL.name) or \(ConfigurationKey.caldavCalendarURL.name) (HTTP \(response.status))."
            )
        case 507: AtlasError(.upstreamError, "The CalDAV server has no room left (HTTP 507).", retryable: false)
        case 500...:
            AtlasError(.unavailable, "The CalDAV server failed (HTTP \(response.status)). Try again later.")
        default:
            AtlasError(
                .upstreamError, "The CalDAV server refused the request (HTTP \(response.status)).", retryable: false)
        }
    }
}
