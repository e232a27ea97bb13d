import Synchronization

/// The requests in flight.
final class Calls: Sendable {
    private struct Call {
        let id: RequestID
        let client: Client
        let destination: Destination
        let receivedAt: UInt64
        var task: Task<Void, Never>?
        /// Its answer is on its way: too late to cancel.
        var isAnswered = false
    }

    private struct State {
        var calls: [UInt64: Call] = [:]
        var begun: UInt64 = 0
        var alarm: Alarm?
    }

    private let state = Mutex(State())

    /// Registers a request and gives it a number. (Ids do not serve: a modern client may use one again.)
    func begin(_ id: RequestID, _ client: Client, _ destination: Destination) -> UInt64 {
        let call = Call(id: id, client: client, destination: destination, receivedAt: monotonicNow())
        return state.withLock { state in
            state.begun += 1
            state.calls[state.begun] = call
            return state.begun
        }
    }

    /// Says which task serves a request; it may be over already.
    func attach(_ task: Task<Void, Never>, to number: UInt64) {
        state.withLock { $0.calls[number]?.task = task }
    }

    /// Claims the right to answer. From here on, the request cannot be cancelled.
    func claim(_ number: UInt64) -> Bool {
        state.withLock { state in
            guard let call = state.calls[number] else { return false }
            call.client.close()
            state.calls[number]?.isAnswered = true
            return true
        }
    }

    /// The answer has been handed to the writer.
    func end(_ number: UInt64) {
        state.withLock { state in
            state.calls[number] = nil
            if state.calls.isEmpty { state.alarm?.ring(.idle) }
        }
    }

    /// Cancels a request: nothing more is sent for it.
    func cancel(_ id: RequestID) { cancel { $0.id == id } }

    func cancelAll() { cancel { _ in true } }

    private func cancel(where isMeant: (Call) -> Bool) {
        let cancelled = state.withLock { state in
            let meant = state.calls.filter { !$0.value.isAnswered && isMeant($0.value) }
            for number in meant.keys { state.calls[number] = nil }
            return meant.values
        }
        for call in cancelled {
            call.client.close()
            call.task?.cancel()
            call.destination.skip()
        }
    }

    /// Prepares for the end: cancels what was received before a moment, keeps the rest from sending more than its answer, and
    /// rings when it is over.
    func drain(keepingFrom moment: UInt64, isSilent: Bool, _ alarm: Alarm) {
        cancel { $0.receivedAt < moment }
        state.withLock { state in
            if isSilent { for call in state.calls.values { call.client.close() } }
            state.alarm = alarm
        }
    }

    var isEmpty: Bool { state.withLock { $0.calls.isEmpty } }
}
