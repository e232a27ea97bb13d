import Logging
import Synchronization

/// A PostgreSQL database: connections that are kept, units of work that are run on them.
///
/// Nothing is opened before the first unit of work; that one starts a private cluster if need be, and prepares the database.
public final class Database: Sendable {
    let source: DatabaseSource
    let options: DatabaseOptions
    let workers: Workers
    let logger: Logger
    private let pool: ConnectionPool
    private let admit: (@Sendable (Connection) throws -> Void)?
    private let prepare: (@Sendable (Connection) throws -> Void)?
    private let preparation = Preparation()
    private let preparesStatements: Atomic<Bool>

    /// - Parameters:
    ///   - source: where the server is, or how to start one.
    ///   - workers: the threads on which statements are waited for.
    ///   - admit: looks at each connection that was opened, before it is used; what it throws is what the caller gets.
    ///   - prepare: what is done once before anything else, on a connection without time limit: the migrations.
    public init(
        source: DatabaseSource, options: DatabaseOptions = DatabaseOptions(), workers: Workers, logger: Logger,
        admit: (@Sendable (Connection) throws -> Void)? = nil, prepare: (@Sendable (Connection) throws -> Void)? = nil
    ) {
        self.source = source
        self.options = options
        self.workers = workers
        self.logger = logger
        self.admit = admit
        self.prepare = prepare
        pool = ConnectionPool(
            maximum: max(1, options.maximumConnections), timeout: options.poolTimeout, idleTimeout: options.idleTimeout)
        preparesStatements = Atomic(options.preparesStatements)
    }

    /// Runs one unit of work on one connection, in one hop: `body` blocks a worker's thread, not the caller's.
    ///
    /// A unit that fails because the server went away is not repeated: it may have written.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError` when the task is cancelled, which also stops the statement in flight.
    @discardableResult
    public func run<R: Sendable>(_ body: (Connection) throws -> R) async throws -> R {
        try await unit(body)
    }

    /// As ``run(_:)``, for a unit that only reads: it is repeated once when the server went away in the middle.
    @discardableResult
    public func read<R: Sendable>(_ body: (Connection) throws -> R) async throws -> R {
        do {
            return try await unit(body)
        } catch let error as DatabaseError where error.kind == .unavailable && error.lostConnection {
            return try await unit(body)
        }
    }

    /// Runs `body` in one transaction: all it does happens, or, when it throws, nothing.
    ///
    /// `body` runs again, from its start, when the transaction had to give way to another one, and when the server went away
    /// before COMMIT was sent. BEGIN travels with the first statements; COMMIT can travel with the last
    /// (``Transaction/commit(with:)``).
    ///
    /// - Throws: as ``run(_:)``; ``DatabaseError`` of kind `unknownOutcome` when the connection was lost during COMMIT.
    @discardableResult
    public func transaction<R: Sendable>(_ body: (Transaction) throws -> R) async throws -> R {
        var attempts = 0
        while true {
            do {
                return try await unit { connection in try Transaction.run(on: connection, body) }
            } catch let error as DatabaseError {
                attempts += 1
                switch error.kind {
                case .serialization where attempts < 6:
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0..<(5 << attempts))))
                case .unavailable where error.lostConnection && attempts < 2: continue
                default: throw error
                }
            }
        }
    }

    /// Opens a connection and prepares the database, so that the first call need not.
    public func warmUp() async throws { try await ready() }

    /// Closes idle connections now and the others as they come back, for which it waits a moment: statements of cancelled calls
    /// are being stopped, and must not outlive us. A private cluster is let go of.
    public func close() async {
        pool.close()
        for _ in 0..<200 where pool.census.open > 0 { try? await Task.sleep(for: .milliseconds(5)) }
        await workers.run { source.close() }
    }

    /// Connections open (or being opened) and idle.
    var census: (open: Int, idle: Int) { pool.census }

    private func unit<R: Sendable>(_ body: (Connection) throws -> R) async throws -> R {
        try Task.checkCancellation()
        if !preparation.isDone { try await ready() }
        let grant = try await pool.acquire()
        return try await workers.run {
            let lease = try lease(grant)
            defer { pool.release(lease) }
            let cancellation = lease.connection.cancellation
            let unit = cancellation.startUnit()
            return try await withTaskCancellationHandler {
                try perform(body, lease.connection)
            } onCancel: {
                cancellation.cancel(unit: unit)
            }
        }
    }

    private func perform<R>(_ body: (Connection) throws -> R, _ connection: Connection) throws -> R {
        do {
            let value = try body(connection)
            if connection.isInTransaction { _ = try connection.run(["ROLLBACK"], evenIfCancelled: true) }
            return value
        } catch {
            if !connection.isBroken, connection.isInTransaction {
                _ = try? connection.run(["ROLLBACK"], evenIfCancelled: true)
            }
            guard var error = error as? DatabaseError, connection.isBroken else { throw error }
            error.lostConnection = true
            logger.warning("A database connection was lost.", metadata: ["reason": "\(error)"])
            logger.debug("What the connection was lost with.", metadata: ["error": "\(error.debugDescription)"])
            throw error
        }
    }

    private func lease(_ grant: ConnectionPool.Grant) throws -> ConnectionPool.Lease {
        if case .use(let lease) = grant, !lease.connection.hasHungUp { return lease }
        do {
            return ConnectionPool.Lease(connection: try open())
        } catch {
            pool.forfeit()
            throw error
        }
    }

    private func open() throws -> Connection {
        var options = options
        options.preparesStatements = preparesStatements.load(ordering: .relaxed)
        let connection = try source.connect(options, logger)
        connection.onPreparedLost = { [weak self] in
            guard let self, preparesStatements.exchange(false, ordering: .relaxed) else { return }
            logger.warning("Prepared statements are lost between calls, as behind a pooler: they are off from now on.")
        }
        try admit?(connection)
        return connection
    }

    private func ready() async throws {
        try await preparation.run(on: workers, timeout: options.prepareTimeout) { [self] in
            let connection = try open()
            let limit = connection.limit
            connection.limit = nil
            try prepare?(connection)
            connection.limit = limit
            guard case .open? = try pool.takeNow() else { return }
            pool.release(ConnectionPool.Lease(connection: connection))
        }
    }
}
