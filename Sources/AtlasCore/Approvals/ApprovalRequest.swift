import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A call that waits for a person, or waited for one, and what became of it.
///
/// ```
/// pending ──→ approved ──→ running ──→ done
///    │           │  ↑_________│ │
///    ├─→ denied ←┤   it is certain that it may be tried again
///    └─→ expired ┘              └─→ unknown: its server ended meanwhile
/// ```
public struct ApprovalRequest: Sendable, Equatable {
    public enum Status: String, Sendable, CaseIterable {
        case pending, approved, denied, expired, running, done, unknown
    }

    public let id: UUID
    /// The server's name for programs.
    public let server: String
    public let tool: String
    /// The business of the server that was asked, if it serves a certain one.
    public let businessContextID: String?
    /// As they were given.
    public let arguments: JSON.Object
    public let idempotencyKey: String?
    public let clientName: String?
    public let clientVersion: String?
    public let status: Status
    public let requestedAt: Date
    public let expiresAt: Date
    public let decidedAt: Date?
    public let decidedBy: String?
    /// What the tool answered: `{"structured": …}` or `{"failure": …}`.
    public let outcome: JSON?
    public let settledAt: Date?
}

extension ApprovalRequest: Record {
    static let columns: Query = """
        id, server, tool, business_context_id, arguments, idempotency_key, client_name, client_version, status, requested_at, expires_at,
        decided_at, decided_by, outcome, settled_at
        """

    public init(row: Row) throws {
        id = try row.get("id")
        server = try row.get("server")
        tool = try row.get("tool")
        let business: String = try row.get("business_context_id")
        businessContextID = business.isEmpty ? nil : business
        arguments = try row.get("arguments")
        idempotencyKey = try row.get("idempotency_key")
        clientName = try row.get("client_name")
        clientVersion = try row.get("client_version")
        let word: String = try row.get("status")
        status = Status(rawValue: word) ?? .unknown
        requestedAt = try row.get("requested_at")
        expiresAt = try row.get("expires_at")
        decidedAt = try row.get("decided_at")
        decidedBy = try row.get("decided_by")
        outcome = try row.get("outcome")
        settledAt = try row.get("settled_at")
    }
}

/// A call that needs a person's yes, as it arrives.
public struct HeldCall: Sendable {
    public let server: String
    public let tool: String
    public let arguments: JSON.Object
    public let clientName: String?
    public let clientVersion: String?
    /// The request that it is to carry out, when the operator's command calls.
    public let request: UUID?

    public init(
        server: String, tool: String, arguments: JSON.Object, clientName: String?, clientVersion: String?,
        request: UUID? = nil
    ) {
        self.server = server
        self.tool = tool
        self.arguments = arguments
        self.clientName = clientName
        self.clientVersion = clientVersion
        self.request = request
    }
}
