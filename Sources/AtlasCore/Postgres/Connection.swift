import CPostgres

/// What runs statements: a ``Connection``, or a ``Transaction`` on one.
public protocol Statements {
    /// Runs `queries` one after the other with one exchange of messages, and returns what each gave.
    ///
    /// Outside a transaction they are one: all of them happen or none.
    @discardableResult
    func pipeline(_ queries: [Query]) throws -> [Rows]
}

extension Statements {
    @discardableResult
    public func query(_ query: Query) throws -> Rows { try pipeline([query])[0] }

    /// Runs one statement and says how many rows it changed.
    @discardableResult
    public func execute(_ query: Query) throws -> Int { try self.query(query).affected }

    /// The rows as records.
    public func all<R: Record>(_ query: Query, as type: R.Type = R.self) throws -> [R] {
        try self.query(query).records(type)
    }

    /// The first row as a record; nil when there is none.
    public func first<R: Record>(_ query: Query, as type: R.Type = R.self) throws -> R? {
        try self.query(query).first.map(R.init(row:))
    }

    /// The first column of the first row; nil when there is no row.
    public func value<T: PostgresDecodable>(_ query: Query, as type: T.Type = T.self) throws -> T? {
        try self.query(query).first?.get(0, as: type)
    }
}

/// One connection to PostgreSQL. Its calls block the thread they are made on.
///
/// Not for two threads at once: a ``Database`` hands it to one unit of work at a time.
public final class Connection: Statements {
    let pq: UnsafePointer<AtlasPQ>
    let raw: OpaquePointer
    let cancellation: StatementCancellation
    let notices: ConnectionNotices
    var prepared: PreparedStatements
    /// How long a statement may run; nil for as long as it takes.
    var limit: StatementLimit?
    /// Whether it is of no more use, because the server went away or the conversation is out of step.
    var isBroken = false
    /// How many exchanges of messages it has had: what a caller waits for.
    var exchanges = 0
    /// Whether anything of the current exchange has been answered.
    var hasAnswered = false
    /// Called when a pooler between us and the server makes prepared statements impossible.
    var onPreparedLost: (@Sendable () -> Void)?

    init(pq: UnsafePointer<AtlasPQ>, raw: OpaquePointer, options: DatabaseOptions) {
        self.pq = pq
        self.raw = raw
        cancellation = StatementCancellation(pq: pq, raw: raw)
        notices = ConnectionNotices(pq: pq, raw: raw)
        prepared = PreparedStatements(isOn: options.preparesStatements)
        limit = StatementLimit(options)
    }

    deinit { pq.pointee.PQfinish(raw) }

    /// 150020 for 15.20.
    public var serverVersion: Int { Int(pq.pointee.PQserverVersion(raw)) }

    /// The server's process for this connection.
    public var backendProcess: Int32 { pq.pointee.PQbackendPID(raw) }

    @discardableResult
    public func pipeline(_ queries: [Query]) throws -> [Rows] {
        guard !queries.isEmpty else { return [] }
        return try run(queries)
    }

    /// Runs `queries` with one exchange of messages, each by itself: one that fails leaves the others alone.
    ///
    /// For reads that go without what they cannot have. Not inside a transaction, where a failure would be everybody's.
    /// - Parameter timeout: how long each may run, unless the connection allows less.
    /// - Throws: ``DatabaseError`` when the connection is lost; `CancellationError`.
    public func eachAlone(_ queries: [Query], timeout: Duration) throws -> [Result<Rows, any Error>] {
        let own = limit.flatMap { $0.each < timeout.nanoseconds ? $0 : nil }
        let limit = own ?? StatementLimit(each: timeout)
        func run() throws -> [Result<Rows, any Error>] {
            let outcomes = try exchange(units: queries.map { [$0] }, limit: limit, evenIfCancelled: false)
            return outcomes.map { $0.map { $0[0] } }
        }
        let outcomes = try run()
        let isStale = outcomes.contains { outcome in
            guard case .failure(let error as DatabaseError) = outcome else { return false }
            return prepared.recovers(from: error)
        }
        guard isStale else { return outcomes }
        if !prepared.isOn { onPreparedLost?() }
        return try run()
    }

    /// Runs a script of several statements without parameters, as a migration is.
    public func script(_ sql: String) throws {
        try leavingPipeline { _ = try exchangeScript(sql) }
    }

    /// - Parameter evenIfCancelled: to end a transaction, which must be done whatever became of the task.
    func run(_ queries: [Query], evenIfCancelled: Bool = false) throws -> [Rows] {
        do {
            return try exchange(queries, evenIfCancelled: evenIfCancelled)
        } catch let error as DatabaseError where prepared.recovers(from: error) {
            if !prepared.isOn { onPreparedLost?() }
            // The server ran nothing of it; inside a transaction that is lost, so its owner must start over.
            guard !isBroken, !isInTransaction else { throw DatabaseError(.serialization, sqlState: error.sqlState) }
            return try exchange(queries, evenIfCancelled: evenIfCancelled)
        }
    }

    /// Whether a transaction is open, sound or failed.
    var isInTransaction: Bool {
        let status = pq.pointee.PQtransactionStatus(raw)
        return status == PQTRANS_INTRANS || status == PQTRANS_INERROR
    }

    /// Whether it can serve another unit of work.
    var isIdle: Bool {
        !isBroken && pq.pointee.PQstatus(raw) == CONNECTION_OK && pq.pointee.PQtransactionStatus(raw) == PQTRANS_IDLE
    }
}
