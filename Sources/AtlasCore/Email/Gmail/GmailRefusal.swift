import JSON

/// An answer of Google's that is none of success, in our words (Gmail API, "Resolve errors").
struct GmailRefusal {
    let error: AtlasError
    /// Google's word for why, like `rateLimitExceeded`; empty when there is none.
    let reason: String

    static let garbled = AtlasError(
        .upstreamError, "Gmail gave an answer that cannot be read. Try again later.", retryable: true)

    init(_ response: HTTPResponse, needs scope: GmailAPI.Scope) {
        let body = response.json?["error"]
        reason = Self.reason(body)
        var words = body?["message"]?.text?.cleaned().cutShort(at: 200) ?? ""
        while words.hasSuffix(".") || words.hasSuffix(" ") { words.removeLast() }
        let said = words.isEmpty ? " (HTTP \(response.status))" : " (\(response.status): \(words))"

        switch (response.status, reason) {
        case (401, _):
            error = AtlasError(
                .unauthenticated,
                "Gmail does not take the access token of this account\(said): authorise again and set \(ConfigurationKey.gmailRefreshToken.name)."
            )
        case (403, _) where Self.isRate(403, reason), (429, _):
            let wait = response.retryAfter.map { " Wait \(max(1, $0.components.seconds)) s." } ?? " Wait a while."
            let limit =
                reason == "dailyLimitExceeded" ? "the account's limit for the day is reached" : "too many requests"
            error = AtlasError(.rateLimited, "Gmail refused it\(said): \(limit).\(wait)")
        case (403, "insufficientPermissions"), (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"):
            error = AtlasError(
                .permissionDenied,
                "The Gmail account was authorised without the scope \(scope.rawValue): authorise again with it and set \(ConfigurationKey.gmailRefreshToken.name)."
            )
        case (403, "accessNotConfigured"), (403, "SERVICE_DISABLED"):
            error = AtlasError(
                .permissionDenied,
                "The Gmail API is not enabled in the project of \(ConfigurationKey.gmailClientID.name): enable it in Google's console."
            )
        case (403, "domainPolicy"):
            error = AtlasError(
                .permissionDenied, "The account's domain does not allow the Gmail API: its administrator must.")
        case (403, _): error = AtlasError(.permissionDenied, "Gmail does not allow it\(said).")
        case (404, _): error = AtlasError(.notFound, "Gmail has nothing by that id.")
        case (400, "failedPrecondition"):
            error = AtlasError(.permissionDenied, "The Google account cannot do this\(said): has it Gmail at all?")
        case (413, _): error = AtlasError(.invalidArgument, "The message is larger than Gmail takes.")
        case (300..<400, _):
            error = AtlasError(
                .notConfigured,
                "Gmail's address points elsewhere, which is not followed. Check \(ConfigurationKey.gmailURL.name).")
        case (500..., _): error = AtlasError(.unavailable, "Gmail has a fault of its own\(said). Try again later.")
        default: error = AtlasError(.invalidArgument, "Gmail refused it\(said).")
        }
    }

    /// As ``HTTPRetries/pause(after:attempt:chance:)``, and after the 403 by which Google says what others say by 429.
    static func pause(_ retries: HTTPRetries, after outcome: Result<HTTPResponse, HTTPError>, attempt: Int) -> Duration?
    {
        var outcome = outcome
        if case .success(var response) = outcome, response.status == 403,
            isRate(403, reason(response.json?["error"])) && reason(response.json?["error"]) != "dailyLimitExceeded"
        {
            response.status = 429
            outcome = .success(response)
        }
        return retries.pause(after: outcome, attempt: attempt, chance: .random(in: 0...1))
    }

    private static func isRate(_ status: Int, _ reason: String) -> Bool {
        status == 429
            || [
                "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded",
                "RATE_LIMIT_EXCEEDED",
                "concurrentLimitExceeded",
            ].contains(reason)
    }

    /// In the first of `errors`, or in the `ErrorInfo` of `details`, which newer services have instead.
    private static func reason(_ body: JSON?) -> String {
        body?["errors"]?[0]?["reason"]?.text
            ?? body?["details"]?.items?.lazy.compactMap { $0["reason"]?.text }.first ?? ""
    }
}
