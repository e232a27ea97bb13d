import JSON

/// One request for an access token (RFC 6749, 4.5 and 6). It changes nothing that matters, so it is repeated like a read.
struct OAuthRequest {
    let account: OAuthAccount
    let http: HTTPClient
    let timeout: Duration

    struct Grant: Sendable {
        let token: String
        /// How long it is used: a minute less than it is good for, so that it does not end on its way.
        let lasts: Duration
    }

    func result() async -> Result<Grant, any Error> {
        do { return .success(try await grant()) } catch { return .failure(error) }
    }

    private func grant() async throws -> Grant {
        let deadline = ContinuousClock.now + timeout
        var attempt = 1
        while true {
            let request = try request(until: deadline)
            let outcome: Result<HTTPResponse, HTTPError>
            do {
                outcome = .success(try await http.send(request))
            } catch let error as HTTPError {
                outcome = .failure(error)
            }
            let pause = HTTPRetries.reads.pause(after: outcome, attempt: attempt, chance: .random(in: 0...1))
            guard let pause, pause < deadline - .now else { return try read(outcome) }
            try await Task.sleep(for: pause)
            attempt += 1
        }
    }

    private func request(until deadline: ContinuousClock.Instant) throws(AtlasError) -> HTTPRequest {
        var request = HTTPRequest(
            .post, account.tokenURL, body: .form(try account.grant.fields(for: account.tokenURL)))
        request.headers = [HTTPHeader("Accept", "application/json")]
        request.timeout = max(.milliseconds(1), deadline - .now)
        request.largestBody = 256 << 10
        return request
    }

    private func read(_ outcome: Result<HTTPResponse, HTTPError>) throws -> Grant {
        let response: HTTPResponse
        switch outcome {
        case .success(let answer): response = answer
        case .failure(let error):
            throw AtlasError(error, service: "\(account.service)'s \(account.tokenURLName)", isRead: true)
        }
        guard response.isSuccess else { throw OAuthRefusal(response, account).error }
        // RFC 6749, 5.1. The type says how the token is shown: only Bearer is known here.
        guard let json = response.json, let token = json["access_token"]?.text,
            HTTPAuthorization.bearer(token).field != nil,
            (json["token_type"]?.text ?? "Bearer").lowercased() == "bearer"
        else {
            throw AtlasError(
                .upstreamError,
                "\(account.service) gave an answer that holds no access token. Check \(account.tokenURLName).",
                retryable: false)
        }
        let seconds = min(max(json["expires_in"]?.wholeNumber ?? 300, 0), 86_400)
        return Grant(token: token, lasts: .seconds(max(seconds - 60, seconds / 2)))
    }
}

/// A refused request for a token (RFC 6749, 5.2), in words that name settings. What the service says itself is left out but for its code.
struct OAuthRefusal {
    let error: AtlasError

    init(_ response: HTTPResponse, _ account: OAuthAccount) {
        let service = account.service
        let code = response.json?["error"]?.text.flatMap(Self.word)
        let said = code.map { " (\($0))" } ?? " (HTTP \(response.status))"
        func refused(_ fault: OAuthFault, _ errorCode: AtlasError.Code = .unauthenticated) -> AtlasError {
            AtlasError(errorCode, account.grant.words(for: fault, service: service, said: said))
        }
        switch (response.status, code) {
        case (_, "invalid_grant"): error = refused(.grant)
        case (_, "invalid_client"), (_, "unauthorized_client"): error = refused(.client)
        case (429, _), (_, "rate_limit_exceeded"), (_, "slow_down"), (_, "quota_exceeded"),
            (_, "userRateLimitExceeded"):
            let wait = response.retryAfter.map { " Wait \(max(1, $0.components.seconds)) s." } ?? " Wait a while."
            error = AtlasError(
                .rateLimited, "\(service) gives no access token for now\(said): too many requests.\(wait)")
        case (500..., _), (_, "internal_failure"), (_, "temporarily_unavailable"), (_, "server_error"):
            error = AtlasError(.unavailable, "\(service) gives no access token for now\(said). Try again later.")
        case (_, "admin_policy_enforced"), (_, "org_internal"), (_, "access_denied"), (403, _):
            error = refused(.denied, .permissionDenied)
        case (300..<400, _), (404, _), (405, _):
            error = AtlasError(.notConfigured, "There is no token endpoint\(said). Check \(account.tokenURLName).")
        default: error = refused(.other)
        }
    }

    /// An error code, if it has the shape of one.
    private static func word(_ text: String) -> String? {
        let isWord =
            (1...40).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || $0 == 0x5F }
        return isWord ? text : nil
    }
}
