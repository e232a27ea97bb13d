import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One call of a tool, as it is remembered.
public struct AuditEntry: Sendable, Equatable {
    public let id: UUID
    public let calledAt: Date
    /// The server's name for programs.
    public let server: String
    public let clientName: String?
    public let clientVersion: String?
    public let tool: String
    /// Without bodies and secrets.
    public let arguments: JSON.Object
    /// `success`, `pending`, `denied`, `replayed`, or the code of the error.
    public let outcome: String
    public let milliseconds: Double
    public let approval: UUID?

    public init(
        calledAt: Date, server: String, clientName: String?, clientVersion: String?, tool: String,
        arguments: JSON.Object, outcome: String, milliseconds: Double, approval: UUID?
    ) {
        id = .timeOrdered(at: calledAt)
        self.calledAt = calledAt
        self.server = server
        self.clientName = clientName
        self.clientVersion = clientVersion
        self.tool = tool
        self.arguments = arguments
        self.outcome = outcome
        self.milliseconds = milliseconds
        self.approval = approval
    }
}

extension AuditEntry: Record {
    public init(row: Row) throws {
        id = try row.get("id")
        calledAt = try row.get("called_at")
        server = try row.get("server")
        clientName = try row.get("client_name")
        clientVersion = try row.get("client_version")
        tool = try row.get("tool")
        arguments = try row.get("arguments")
        outcome = try row.get("outcome")
        milliseconds = try row.get("milliseconds")
        approval = try row.get("approval_id")
    }

    /// Bears repetition: whether a lost connection had written it, nobody knows.
    var insertion: Query {
        """
        INSERT INTO audit_log (id, called_at, server, client_name, client_version, tool, arguments, outcome, milliseconds,
            approval_id)
        VALUES (\(id), \(calledAt), \(server), \(clientName), \(clientVersion), \(tool), \(arguments), \(outcome),
            \(milliseconds), \(approval))
        ON CONFLICT (id) DO NOTHING
        """
    }

    /// What is remembered, the newest first.
    public static func list(
        on database: Database, since: Date?, tool: String?, outcome: String?, limit: Int
    ) async throws -> [AuditEntry] {
        let statement = listing(since: since, tool: tool, outcome: outcome, limit: limit)
        return try await database.look { try $0.all(statement) }
    }

    static func listing(since: Date?, tool: String?, outcome: String?, limit: Int) -> Query {
        var query: Query = """
            SELECT id, called_at, server, client_name, client_version, tool, arguments, outcome, milliseconds, approval_id
            FROM audit_log WHERE true
            """
        if let since { query += " AND called_at >= \(since)" }
        if let tool { query += " AND tool = \(tool)" }
        if let outcome { query += " AND outcome = \(outcome)" }
        query += " ORDER BY called_at DESC, id DESC LIMIT \(limit)"
        return query
    }
}
