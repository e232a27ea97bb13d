import JSON

/// One refresh (RFC 6749, 6). It changes nothing that matters, so it is repeated like a read.
struct OAuthRefresh {
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
            let outcome: Result<HTTPResponse, HTTPError>
            do {
                outcome = .success(try await http.send(request(until: deadline)))
            } catch let error as HTTPError {
                outcome = .failure(error)
            }
            let pause = HTTPRetries.reads.pause(after: outcome, attempt: attempt, chance: .random(in: 0...1))
            guard let pause, pause < deadline - .now else { return try read(outcome) }
            try await Task.sleep(for: pause)
            attempt += 1
        }
    }

    private func request(until deadline: ContinuousClock.Instant) -> HTTPRequest {
        var request = HTTPRequest(
            .post, account.tokenURL,
            body: .form([
                ("grant_type", "refresh_token"), ("refresh_token", account.refreshToken),
                ("client_id", account.clientID), ("client_secret", account.clientSecret),
            ]))
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
            throw AtlasError(error, service: "\(account.names.service)'s \(account.names.tokenURL)", isRead: true)
        }
        guard response.isSuccess else { throw OAuthRefusal(response, account.names).error }
        // RFC 6749, 5.1. The type says how the token is shown: only Bearer is known here.
        guard let json = response.json, let token = json["access_token"]?.text,
            HTTPAuthorization.bearer(token).field != nil,
            (json["token_type"]?.text ?? "Bearer").lowercased() == "bearer"
        else {
            throw AtlasError(
                .upstreamError,
                "\(account.names.service) gave an answer that holds no access token. Check \(account.names.tokenURL).",
                retryable: false)
        }
        let seconds = min(max(json["expires_in"]?.wholeNumber ?? 300, 0), 86_400)
        return Grant(token: token, lasts: .seconds(max(seconds - 60, seconds / 2)))
    }
}

/// A refused refresh (RFC 6749, 5.2), in words that name settings. What the service says itself is left out but for its code.
struct OAuthRefusal {
    let error: AtlasError

    init(_ response: HTTPResponse, _ names: OAuthAccount.Names) {
        let code = response.json?["error"]?.text.flatMap(Self.word)
        let said = code.map { " (\($0))" } ?? " (HTTP \(response.status))"
        switch (response.status, code) {
        case (_, "invalid_grant"):
            error = AtlasError(
                .unauthenticated,
                "\(names.service) says that the refresh token is revoked or expired\(said): authorise again and set \(names.refreshToken)."
            )
        case (_, "invalid_client"), (_, "unauthorized_client"):
            error = AtlasError(
                .unauthenticated,
                "\(names.service) does not know the OAuth client\(said). Check \(names.clientID) and \(names.clientSecret)."
            )
        case (429, _), (_, "rate_limit_exceeded"), (_, "slow_down"), (_, "quota_exceeded"),
            (_, "userRateLimitExceeded"):
            let wait = response.retryAfter.map { " Wait \(max(1, $0.components.seconds)) s." } ?? " Wait a while."
            error = AtlasError(
                .rateLimited, "\(names.service) gives no access token for now\(said): too many requests.\(wait)")
        case (500..., _), (_, "internal_failure"), (_, "temporarily_unavailable"), (_, "server_error"):
            error = AtlasError(.unavailable, "\(names.service) gives no access token for now\(said). Try again later.")
        case (_, "admin_policy_enforced"), (_, "org_internal"), (_, "access_denied"), (403, _):
            error = AtlasError(
                .permissionDenied,
                "\(names.service) does not let this account use the OAuth client\(said): its administrator must allow it."
            )
        case (300..<400, _), (404, _), (405, _):
            error = AtlasError(.notConfigured, "There is no token endpoint\(said). Check \(names.tokenURL).")
        default:
            error = AtlasError(
                .unauthenticated,
                "\(names.service) gives no access token\(said). Check \(names.clientID), \(names.clientSecret) and \(names.refreshToken)."
            )
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
