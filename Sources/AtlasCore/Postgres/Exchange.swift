import CPostgres

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Every exchange is a pipeline: the statements that are not known yet are prepared on the way, all goes out together, and a sync
/// ends each unit of them.
extension Connection {
    func exchange(_ queries: [Query], evenIfCancelled: Bool) throws -> [Rows] {
        try exchange(units: [queries], limit: limit, evenIfCancelled: evenIfCancelled)[0].get()
    }

    /// Sends several units at once, each ended by a sync of its own: one that fails leaves the others alone.
    ///
    /// - Parameter limit: how long each statement may run, counted from the answer before it.
    /// - Throws: only when none can be answered: the connection is lost, the task cancelled before.
    func exchange(units: [[Query]], limit: StatementLimit?, evenIfCancelled: Bool) throws -> [Result<[Rows], any Error>]
    {
        try cancellation.begin(evenIfCancelled: evenIfCancelled)
        exchanges += 1
        notices.commitIsUnconfirmed = false
        hasAnswered = false
        defer { if !cancellation.end() { isBroken = true } }
        var sent: [[Sent]] = []
        sent.reserveCapacity(units.count)
        for queries in units {
            var unit: [Sent] = []
            unit.reserveCapacity(queries.count)
            for query in queries { try send(query, &unit) }
            guard pq.pointee.PQpipelineSync(raw) == 1 else { throw lost("the statement could not be sent") }
            sent.append(unit)
        }
        return try sent.map { unit in
            var wait = ExchangeWait(limit: limit, statements: unit.count)
            do {
                return .success(try receive(unit, &wait))
            } catch  where !isBroken {
                return .failure(error)
            }
        }
    }

    /// A statement on its way.
    private struct Sent {
        /// nil when it goes without a name.
        var statement: PreparedStatement?
        /// Whether its preparation goes before it.
        var isNew = false
        /// Whether it only makes room on the server: its answer is of no interest.
        var isHousekeeping = false
    }

    private func send(_ query: Query, _ sent: inout [Sent]) throws {
        guard prepared.isOn else {
            try send(query, statement: nil)
            sent.append(Sent())
            return
        }
        if let statement = prepared.find(query) {
            try send(query, statement: statement)
            sent.append(Sent(statement: statement))
            return
        }
        if let old = prepared.makeRoom() {
            try send(Query(stringLiteral: "DEALLOCATE \(old.text)"), statement: nil)
            sent.append(Sent(isHousekeeping: true))
        }
        let statement = prepared.add(query)
        let types = query.binds.map(\.type)
        guard pq.pointee.PQsendPrepare(raw, statement.name, query.sql, Int32(types.count), types) == 1 else {
            throw lost("the statement could not be sent")
        }
        try send(query, statement: statement)
        sent.append(Sent(statement: statement, isNew: true))
    }

    private func send(_ query: Query, statement: PreparedStatement?) throws {
        let count = query.binds.count
        let ok = query.values.withUnsafeBytes { values in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { pointers in
                withUnsafeTemporaryAllocation(of: Int32.self, capacity: count * 2) { numbers in
                    // A value of no octets needs an address too: NULL would mean NULL.
                    let base = values.baseAddress ?? UnsafeRawPointer(statement?.name ?? Self.empty)
                    for (index, bind) in query.binds.enumerated() {
                        let value = bind.length < 0 ? nil : (base + bind.offset).assumingMemoryBound(to: CChar.self)
                        pointers.initializeElement(at: index, to: value)
                        numbers.initializeElement(at: index, to: Int32(max(bind.length, 0)))
                        numbers.initializeElement(at: count + index, to: 1)
                    }
                    let lengths = UnsafePointer(numbers.baseAddress)
                    let formats = lengths.map { $0 + count }
                    let pointers = UnsafePointer(pointers.baseAddress)
                    if let statement {
                        return pq.pointee.PQsendQueryPrepared(
                            raw, statement.name, Int32(count), pointers, lengths, formats, 1)
                    }
                    let types = query.binds.map(\.type)
                    return pq.pointee.PQsendQueryParams(
                        raw, query.sql, Int32(count), types, pointers, lengths, formats, 1)
                }
            }
        }
        guard ok == 1 else { throw lost("the statement could not be sent") }
    }

    private nonisolated(unsafe) static let empty = UnsafePointer(UnsafeMutablePointer<CChar>.allocate(capacity: 1))

    /// Collects one answer for each statement, up to the sync, whatever fails on the way.
    private func receive(_ sent: [Sent], _ wait: inout ExchangeWait) throws -> [Rows] {
        var answers: [Rows] = []
        answers.reserveCapacity(sent.count)
        var failure: DatabaseError?
        var unprepared: [PreparedStatement] = []
        func take(_ result: OpaquePointer?, _ item: Sent, preparing: Bool) {
            guard let result else { return }
            switch pq.pointee.PQresultStatus(result) {
            case PGRES_TUPLES_OK where !preparing, PGRES_COMMAND_OK where !preparing:
                if item.isHousekeeping {
                    pq.pointee.PQclear(result)
                } else {
                    answers.append(rows(result, item.statement))
                }
                return
            case PGRES_COMMAND_OK: break
            case PGRES_PIPELINE_ABORTED:
                if preparing, let statement = item.statement { unprepared.append(statement) }
            default:
                if failure == nil {
                    failure = error(in: result)
                    failure?.isStale = !preparing && !item.isNew && item.statement != nil
                }
                if preparing, let statement = item.statement { unprepared.append(statement) }
            }
            pq.pointee.PQclear(result)
        }
        for item in sent {
            if item.isNew {
                take(try next(&wait), item, preparing: true)
                try skipToEnd(&wait)
            }
            take(try next(&wait), item, preparing: false)
            try skipToEnd(&wait)
        }
        let sync = try next(&wait)
        let inStep = sync != nil && pq.pointee.PQresultStatus(sync) == PGRES_PIPELINE_SYNC
        pq.pointee.PQclear(sync)
        unprepared.forEach { prepared.remove($0) }
        if let failure { throw explain(failure, wait) }
        guard inStep, answers.count == sent.count(where: { !$0.isHousekeeping }) else {
            throw lost("the conversation is out of step")
        }
        if notices.commitIsUnconfirmed { throw Self.unconfirmed }
        return answers
    }

    private static let unconfirmed = DatabaseError(
        .unknownOutcome,
        message:
            "The change is saved, but no standby of the database has confirmed it in time, so a failover would lose it. Look "
            + "before trying again.")

    private func skipToEnd(_ wait: inout ExchangeWait) throws {
        while let extra = try next(&wait) { pq.pointee.PQclear(extra) }
    }

    private func rows(_ result: OpaquePointer, _ statement: PreparedStatement?) -> Rows {
        let columns: Columns
        if let known = statement?.columns, known.describes(result, pq) {
            columns = known
        } else {
            columns = Columns(of: result, pq)
            statement?.columns = columns
        }
        return Rows(storage: Rows.Storage(result, columns: columns, pq: pq))
    }

    /// The next answer, waiting for it as long as `wait` allows.
    func next(_ wait: inout ExchangeWait) throws -> OpaquePointer? {
        while true {
            let flushed = pq.pointee.PQflush(raw)
            if pq.pointee.PQisBusy(raw) == 0 { break }
            let events = flushed == 1 ? POLLIN | POLLOUT : POLLIN
            switch wait.step(pq.pointee.PQsocket(raw), Int16(events), cancellation) {
            case .ready:
                if pq.pointee.PQconsumeInput(raw) == 0 { throw lost("the server closed the connection") }
            case .again: continue
            case .stuck: throw lost("the server did not answer the cancellation")
            }
        }
        let result = pq.pointee.PQgetResult(raw)
        if pq.pointee.PQstatus(raw) != CONNECTION_OK || result.map(isFatal) == true {
            let state = result.flatMap { error(in: $0).sqlState }
            var loss = lost("the server closed the connection", sqlState: state)
            loss.leftNothing = !hasAnswered && result.map(isLeave) == true
            pq.pointee.PQclear(result)
            throw loss
        }
        if result != nil { hasAnswered = true }
        return result
    }
}
