import CPostgres
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Stops the statement that is in flight on one connection, from any thread.
///
/// The request travels on a connection of its own and hits whatever runs when it arrives. So it is sent only while a statement
/// is in flight, and the next one does not start before the sending is over.
final class StatementCancellation: @unchecked Sendable {
    // Unchecked, because `pq` and `cancel` are never changed: libpq's PGcancel is made for use by other threads.

    private struct State {
        /// Which unit of work the connection serves.
        var unit = 0
        var isCancelled = false
        var isInFlight = false
        var isSending = false
    }

    private let state = Mutex(State())
    private let pq: UnsafePointer<AtlasPQ>
    private let cancel: OpaquePointer?

    init(pq: UnsafePointer<AtlasPQ>, raw: OpaquePointer) {
        self.pq = pq
        cancel = pq.pointee.PQgetCancel(raw)
    }

    deinit { pq.pointee.PQfreeCancel(cancel) }

    /// Whether the task this unit of work belongs to was cancelled.
    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// A new unit of work starts; the number it gives is what ``cancel(unit:)`` takes.
    func startUnit() -> Int {
        state.withLock {
            $0.unit += 1
            $0.isCancelled = false
            return $0.unit
        }
    }

    /// Called when the task of `unit` is cancelled; does not block.
    func cancel(unit: Int) {
        let sends = state.withLock { state in
            guard state.unit == unit, !state.isCancelled else { return false }
            state.isCancelled = true
            return Self.startSending(&state)
        }
        if sends { send() }
    }

    /// Stops the statement in flight, for it took too long; does not block.
    func stopStatement() {
        if state.withLock({ Self.startSending(&$0) }) { send() }
    }

    /// A statement is about to be sent.
    ///
    /// - Throws: `CancellationError` when the task was cancelled before.
    func begin(evenIfCancelled: Bool) throws {
        try state.withLock { state in
            if state.isCancelled && !evenIfCancelled { throw CancellationError() }
            state.isInFlight = true
        }
    }

    /// The statement has been answered. False when a request to stop it is still on its way after some seconds: then the
    /// connection must not be used again.
    func end() -> Bool {
        var isSending = state.withLock { state in
            state.isInFlight = false
            return state.isSending
        }
        var naps = 0
        while isSending && naps < 10_000 {
            usleep(200)
            naps += 1
            isSending = state.withLock { $0.isSending }
        }
        return !isSending
    }

    private static func startSending(_ state: inout State) -> Bool {
        guard state.isInFlight, !state.isSending else { return false }
        state.isSending = true
        return true
    }

    private func send() {
        let started = startDetachedThread(stackSize: 256 << 10) {
            if let cancel = self.cancel {
                withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { problem in
                    _ = self.pq.pointee.PQcancel(cancel, problem.baseAddress, 256)
                }
            }
            self.state.withLock { $0.isSending = false }
        }
        if !started { state.withLock { $0.isSending = false } }
    }
}
