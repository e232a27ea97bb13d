/// What went wrong in the business layer, in words a model or a person can act on.
///
/// `message` is safe to show: one or two sentences that name the parameter or service and say what to do. It never holds SQL,
/// a password, a token or a stack trace.
public struct AtlasError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The codes of the contract, spelt as on the wire.
    public enum Code: String, Sendable, CaseIterable {
        case invalidArgument = "invalid_argument"
        case notFound = "not_found"
        case conflict
        case notConfigured = "not_configured"
        case unauthenticated
        case permissionDenied = "permission_denied"
        case rateLimited = "rate_limited"
        case unavailable
        case timeout
        case upstreamError = "upstream_error"
        case `internal`
    }

    public let code: Code
    public let message: String
    /// The wire name of the argument that is to blame, if one is.
    public let parameter: String?
    /// Whether the same call may succeed later without a change.
    public let retryable: Bool

    public init(_ code: Code, _ message: String, parameter: String? = nil, retryable: Bool? = nil) {
        self.code = code
        self.message = message
        self.parameter = parameter
        self.retryable = retryable ?? [.unavailable, .timeout, .rateLimited].contains(code)
    }

    public var description: String { message }
}
