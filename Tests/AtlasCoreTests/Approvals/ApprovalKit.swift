import Foundation
import JSON
import TestSupport

@testable import AtlasCore

/// Requests for approval on a database of its own, and a tool that counts how often it is called.
struct ApprovalKit: Sendable {
    let contacts: ContactsKit
    let approvals: Approvals
    let done = Shared(0)

    init(businessContextID: String? = nil) async throws {
        contacts = try await ContactsKit()
        approvals = Approvals(database: contacts.database, businessContextID: businessContextID)
    }

    /// The same database, for another business.
    func approvals(of business: String?) -> Approvals {
        Approvals(database: contacts.database, businessContextID: business)
    }

    static func call(
        _ body: String = "See you at nine", key: String? = "k", tool: String = "send_sms",
        server: String = "atlas-twilio",
        request: UUID? = nil
    ) -> HeldCall {
        var arguments: JSON.Object = ["to": "+12175550134", "body": .string(body)]
        if let key { arguments["idempotency_key"] = .string(key) }
        return held(arguments, tool: tool, server: server, request: request)
    }

    static func held(
        _ arguments: JSON.Object, tool: String = "send_sms", server: String = "atlas-twilio", request: UUID? = nil
    ) -> HeldCall {
        HeldCall(
            server: server, tool: tool, arguments: arguments, clientName: "tests", clientVersion: "1", request: request)
    }

    func pending(_ call: HeldCall = call()) async throws -> ApprovalRequest {
        let request = try await approvals.request(call)
        return request
    }

    func approved(_ call: HeldCall = call()) async throws -> ApprovalRequest {
        let request = try await approvals.request(call)
        return try await approvals.decide(request.id, true, by: "Ann")
    }

    func running(_ call: HeldCall = call()) async throws -> ApprovalRequest {
        let request = try await approved(call)
        guard try await approvals.claim(request.id) else { throw AtlasError(.conflict, "It could not be claimed.") }
        return try await approvals.find(request.id)
    }

    /// What a caller does with a request: takes it when it is approved, and acts.
    func attempt(_ call: HeldCall) async throws -> ApprovalRequest.Status {
        let request = try await approvals.request(call)
        guard request.status == .approved, try await approvals.claim(request.id) else { return request.status }
        let count = done.count()
        try await approvals.settle(request.id, ["structured": ["count": .integer(count)]], told: true)
        return .done
    }

    func pass(_ column: Query) async throws {
        try await contacts.execute("UPDATE approvals SET \(column) = now() - interval '1 second'")
    }
}
