#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes messages to a file descriptor, whole and one after the other, and never makes its caller wait.
///
/// While the reader on the other side keeps up, a message is written by the thread that made it, in one call of `write`.
/// Once the pipe is full, messages queue for a thread that does nothing but wait for room.
final class Writer: Sendable {
    private struct State {
        var queue: [[UInt8]] = []
        /// Whether the thread is busy with what it took from the queue.
        var isWriting = false
        var isBroken = false
        var hasThread = false

        var isIdle: Bool { queue.isEmpty && !isWriting }
    }

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
        let (isQueued, breaks) = state.withLock { state in
            guard !state.isBroken else { return (false, false) }
            if state.isIdle {
                switch message.withUnsafeBytes({ room.writeAtOnce($0) }) {
                case .all: return (false, false)
                case .some(let count): message.removeFirst(count)
                case .broken:
                    state.isBroken = true
                    return (false, true)
                }
            }
            state.queue.append(message)
            if !state.hasThread {
                state.hasThread = true
                startThread { self.drain() }
            }
            return (true, false)
        }
        if isQueued { state.notify() }
        if breaks { onBreak() }
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

    /// The work of the thread: takes whole messages, as many as one call may carry, and waits for room as long as it takes.
    private func drain() {
        while true {
            let octets: [UInt8]? = state.wait(until: { !$0.queue.isEmpty || $0.isBroken }) { state in
                guard !state.isBroken else {
                    state.queue = []
                    return nil
                }
                var octets = state.queue.removeFirst()
                var taken = 0
                while taken < state.queue.count, octets.count + state.queue[taken].count <= 64 << 10 {
                    octets += state.queue[taken]
                    taken += 1
                }
                state.queue.removeFirst(taken)
                state.isWriting = true
                return octets
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
