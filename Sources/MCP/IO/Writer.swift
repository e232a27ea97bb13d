#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes messages to a file descriptor, whole and one after the other, and never makes its caller wait.
///
/// While the reader on the other side keeps up, a message is written by the thread that made it, in one call of `write`. What
/// others want to write meanwhile queues, and the same thread writes it next, several messages in one call. Once the pipe is
/// full, messages queue for a thread that does nothing but wait for room.
final class Writer: Sendable {
    private struct State {
        var queue: [[UInt8]] = []
        /// Whether somebody is busy writing what was taken from the queue.
        var isWriting = false
        var isBroken = false
        var hasThread = false

        var isIdle: Bool { queue.isEmpty && !isWriting }

        /// The next messages, as many as one call may carry.
        mutating func takeBatch() -> [UInt8] {
            var octets = queue.removeFirst()
            var taken = 0
            while taken < queue.count, octets.count + queue[taken].count <= Writer.largestBatch {
                octets += queue[taken]
                taken += 1
            }
            queue.removeFirst(taken)
            return octets
        }
    }

    private static let largestBatch = 64 << 10
    /// How many batches of others a thread writes after its own message, before it goes back to its work.
    private static let mostBatches = 8

    private let room: Room
    private let state = Monitor(State())
    private let onBreak: @Sendable () -> Void

    /// - Parameter onBreak: Called once, when nobody can read what we write any more.
    init(_ descriptor: Int32, onBreak: @escaping @Sendable () -> Void) {
        self.onBreak = onBreak
        room = Room(descriptor)
    }

    /// Writes one message and the newline that ends it.
    func write(_ message: consuming [UInt8]) {
        var message = message
        message.append(0x0A)
        let writesNow = state.withLock { state in
            guard !state.isBroken else { return false }
            guard state.isIdle else {
                state.queue.append(message)
                return false
            }
            state.isWriting = true
            return true
        }
        if writesNow { writeAtOnce(message) }
    }

    /// Writes a message, and then what has queued meanwhile, as long as there is room.
    private func writeAtOnce(_ message: [UInt8]) {
        var next: [UInt8]? = message
        var batches = 0
        while let octets = next {
            let outcome = octets.withUnsafeBytes { room.writeAtOnce($0) }
            batches += 1
            let breaks: Bool
            (next, breaks) = state.withLock { state in
                switch outcome {
                case .all where state.queue.isEmpty: break
                case .all where batches <= Self.mostBatches && !state.isBroken: return (state.takeBatch(), false)
                case .all: leaveTheRest(&state)
                case .some(let count):
                    state.queue.insert(Array(octets[count...]), at: 0)
                    leaveTheRest(&state)
                case .broken:
                    state.isWriting = false
                    defer { state.isBroken = true }
                    return (nil, !state.isBroken)
                }
                state.isWriting = false
                return (nil, false)
            }
            if next == nil { state.notify() }
            if breaks { onBreak() }
        }
    }

    /// Makes sure that the thread is there to write what has queued.
    private func leaveTheRest(_ state: inout State) {
        guard !state.hasThread else { return }
        state.hasThread = true
        startThread { self.drain() }
    }

    /// Waits until everything is written, at most for `seconds`.
    func flush(atMost seconds: Double) {
        state.wait(atMost: seconds, until: { $0.isIdle || $0.isBroken }, then: { _ in })
    }

    /// Lets the thread end once the queue is empty. What is written afterwards is lost.
    func close() {
        state.withLock { $0.isBroken = true }
        state.notify()
    }

    /// The work of the thread: writes whole messages and waits for room as long as it takes.
    private func drain() {
        while true {
            let octets: [UInt8]? = state.wait(until: { !$0.queue.isEmpty && !$0.isWriting || $0.isBroken }) { state in
                guard !state.isBroken else {
                    state.queue = []
                    return nil
                }
                state.isWriting = true
                return state.takeBatch()
            }
            guard let octets else { return }
            let isBroken = !octets.withUnsafeBytes { room.writeAll($0) }
            let breaks = state.withLock { state in
                state.isWriting = false
                defer { state.isBroken = state.isBroken || isBroken }
                return isBroken && !state.isBroken
            }
            state.notify()
            if breaks { onBreak() }
        }
    }
}
