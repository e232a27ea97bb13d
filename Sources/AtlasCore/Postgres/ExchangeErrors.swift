import CPostgres

extension Connection {
    /// The connection is gone: nothing more can be said on it.
    func lost(_ detail: String, sqlState: String? = nil) -> DatabaseError {
        isBroken = true
        return DatabaseError(.unavailable, sqlState: sqlState, detail: detail)
    }

    /// The server's refusal, without its text, which quotes values.
    ///
    /// - Parameter script: the text that was sent, to find the line the server points at.
    func error(in result: OpaquePointer, script: String? = nil) -> DatabaseError {
        func field(_ code: Character) -> String? {
            pq.pointee.PQresultErrorField(result, Int32(code.asciiValue!)).map { String(cString: $0) }
        }
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
