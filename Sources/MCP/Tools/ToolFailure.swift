/// A refusal meant for the model to read: what went wrong, and what to try instead.
///
/// It becomes a result with `isError: true`, the message as its first text block, and the code, whether a retry may help and
/// the parameter to blame in `_meta`.
public struct ToolFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// One of the codes of the contract, like `not_found`.
    public let code: String
    /// One or two sentences that name the parameter or service and say what to do. Never SQL, a secret or a stack trace.
    public let message: String
    /// Whether the same call may succeed later without a change.
    public let retryable: Bool
    /// The wire name of the argument that is to blame, if one is.
    public let parameter: String?

    public init(code: String, _ message: String, retryable: Bool = false, parameter: String? = nil) {
        self.code = code
        self.message = message
        self.retryable = retryable
        self.parameter = parameter
    }

    public var description: String { message }
}

/// An error that steers the conversation rather than ending it, like a question to the user that has to go out first. The
/// toolbox lets it pass.
package protocol ControlFlow: Error {}
