import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

@Suite("What is asked about approvals and calls walks indexes")
struct ApprovalIndexTests {
    @Test func everyStatementWalksAnIndexHoweverManyHaveEnded() async throws {
        let kit = try await ApprovalKit(businessContextID: "prairie")
        try await kit.contacts.database.run {
            try $0.script(
                """
                INSERT INTO approvals (id, server, tool, business_context_id, arguments, arguments_hash, idempotency_key, status,
                    requested_at, expires_at, told_at)
                SELECT gen_random_uuid(), 'atlas-twilio', 'send_sms', 'prairie', '{}', md5(n::text),
                    CASE WHEN n % 2 = 0 THEN n::text END, (ARRAY['done', 'denied', 'expired', 'unknown'])[n % 4 + 1],
                    now() - n * interval '1 minute', now() - n * interval '1 minute' + interval '1 day',
                    CASE WHEN n % 10 > 0 THEN now() END
                FROM generate_series(1, 20000) n;
                INSERT INTO audit_log (id, called_at, server, tool, arguments, outcome, milliseconds)
                SELECT gen_random_uuid(), now() - n * interval '1 minute', 'atlas-twilio',
                    (ARRAY['send_sms', 'make_call', 'create_contact'])[n % 3 + 1], '{}',
                    CASE WHEN n % 5000 = 0 THEN 'denied' ELSE 'success' END, 1
                FROM generate_series(1, 20000) n;
                """)
        }
        for n in 0..<20 { _ = try await kit.pending(ApprovalKit.call(key: "waits \(n)")) }
        let approvals = kit.approvals
        let queries =
            approvals.statements(ApprovalKit.call(key: "x"), "x")
            + approvals.statements(ApprovalKit.call(key: nil), nil)
            + approvals.statements(ApprovalKit.call(request: UUID()), "k") + Approvals.listing(false, 100)
            + Approvals.listing(true, 100)
            + [
                AuditEntry.listing(since: nil, tool: nil, outcome: nil, limit: 100),
                AuditEntry.listing(since: Date(timeIntervalSinceNow: -86_400), tool: nil, outcome: nil, limit: 100),
                AuditEntry.listing(since: nil, tool: "send_sms", outcome: nil, limit: 100),
                AuditEntry.listing(since: nil, tool: "no_such_tool", outcome: nil, limit: 100),
                AuditEntry.listing(since: nil, tool: nil, outcome: "denied", limit: 100),
            ]
        let plans = try await kit.contacts.database.transaction { transaction in
            try transaction.query("ANALYZE")
            try transaction.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            return try queries.map {
                try transaction.query("EXPLAIN \($0)").map { try $0.get(0, as: String.self) }.joined(separator: "\n")
            }
        }
        let indexes = [
            "approvals_key_of_business", "approvals_keyless_of_business", "approvals_open", "approvals_waiting",
            "approvals_requested_at", "audit_log_called_at", "audit_log_tool", "audit_log_outcome",
        ]
        for index in indexes { #expect(plans.contains { $0.contains(index) }, "\(index)") }
        for plan in plans { #expect(!plan.contains("Seq Scan"), "\(plan)") }
    }
}
