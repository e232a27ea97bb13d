import CPostgres

extension Connection {
    /// Several statements as one text need the simple protocol, which pipeline mode does not speak.
    func leavingPipeline(_ body: () throws -> Void) throws {
        guard pq.pointee.PQexitPipelineMode(raw) == 1 else { throw lost("the conversation is out of step") }
        defer { if pq.pointee.PQenterPipelineMode(raw) != 1 { isBroken = true } }
        try body()
    }

    func exchangeScript(_ sql: String) throws {
        try cancellation.begin(evenIfCancelled: false)
        defer { if !cancellation.end() { isBroken = true } }
        var wait = ExchangeWait(limit: limit, statements: 1)
        guard pq.pointee.PQsendQuery(raw, sql) == 1 else { throw lost("the statement could not be sent") }
        var failure: DatabaseError?
        while let result = try next(&wait) {
            let status = pq.pointee.PQresultStatus(result)
            if failure == nil, status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE {
                failure = error(in: result, script: sql)
            }
            pq.pointee.PQclear(result)
        }
        if let failure { throw explain(failure, wait) }
    }
}

extension String {
    /// The text as a constant of SQL (PostgreSQL documentation, section 4.1.2.1), for scripts, which take no parameters.
    package var sqlLiteral: String {
        "'" + split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}
