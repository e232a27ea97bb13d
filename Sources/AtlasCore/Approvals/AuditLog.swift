import Logging

/// Remembers calls of tools in `audit_log`, behind the callers' backs: an answer neither waits for it nor fails with it.
///
/// Rows are written by one task, as many at a time as have come together. When the database does not take them, a warning says
/// how many are lost: a business that cannot write its log still answers its customers.
public final class AuditLog: Sendable {
    private struct State: Sendable {
        var waiting: [@Sendable () -> AuditEntry] = []
        var lost = 0
        var writer: Task<Void, Never>?
    }

    /// More would be a flood, or a database that hangs.
    private static let most = 10_000

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
            guard state.waiting.count < Self.most else {
                state.lost += 1
                return
            }
            state.waiting.append(entry)
            if state.writer == nil { state.writer = Task(executorPreference: workers) { await self.write() } }
        }
    }

    /// Waits until all is written, for a while.
    func flush(within patience: Duration) async {
        let end = ContinuousClock.now + patience
        while state.withLock({ $0.writer != nil }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(2))
        }
    }

    private func write() async {
        while let (entries, lost) = next() {
            do {
                guard let database = try database() else { continue }
                let rows = entries.map { $0().insertion }
                try await database.write { _ = try $0.pipeline(rows) }
                if lost > 0 { warn(lost, "they came too fast") }
            } catch {
                warn(entries.count + lost, "\(error)")
            }
        }
    }

    private func next() -> ([@Sendable () -> AuditEntry], lost: Int)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.writer = nil
                return nil
            }
            let entries = Array(state.waiting.prefix(100))
            state.waiting.removeFirst(entries.count)
            defer { state.lost = 0 }
            return (entries, state.lost)
        }
    }

    private func warn(_ count: Int, _ reason: String) {
        logger.warning("Calls are missing from the audit log.", metadata: ["calls": "\(count)", "reason": "\(reason)"])
    }
}
