import JSON

/// Whoever stands between the clients and the tools: lets calls pass, holds them back, keeps a record of them.
///
/// The protocol gives it the place and knows nothing of what it does there.
public protocol ToolGate: Sendable {
    /// Whether calls of such a tool come by at all. Asked before anything else is done, so that all others cost nothing.
    func concerns(_ tool: String, _ hints: ToolHints) -> Bool

    /// Answers a call.
    ///
    /// - Parameter proceed: calls the tool with the arguments it is given. What goes wrong in the tool is part of the result.
    /// - Throws: what the toolbox turns into a failure, as if the tool had thrown it; `CancellationError` and errors that are
    ///   ``ControlFlow``, also those of `proceed`, must pass.
    func around(
        _ call: ToolCall, for client: Client,
        proceed: @escaping @Sendable (JSON.Object) async throws -> CallResult
    ) async throws -> CallResult
}

/// A call of a tool, before the tool hears of it.
public struct ToolCall: Sendable {
    public let name: String
    public let hints: ToolHints
    public let toolset: String
    /// As the client gave them.
    public let arguments: JSON.Object
    /// Reads the arguments as the tool would, so that nobody is asked about a call that would be refused anyway.
    public let check: @Sendable () throws -> Void
}

extension Client {
    /// Who the client says it is. Text from outside, and no proof of anything.
    public struct Peer: Sendable, Equatable {
        public let name: String
        public let version: String?

        public init(name: String, version: String?) {
            self.name = name
            self.version = version
        }

        /// Reads the schema's `Implementation`.
        init?(_ implementation: JSON?) {
            guard let name = implementation?["name"]?.text else { return nil }
            self.init(name: name, version: implementation?["version"]?.text)
        }
    }

    public var peer: Peer? { terms.peer }
}
