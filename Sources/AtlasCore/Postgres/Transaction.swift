/// One transaction on a connection, as ``Database/transaction(_:)`` lends it.
public final class Transaction: Statements {
    private enum Phase { case fresh, open, over }

    private let connection: Connection
    private var phase = Phase.fresh
    /// What failed first: after that, PostgreSQL takes nothing but ROLLBACK.
    private var failure: (any Error)?

    init(_ connection: Connection) { self.connection = connection }

    /// Runs `queries` one after the other with one exchange of messages; the first such exchange carries BEGIN.
    @discardableResult
    public func pipeline(_ queries: [Query]) throws -> [Rows] {
        if queries.isEmpty { return [] }
        return try send(queries)
    }

    /// Runs `queries` and COMMIT with one exchange of messages: the transaction's last words.
    ///
    /// - Throws: ``DatabaseError`` of kind `unknownOutcome` when the connection is lost meanwhile.
    @discardableResult
    public func commit(with queries: [Query] = []) throws -> [Rows] {
        precondition(phase != .over, "the transaction is over")
        if let failure { throw failure }
        if phase == .fresh && queries.isEmpty {
            phase = .over
            return []
        }
        do {
            let rows = try send(queries + ["COMMIT"])
            phase = .over
            return rows.dropLast()
        } catch let error as DatabaseError
            where connection.isBroken && !error.isRefusedByStandby && !error.leftNothing
        {
            throw DatabaseError(.unknownOutcome, sqlState: error.sqlState, detail: error.detail)
        }
    }

    private func send(_ queries: [Query]) throws -> [Rows] {
        precondition(phase != .over, "the transaction is over")
        if let failure { throw failure }
        let begins = phase == .fresh
        phase = .open
        do {
            let rows = try connection.run(begins ? ["BEGIN"] + queries : queries)
            return begins ? Array(rows.dropFirst()) : rows
        } catch {
            failure = error
            throw error
        }
    }

    private func rollBack() {
        guard phase == .open, !connection.isBroken, connection.isInTransaction else { return }
        _ = try? connection.run(["ROLLBACK"], evenIfCancelled: true)
    }

    static func run<R>(on connection: Connection, _ body: (Transaction) throws -> R) throws -> R {
        let transaction = Transaction(connection)
        do {
            let value = try body(transaction)
            if transaction.phase != .over { try transaction.commit() }
            return value
        } catch {
            transaction.rollBack()
            transaction.phase = .over
            throw error
        }
    }
}
