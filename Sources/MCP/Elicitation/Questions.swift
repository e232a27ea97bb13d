import JSON
import Synchronization

/// The requests that we have sent to a legacy client and that it has not answered yet.
final class Questions: Sendable {
    private enum Reply: Sendable {
        case result(JSON)
        /// The client cannot, or the conversation is over.
        case failed
        case timedOut
        case cancelled
    }

    private struct State {
        var sent = 0
        var isClosed = false
        var waiting: [String: CheckedContinuation<Reply, Never>] = [:]
    }

    private let writer: Writer
    private let patience: Duration
    private let state = Mutex(State())

    /// - Parameter patience: how long a user may take to answer.
    init(_ writer: Writer, patience: Duration) {
        self.writer = writer
        self.patience = patience
    }

    /// Sends a form and waits for the user.
    ///
    /// - Throws: `CancellationError` if the call that asks is cancelled; ``ToolFailure`` if the answer is not what was asked.
    func ask(_ message: String, _ form: Form, _ revision: Revision) async throws -> Client.Answer {
        let id = RequestID(
            state.withLock {
                $0.sent += 1; return "srv-\($0.sent)"
            })
        let timer = Task.detached { [patience] in
            try await Task.sleep(for: patience)
            self.settle(id, .timedOut)
        }
        defer { timer.cancel() }
        let reply = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    guard !state.isClosed else { return false }
                    state.waiting[id.key] = continuation
                    return true
                }
                guard isOpen else { return continuation.resume(returning: .failed) }
                // The cancellation may have come before there was anything to cancel.
                guard !Task.isCancelled else { return settle(id, .cancelled) }
                writer.write(Self.request(id, form.request(message, revision)))
            }
        } onCancel: {
            settle(id, .cancelled)
        }
        switch reply {
        case .result(let result):
            if let answer = Client.Answer(result, to: form, revision) { return answer }
            throw ToolFailure(
                code: "invalid_argument", "The answer that the client sent does not fit the form it was asked for.")
        // A client that can ask and did not get an answer has none: that is no consent.
        case .failed: return .cancel
        case .cancelled: throw CancellationError()
        case .timedOut:
            writer.write(Self.withdrawal(id))
            return .cancel
        }
    }

    /// Takes a response from the client; those that nobody waits for are dropped.
    func receive(_ message: Message) {
        guard let id = message.id else { return }
        settle(id, message.result.map { .result($0) } ?? .failed)
    }

    /// Tells everyone who waits that there will be no answer.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(returning: .failed) }
    }

    private func settle(_ id: RequestID, _ reply: Reply) {
        state.withLock { $0.waiting.removeValue(forKey: id.key) }?.resume(returning: reply)
    }

    private static func request(_ id: RequestID, _ parameters: JSON) -> [UInt8] {
        let message: JSON = [
            "jsonrpc": "2.0", "id": .string(String(id.key.dropFirst())), "method": "elicitation/create",
            "params": parameters,
        ]
        return message.bytes
    }

    private static func withdrawal(_ id: RequestID) -> [UInt8] {
        let message: JSON = [
            "jsonrpc": "2.0", "method": "notifications/cancelled",
            "params": ["requestId": .string(String(id.key.dropFirst())), "reason": "no answer in time"],
        ]
        return message.bytes
    }
}
