import CPostgres

extension AtlasPQ {
    /// What an error or a notice says under `code` (PostgreSQL documentation, section 55.8); nil when it says nothing.
    func field(_ code: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(code.value)).map { String(cString: $0) }
    }
}

extension Connection {
    /// Whether the server ends the connection with this answer: nothing comes after it.
    func isFatal(_ result: OpaquePointer) -> Bool {
        guard pq.pointee.PQresultStatus(result) == PGRES_FATAL_ERROR else { return false }
        return ["FATAL", "PANIC"].contains(pq.pointee.field("V", of: result))
    }

    /// Whether `result` is how a backend that was told to end says so, before or within a statement.
    ///
    /// Answers come in the order of the statements, and a backend sends what it has before it says this: when it is the first
    /// answer, no statement has come to its end. A pooler's word proves nothing, hence the name of the backend's function.
    func isLeave(_ result: OpaquePointer) -> Bool {
        ["57P01", "57P05"].contains(pq.pointee.field("C", of: result))
            && pq.pointee.field("R", of: result) == "ProcessInterrupts"
    }

    /// The connection is gone: nothing more can be said on it.
    func lost(_ detail: String, sqlState: String? = nil) -> DatabaseError {
        isBroken = true
        return DatabaseError(.unavailable, sqlState: sqlState, detail: detail)
    }

    /// The server's refusal, without its text, which quotes values.
    ///
    /// - Parameter script: the text that was sent, to find the line the server points at.
    func error(in result: OpaquePointer, script: String? = nil) -> DatabaseError {
        func field(_ code: Unicode.Scalar) -> String? { pq.pointee.field(code, of: result) }
        guard let state = field("C") else {
            return DatabaseError(.unavailable, detail: "the server closed the connection")
        }
        let kind = DatabaseError.kind(ofState: state, constraint: field("n"))
        var detail: String?
        if let script, let position = field("P").flatMap({ Int($0) }) {
            detail = "line \(1 + script.unicodeScalars.prefix(position).count { $0 == "\n" })"
        }
        return DatabaseError(kind, sqlState: state, table: field("t"), column: field("c"), detail: detail)
    }

    /// What `failure` means to the caller: a cancelled statement was cancelled by the task, by its time limit, or by others.
    func explain(_ failure: DatabaseError, _ wait: ExchangeWait) -> any Error {
        if failure.breaksConnection { isBroken = true }
        guard failure.sqlState == "57014" else { return failure }
        if cancellation.isCancelled { return CancellationError() }
        return DatabaseError(wait.isOverTime ? .timeout : .cancelled, sqlState: "57014")
    }
}
