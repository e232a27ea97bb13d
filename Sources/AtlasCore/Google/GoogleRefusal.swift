import JSON

/// An answer of Google's that is none of success, in our words (Gmail API, "Resolve errors"; Calendar API, "Handle API errors").
struct GoogleRefusal {
    let error: AtlasError
    /// Google's word for why, like `rateLimitExceeded`; empty when there is none.
    let reason: String

    /// - Parameter scope: what the request needs the account's consent for.
    init(_ response: HTTPResponse, of service: GoogleService, needs scope: String) {
        let body = response.json?["error"]
        let name = service.name
        reason = Self.reason(body)
        var words = body?["message"]?.text?.cleaned().cutShort(at: 200) ?? ""
        while words.hasSuffix(".") || words.hasSuffix(" ") { words.removeLast() }
        let said = words.isEmpty ? " (HTTP \(response.status))" : " (\(response.status): \(words))"

        if let own = service.refusals[reason] {
            error = own
            return
        }
        switch (response.status, reason) {
        case (401, _):
            error = AtlasError(
                .unauthenticated, "\(name) does not take the access token of this account\(said): \(service.remedy).")
        case (403, _) where Self.isRate(reason), (429, _):
            let wait = response.retryAfter.map { " Wait \(max(1, $0.components.seconds)) s." } ?? " Wait a while."
            let limit =
                reason == "dailyLimitExceeded" ? "the account's limit for the day is reached" : "too many requests"
            error = AtlasError(.rateLimited, "\(name) refused it\(said): \(limit).\(wait)")
        case (403, "insufficientPermissions"), (403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"):
            error = AtlasError(
                .permissionDenied,
                "The \(name) account was authorised without the scope \(scope): \(service.remedy).")
        case (403, "accessNotConfigured"), (403, "SERVICE_DISABLED"):
            error = AtlasError(
                .permissionDenied,
                "The \(name) API is not enabled in the project of \(service.project.name): enable it in Google's console."
            )
        case (403, "domainPolicy"):
            error = AtlasError(
                .permissionDenied, "The account's domain does not allow the \(name) API: its administrator must.")
        case (403, _): error = AtlasError(.permissionDenied, "\(name) does not allow it\(said).")
        case (404, _), (410, _): error = AtlasError(.notFound, "\(name) has nothing by that id.")
        case (409, _), (412, _):
            error = AtlasError(.conflict, "\(name) has another version of it\(said): look at it again.")
        case (400, "failedPrecondition"):
            error = AtlasError(.permissionDenied, "The Google account cannot do this\(said): has it \(name) at all?")
        case (413, _): error = AtlasError(.invalidArgument, "It is larger than \(name) takes.")
        case (300..<400, _):
            error = AtlasError(
                .notConfigured,
                "The address of \(name) points elsewhere, which is not followed. Check \(service.url.name).")
        case (500..., _): error = AtlasError(.unavailable, "\(name) has a fault of its own\(said). Try again later.")
        default: error = AtlasError(.invalidArgument, "\(name) refused it\(said).")
        }
    }

    /// As ``HTTPRetries/pause(after:attempt:chance:)``, and after the 403 by which Google says what others say by 429.
    static func pause(_ retries: HTTPRetries, after outcome: Result<HTTPResponse, HTTPError>, attempt: Int) -> Duration?
    {
        var outcome = outcome
        if case .success(var response) = outcome, response.status == 403 {
            let reason = reason(response.json?["error"])
            if isRate(reason), reason != "dailyLimitExceeded" {
                response.status = 429
                outcome = .success(response)
            }
        }
        return retries.pause(after: outcome, attempt: attempt, chance: .random(in: 0...1))
    }

    private static func isRate(_ reason: String) -> Bool {
        [
            "rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded", "quotaExceeded", "RATE_LIMIT_EXCEEDED",
            "concurrentLimitExceeded",
        ].contains(reason)
    }

    /// In the first of `errors`, or in the `ErrorInfo` of `details`, which newer services have instead.
    private static func reason(_ body: JSON?) -> String {
        body?["errors"]?[0]?["reason"]?.text
            ?? body?["details"]?.items?.lazy.compactMap { $0["reason"]?.text }.first ?? ""
    }
}
