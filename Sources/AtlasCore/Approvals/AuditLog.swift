import Logging

/// Remembers calls of tools in `audit_log`, behind the callers' backs: an answer neither waits for it nor fails with it.
///
/// Calls are made into rows at once, so that what they hold does not wait with them; rows are written as many at a time as have
/// come together. They outlast a database that is away for a while. What could not be written, a warning counts: a business that
/// cannot write its log still answers its customers.
public final class AuditLog: Sendable {
    private struct State: Sendable {
        /// Calls as they came, with all they hold.
        var calls: [@Sendable () -> AuditEntry] = []
        /// Rows, which are small.
        var rows: [AuditEntry] = []
        var lost = 0
        var maker: Task<Void, Never>?
        var writer: Task<Void, Never>?
        /// Nothing is tried again.
        var isEnding = false
    }

    /// More would be a flood, or a database that is away for long.
    static let most = 10_000
    private static let batch = 100

    private let state = Locked(State())
    private let database: @Sendable () throws -> Database?
    private let workers: Workers
    private let logger: Logger

    /// - Parameter database: where to write; nil when there is none yet and this is no reason to make one.
    init(workers: Workers, logger: Logger, database: @escaping @Sendable () throws -> Database?) {
        self.workers = workers
        self.logger = logger
        self.database = database
    }

    /// Remembers a call.
    ///
    /// - Parameter entry: is made later, when nobody waits for it.
    public func record(_ entry: @escaping @Sendable () -> AuditEntry) {
        state.withLock { state in
            guard state.calls.count + state.rows.count < Self.most else {
                state.lost += 1
                return
            }
            state.calls.append(entry)
            if state.maker == nil { state.maker = Task(executorPreference: workers) { self.make() } }
        }
    }

    /// Waits until all is written, for a while; what is not by then is counted as missing.
    func flush(within patience: Duration) async {
        let end = ContinuousClock.now + patience
        state.withLock { $0.isEnding = true }
        while state.withLock({ $0.maker != nil || $0.writer != nil }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(2))
        }
        let missing = state.withLock { state in
            defer { (state.rows, state.calls, state.lost) = ([], [], 0) }
            return state.rows.count + state.calls.count + state.lost
        }
        if missing > 0 { warn(missing, "the server ends, and the database has not taken them") }
    }

    // MARK: - Rows

    private func make() {
        while let calls = nextCalls() {
            for call in calls {
                let row = call()
                state.withLock { state in
                    guard state.rows.count < Self.most else {
                        state.lost += 1
                        return
                    }
                    state.rows.append(row)
                    if state.writer == nil { state.writer = Task(executorPreference: workers) { await self.write() } }
                }
            }
        }
    }

    private func nextCalls() -> [@Sendable () -> AuditEntry]? {
        state.withLock { state in
            guard !state.calls.isEmpty else {
                state.maker = nil
                return nil
            }
            defer { state.calls = [] }
            return state.calls
        }
    }

    private func nextRows() -> [AuditEntry]? {
        state.withLock { state in
            guard !state.rows.isEmpty else {
                state.writer = nil
                return nil
            }
            return Array(state.rows.prefix(Self.batch))
        }
    }

    private func write() async {
        let shortest = Duration.milliseconds(100)
        var pause = shortest
        while let rows = nextRows() {
            do {
                if let database = try database() { try await write(rows, to: database) }
                pause = shortest
            } catch let error as AtlasError where error.retryable && !state.withLock({ $0.isEnding }) {
                if pause == shortest {
                    logger.notice("The audit log waits for its database.", metadata: ["reason": "\(error)"])
                }
                await rest(pause)
                pause = min(pause * 2, .seconds(10))
                continue
            } catch {
                warn(rows.count, "\(error)")
            }
            let lost = state.withLock { state in
                defer { state.lost = 0 }
                // The end may have taken them meanwhile.
                state.rows.removeFirst(min(rows.count, state.rows.count))
                return state.lost
            }
            if lost > 0 { warn(lost, "they came too fast, or the database was away for too long") }
        }
    }

    /// Writes all; if one of them cannot be written, the others.
    private func write(_ rows: [AuditEntry], to database: Database) async throws {
        do {
            let insertions = rows.map(\.insertion)
            try await database.write { _ = try $0.pipeline(insertions) }
        } catch let error as AtlasError where !error.retryable && rows.count > 1 {
            var missing: [any Error] = []
            for row in rows {
                do {
                    try await database.write { _ = try $0.execute(row.insertion) }
                } catch let error as AtlasError where error.retryable {
                    throw error
                } catch {
                    missing.append(error)
                }
            }
            if let first = missing.first { warn(missing.count, "\(first)") }
        }
    }

    /// Waits before another try, but not longer than until the end.
    private func rest(_ pause: Duration) async {
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end, !state.withLock({ $0.isEnding }) {
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func warn(_ count: Int, _ reason: String) {
        logger.warning("Calls are missing from the audit log.", metadata: ["calls": "\(count)", "reason": "\(reason)"])
    }
}
