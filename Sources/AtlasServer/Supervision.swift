import AtlasCore
import JSON
import Logging
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What stands between the clients and the tools: a person's yes where the business wants one, and a memory of what was done.
struct Supervision: ToolGate {
    let server: String
    let atlas: Atlas
    let logger: Logger
    private let policy: ApprovalPolicy
    private let remembers: Bool

    /// - Throws: ``AtlasError`` `not_configured`: a server that was told wrongly what to hold back does not start.
    init(server: String, atlas: Atlas, logger: Logger) throws {
        self.server = server
        self.atlas = atlas
        self.logger = logger
        policy = try ApprovalPolicy(atlas.configuration[.approval])
        remembers = try atlas.configuration.flag(.audit) ?? true
    }

    func concerns(_ tool: String, _ hints: ToolHints) -> Bool {
        !hints.contains(.readOnly) && (remembers || policy.covers(tool))
    }

    func around(
        _ call: ToolCall, for client: Client,
        proceed: @escaping @Sendable (JSON.Object) async throws -> CallResult
    ) async throws -> CallResult {
        try await atlas.beforeClosing { try await supervise(call, for: client, proceed: proceed) }
    }

    private func supervise(
        _ call: ToolCall, for client: Client,
        proceed: @escaping @Sendable (JSON.Object) async throws -> CallResult
    ) async throws -> CallResult {
        let begun = Date()
        do {
            let passage: Passage
            if policy.covers(call.name) {
                passage = try await hold(call, for: client, proceed: proceed)
            } else {
                passage = Passage(try await proceed(call.arguments))
            }
            remember(call, client, since: begun, passage)
            return passage.result
        } catch {
            // A call that will be made again with an answer has not ended yet.
            if !(error is any ControlFlow) { remember(call, client, since: begun, Passage(failed: error)) }
            throw error
        }
    }

    private func remember(_ call: ToolCall, _ client: Client, since begun: Date, _ passage: Passage) {
        guard remembers else { return }
        let milliseconds = Date().timeIntervalSince(begun) * 1000
        atlas.audit.record { [server] in
            AuditEntry(
                calledAt: begun, server: server, clientName: client.peer?.name.shortened,
                clientVersion: client.peer?.version?.shortened, tool: call.name,
                arguments: AuditArguments.redacted(call.arguments), outcome: passage.word,
                milliseconds: max(0, milliseconds), approval: passage.approval)
        }
    }
}

/// How a call came through.
struct Passage: Sendable {
    var result: CallResult
    var approval: UUID?
    /// When it is known better than by the result.
    private var told: String?

    init(_ result: CallResult, approval: UUID? = nil, _ told: String? = nil) {
        self.result = result
        self.approval = approval
        self.told = told
    }

    init(failed error: any Error) {
        let failure = error as? ToolFailure ?? ToolFailure(error)
        let code = failure?.code ?? (error is InvalidArguments ? "invalid_argument" : "internal")
        self.init(CallResult([]), approval: nil, error is CancellationError ? "cancelled" : code)
    }

    /// The outcome as the audit log has it.
    var word: String {
        if let told { return told }
        if let failure = result.failure { return failure.code }
        guard let octets = result.structured, let answer = try? JSON(parsing: octets) else { return "success" }
        return answer["replayed"]?.flag == true ? "replayed" : "success"
    }
}

extension String {
    /// What a client calls itself, fit to be kept and shown.
    var shortened: String { cleaned().cutShort(at: 128) }
}
