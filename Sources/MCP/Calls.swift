import Synchronization

/// The requests in flight.
final class Calls: Sendable {
    private struct Call {
        let id: RequestID
        let client: Client
        let destination: Destination
        let receivedAt: UInt64
        var task: Task<Void, Never>?
    }

    private struct State {
        var calls: [UInt64: Call] = [:]
        var begun: UInt64 = 0
    }

    // A lock that sleeps rather than spins: threads outnumber processors here.
    private let state = Monitor(State())
    /// How many have neither been cancelled nor had their answer handed to the writer.
    private let unfinished = Atomic<Int>(0)
    private let alarm = Mutex<Alarm?>(nil)
    private let isDraining = Atomic<Bool>(false)

    /// Registers a request and gives it a number. (Ids do not serve: a modern client may use one again.)
    func begin(_ id: RequestID, _ client: Client, _ destination: Destination) -> UInt64 {
        unfinished.add(1, ordering: .sequentiallyConsistent)
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
        guard let call = state.withLock({ $0.calls.removeValue(forKey: number) }) else { return false }
        call.client.close()
        return true
    }

    /// The answer has been handed to the writer.
    func end() {
        let left = unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue
        if left == 0, isDraining.load(ordering: .sequentiallyConsistent) { alarm.withLock { $0 }?.ring(.idle) }
    }

    /// Cancels a request: nothing more is sent for it.
    func cancel(_ id: RequestID) { cancel { $0.id == id } }

    func cancelAll() { cancel { _ in true } }

    private func cancel(where isMeant: (Call) -> Bool) {
        let cancelled = state.withLock { state in
            let meant = state.calls.filter { isMeant($0.value) }
            for number in meant.keys { state.calls[number] = nil }
            return meant.values
        }
        for call in cancelled {
            call.client.close()
            call.task?.cancel()
            call.destination.skip()
            end()
        }
    }

    /// Prepares for the end: cancels what was received before a moment, keeps the rest from sending more than its answer, and
    /// rings when it is over.
    func drain(keepingFrom moment: UInt64, isSilent: Bool, _ alarm: Alarm) {
        self.alarm.withLock { $0 = alarm }
        isDraining.store(true, ordering: .sequentiallyConsistent)
        cancel { $0.receivedAt < moment }
        if isSilent { state.withLock { state in for call in state.calls.values { call.client.close() } } }
    }

    var isEmpty: Bool { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
}
