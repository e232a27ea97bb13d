import AtlasCore
import JSON
import Logging
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

// A call that needs a person's yes. The person is asked where the client can show a form; else the call is kept, and answered by a
// refusal that says how to go on.
extension Supervision {
    /// How long a call waits for another one that carries out the same request.
    private static let patience: Duration = .seconds(60)

    func hold(
        _ call: ToolCall, for client: Client,
        proceed: @escaping @Sendable (JSON.Object) async throws -> CallResult
    ) async throws -> Passage {
        try call.check()
        let approvals = try atlas.approvals
        let operatorsID = client.meta[ApprovalNote.key]?["id"]?.text.flatMap { UUID(uuidString: $0) }
        let held = HeldCall(
            server: server, tool: call.name, arguments: call.arguments, clientName: client.peer?.name.shortened,
            clientVersion: client.peer?.version?.shortened, request: operatorsID)
        var request = try await approvals.request(held)
        var hasAsked = false
        var pause = Duration.milliseconds(50)
        var end: ContinuousClock.Instant?
        while true {
            switch request.status {
            case .pending where operatorsID == nil:
                hasAsked = true
                switch try await client.elicit(ApprovalNote.question(request), form: ApprovalNote.form) {
                case .accept(let content):
                    request = try await decided(request, content["approve"]?.flag == true, client, approvals)
                case .decline: request = try await decided(request, false, client, approvals)
                case .cancel, .unavailable: return ApprovalNote.pending(request)
                }
            case .pending: return ApprovalNote.pending(request)
            case .approved:
                // A client without session brings its answers in the order of the questions: those of the tool come after ours.
                if !hasAsked, client.hasAnswer(to: ApprovalNote.question(request), form: ApprovalNote.form) {
                    hasAsked = true
                    switch try await client.elicit(ApprovalNote.question(request), form: ApprovalNote.form) {
                    case .accept(let content) where content["approve"]?.flag == true: break
                    case .accept, .decline:
                        request = try await decided(request, false, client, approvals)
                        continue
                    // Who closes the form has decided nothing: the yes stands.
                    case .cancel, .unavailable: break
                    }
                }
                if try await claim(request, approvals) {
                    return try await carryOut(request, approvals, tells: operatorsID == nil, proceed)
                }
                request = try await approvals.find(request.id)
            case .running:
                let until = end ?? ContinuousClock.now + Self.patience
                end = until
                guard ContinuousClock.now < until else { return ApprovalNote.running(request) }
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(1))
                request = try await approvals.find(request.id)
            case .done, .denied, .expired, .unknown:
                if operatorsID == nil { try await approvals.told(request.id) }
                return ApprovalNote.ended(request)
            }
        }
    }

    /// Writes down what the person said, unless somebody else was faster.
    private func decided(
        _ request: ApprovalRequest, _ isApproved: Bool, _ client: Client, _ approvals: Approvals
    ) async throws -> ApprovalRequest {
        do {
            return try await approvals.decide(request.id, isApproved, by: ApprovalNote.decider(in: client.peer))
        } catch let error as AtlasError where error.code == .conflict {
            return try await approvals.find(request.id)
        }
    }

    /// Takes the request. When nobody knows whether that succeeded, nothing is done, and the request is given back.
    private func claim(_ request: ApprovalRequest, _ approvals: Approvals) async throws -> Bool {
        let claimant = UUID()
        do {
            return try await approvals.claim(request.id, by: claimant)
        } catch {
            await writeDown(request, approvals) { try await approvals.giveBack(request.id, claimedBy: claimant) }
            throw error
        }
    }

    /// Calls the tool with what the person has seen, to its end, whatever becomes of the caller.
    private func carryOut(
        _ request: ApprovalRequest, _ approvals: Approvals, tells: Bool,
        _ proceed: @escaping @Sendable (JSON.Object) async throws -> CallResult
    ) async throws -> Passage {
        try await Task(executorPreference: approvals.workers) {
            let heart = Task(executorPreference: approvals.workers) {
                while !Task.isCancelled {
                    try await Task.sleep(for: Approvals.lifeSign / 6)
                    try? await approvals.stillRuns(request.id)
                }
            }
            defer { heart.cancel() }
            let result: CallResult
            do {
                result = try await proceed(request.arguments)
            } catch {
                // A question of the tool's own goes out first; what was cancelled may or may not have happened.
                let isQuestion = error is any ControlFlow
                await writeDown(request, approvals) {
                    try await isQuestion ? approvals.giveBack(request.id) : approvals.lose(request.id)
                }
                throw error
            }
            var passage = Passage(result, approval: request.id)
            let mayBeTriedAgain = result.failure?.retryable == true
            passage.result.notes[ApprovalNote.key] = ApprovalNote.note(request.id, mayBeTriedAgain ? .approved : .done)
            await writeDown(request, approvals) {
                if mayBeTriedAgain {
                    try await approvals.giveBack(request.id)
                } else {
                    try await approvals.settle(request.id, ApprovalNote.outcome(result), told: tells)
                }
            }
            return passage
        }.value
    }

    /// Writes down what became of a request. It was done, and the caller must hear so: when the database does not take it now, it
    /// is tried for two minutes more behind the caller's back. Until then, a repeat hears that nobody knows.
    private func writeDown(
        _ request: ApprovalRequest, _ approvals: Approvals, _ change: @escaping @Sendable () async throws -> Void
    ) async {
        do {
            try await change()
        } catch {
            let notes: Logger.Metadata = ["approval": "\(request.id)", "reason": "\(error)"]
            logger.warning("What became of an approved call could not be written down yet.", metadata: notes)
            Task(executorPreference: approvals.workers) {
                for seconds in [1, 2, 4, 8, 16, 32, 64] {
                    try await Task.sleep(for: .seconds(seconds))
                    if (try? await change()) != nil { return }
                }
                logger.error("What became of an approved call could not be written down.", metadata: notes)
            }
        }
    }
}
