import CPostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Keeps connections between units of work, and lets no more than a fixed number be open at a time.
///
/// Who finds none free waits in line, without a thread, for as long as the time-out allows. A connection that nobody has used for
/// a while is closed: a hundred servers share the database's connections, and most of them rest.
final class ConnectionPool: Sendable {
    /// A connection in the hands of one owner.
    struct Lease: @unchecked Sendable {
        // Unchecked, because a connection is held either by the pool or by one unit of work, and changes hands under the lock.
        let connection: Connection
    }

    /// What a caller gets: a connection, or the right to open one.
    enum Grant: Sendable {
        case use(Lease)
        case open
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Grant, any Error>
        let deadline: ContinuousClock.Instant
    }

    private struct Idle {
        let lease: Lease
        let since: ContinuousClock.Instant
    }

    private struct State {
        /// Those used longest ago come first.
        var idle: [Idle] = []
        /// Open connections and rights to open one.
        var count = 0
        var waiters: [Waiter] = []
        var lastID = 0
        var isClosed = false
        /// Whether somebody watches the deadlines of those who wait.
        var isWatched = false
        /// Whether somebody closes what has been idle for too long.
        var isTidied = false
    }

    private let state = Locked(State())
    private let maximum: Int
    private let timeout: Duration
    private let idleTimeout: Duration

    init(maximum: Int, timeout: Duration, idleTimeout: Duration) {
        self.maximum = maximum
        self.timeout = timeout
        self.idleTimeout = idleTimeout
    }

    /// - Throws: ``DatabaseError`` of kind `poolExhausted`, or `CancellationError`.
    func acquire() async throws -> Grant {
        if let grant = try takeNow() { return grant }
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(id, continuation)
                if Task.isCancelled { fail(id, CancellationError()) }
            }
        } onCancel: {
            fail(id, CancellationError())
        }
    }

    /// A grant, if one is free.
    func takeNow() throws -> Grant? { try state.withLock { state in try Self.take(&state, maximum) } }

    /// Takes a connection back. One that is of no more use makes room for a new one.
    func release(_ lease: Lease) {
        if lease.connection.isIdle { put(lease) } else { forfeit() }
    }

    /// Gives a right to open a connection back, unused.
    func forfeit() {
        let next = state.withLock { state -> Waiter? in
            guard !state.waiters.isEmpty else {
                state.count -= 1
                return nil
            }
            return state.waiters.removeFirst()
        }
        next?.continuation.resume(returning: .open)
    }

    /// Ends waiting and idle connections; those in use end when they come back.
    func close() {
        let (waiters, idle) = state.withLock { state in
            state.isClosed = true
            defer {
                state.waiters = []
                state.count -= state.idle.count
                state.idle = []
            }
            return (state.waiters, state.idle)
        }
        for waiter in waiters {
            waiter.continuation.resume(throwing: Self.closed)
        }
        _ = idle  // freed here, not under the lock
    }

    /// How many connections there are, and how many of them are idle.
    var census: (open: Int, idle: Int) { state.withLock { ($0.count, $0.idle.count) } }

    private func put(_ lease: Lease) {
        var isFirst = false
        let next = state.withLock { state -> Waiter? in
            if state.isClosed {
                state.count -= 1
            } else if state.waiters.isEmpty {
                state.idle.append(Idle(lease: lease, since: .now))
                isFirst = !state.isTidied
                state.isTidied = true
            } else {
                return state.waiters.removeFirst()
            }
            return nil
        }
        next?.continuation.resume(returning: .use(lease))
        if isFirst { tidy() }
    }

    /// Closes what nobody has used for too long, until nothing is idle.
    private func tidy() {
        Task.detached { [weak self] in
            while let deadline = self?.nextClosing() {
                try? await Task.sleep(until: deadline)
                self?.closeUnused()
            }
        }
    }

    /// When the connection that was used longest ago has been idle for too long; nil ends the tidying.
    private func nextClosing() -> ContinuousClock.Instant? {
        state.withLock { state in
            if let first = state.idle.first { return first.since + idleTimeout }
            state.isTidied = false
            return nil
        }
    }

    private func closeUnused() {
        let limit = ContinuousClock.now - idleTimeout
        let unused = state.withLock { state in
            let count = state.idle.prefix { $0.since <= limit }.count
            defer {
                state.idle.removeFirst(count)
                state.count -= count
            }
            return Array(state.idle.prefix(count))
        }
        _ = unused  // freed here, not under the lock
    }

    private func wait(_ id: Int, _ continuation: CheckedContinuation<Grant, any Error>) {
        // Something may have come back meanwhile.
        let outcome = Result {
            try state.withLock { state in
                if let grant = try Self.take(&state, maximum) { return grant as Grant? }
                state.waiters.append(Waiter(id: id, continuation: continuation, deadline: .now + timeout))
                return nil
            }
        }
        switch outcome {
        case .success(nil): watch()
        case .success(let grant?): continuation.resume(returning: grant)
        case .failure(let error): continuation.resume(throwing: error)
        }
    }

    /// Makes sure that somebody ends the waiting of those whose time is up. One task does it for all: under load nearly every
    /// call waits a moment, and a timer for each would cost more than the wait.
    private func watch() {
        let starts = state.withLock { state in
            guard !state.isWatched, !state.waiters.isEmpty else { return false }
            state.isWatched = true
            return true
        }
        guard starts else { return }
        Task.detached { [self] in
            while let deadline = nextDeadline() {
                try? await Task.sleep(until: deadline)
                for waiter in takeExpired() { waiter.continuation.resume(throwing: DatabaseError(.poolExhausted)) }
            }
        }
    }

    /// The deadline of who has waited longest; nil ends the watch.
    private func nextDeadline() -> ContinuousClock.Instant? {
        state.withLock { state in
            if let first = state.waiters.first { return first.deadline }
            state.isWatched = false
            return nil
        }
    }

    private func takeExpired() -> [Waiter] {
        let now = ContinuousClock.now
        return state.withLock { state in
            // They stand in the order in which they came, and so of their deadlines.
            let count = state.waiters.prefix { $0.deadline <= now }.count
            defer { state.waiters.removeFirst(count) }
            return Array(state.waiters.prefix(count))
        }
    }

    private func fail(_ id: Int, _ error: any Error) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(throwing: error)
    }

    private static func take(_ state: inout State, _ maximum: Int) throws -> Grant? {
        if state.isClosed { throw closed }
        guard state.waiters.isEmpty else { return nil }
        // The one used last: its caches are warm, and the others may grow old.
        if let idle = state.idle.popLast() { return .use(idle.lease) }
        guard state.count < maximum else { return nil }
        state.count += 1
        return .open
    }

    private static let closed = DatabaseError(.unavailable, message: "The server is shutting down.")
}

extension Connection {
    /// Whether the server has hung up, or said something unasked, while the connection lay idle.
    var hasHungUp: Bool {
        var descriptor = pollfd(fd: pq.pointee.PQsocket(raw), events: Int16(POLLIN), revents: 0)
        guard poll(&descriptor, 1, 0) != 0 else { return false }
        if pq.pointee.PQconsumeInput(raw) == 0 { return true }
        // Reads what came. A notice or a changed setting is no reason to part; a leave is, though the socket may end only later.
        _ = pq.pointee.PQisBusy(raw)
        return notices.hasTakenLeave || pq.pointee.PQstatus(raw) != CONNECTION_OK || hasEnded
    }

    private var hasEnded: Bool {
        var octet: UInt8 = 0
        return recv(pq.pointee.PQsocket(raw), &octet, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 0
    }
}
