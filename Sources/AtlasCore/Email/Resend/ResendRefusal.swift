import JSON

/// An answer of Resend's that is none of success, in our words (Resend, "Errors").
struct ResendRefusal {
    let error: AtlasError
    /// Whether it is the message that is refused, so that no other provider need be asked.
    let isOfTheMessage: Bool
    /// Whether the message may have been taken all the same, by this request or by one before with its key.
    let isUnclear: Bool

    init(_ response: HTTPResponse) {
        let name = response.json?["name"]?.text ?? ""
        var words = response.json?["message"]?.text?.cleaned().cutShort(at: 200) ?? ""
        while words.hasSuffix(".") || words.hasSuffix(" ") { words.removeLast() }
        let said = words.isEmpty ? " (HTTP \(response.status))" : " (\(response.status): \(words))"
        let key = ConfigurationKey.resendKey.name
        isUnclear = response.status == 409 || response.status == 408 || response.status >= 500
        isOfTheMessage = [400, 413, 422].contains(response.status) && name != "invalid_idempotency_key"

        switch (response.status, name) {
        case (401, "restricted_api_key"):
            error = AtlasError(.permissionDenied, "Resend's API key may not send: give \(key) one that may.")
        case (401, _), (403, "invalid_api_key"):
            error = AtlasError(.unauthenticated, "Resend does not take the API key: check \(key).")
        case (403, _):
            error = AtlasError(
                .permissionDenied,
                "Resend does not send this\(said). The sender's domain must be verified in its dashboard.")
        case (429, "daily_quota_exceeded"), (429, "monthly_quota_exceeded"):
            error = AtlasError(
                .rateLimited, "Resend's quota is used up\(said). Wait for the next period, or change the plan.")
        case (429, _):
            let wait = response.retryAfter.map { " Wait \(max(1, $0.components.seconds)) s and try again." }
            error = AtlasError(
                .rateLimited, "Resend had too many requests.\(wait ?? " Wait a few seconds and try again.")")
        case (400, _), (413, _), (422, _):
            error = AtlasError(
                .invalidArgument, "Resend does not take the message\(said).", parameter: Self.parameter(words))
        case (300..<400, _), (404, _), (405, _):
            error = AtlasError(
                .notConfigured, "Resend's API is not at this address\(said). Check \(ConfigurationKey.resendURL.name).")
        case (500..., _): error = AtlasError(.unavailable, "Resend has a fault of its own\(said). Try again later.")
        default: error = AtlasError(.upstreamError, "Resend refused it\(said).")
        }
    }

    /// The parameter whose field Resend names: ``Invalid `to` field``.
    private static func parameter(_ words: String) -> String? {
        let fields = [
            ("`to`", "to"), ("`cc`", "cc"), ("`bcc`", "bcc"), ("`reply_to`", "reply_to"), ("`from`", "from_email"),
            ("`subject`", "subject"), ("Attachment", "attachments"), ("attachment", "attachments"),
        ]
        return fields.first { words.contains($0.0) }?.1
    }
}
