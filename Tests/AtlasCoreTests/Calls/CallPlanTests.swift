import Foundation
import Testing

@testable import AtlasCore

/// The statements that must stay fast at a million calls walk indexes.
@Suite struct CallPlanTests {
    @Test func everyLookUsesAnIndex() async throws {
        let calls = try await WrittenCalls()
        let call = try KnownCall(
            WrittenCalls.inbound("CA1", from: "+12175550134"), region: "US", defaultContext: nil)
        let queries = [
            CallTranscripts.one("CA1"), CallTranscripts.insert(call),
            CallTranscripts.claim(call, by: UUID(), for: .seconds(30)),
            CallTranscripts.many(contactID: nil, status: nil, limit: 20),
            CallTranscripts.many(contactID: UUID(), status: nil, limit: 20),
            CallTranscripts.many(contactID: nil, status: .error, limit: 20),
            CallTranscripts.many(contactID: UUID(), status: .ready, limit: 20),
        ]
        let plans = try await calls.kit.database.transaction { transaction in
            try transaction.execute("SET LOCAL enable_seqscan = off")
            return try queries.map { query in
                try transaction.query("EXPLAIN \(query)").map { try $0.get(0, as: String.self) }.joined(
                    separator: "\n")
            }
        }
        for plan in plans { #expect(!plan.contains("Seq Scan"), "\(plan)") }
    }

    @Test func theNewestOfManyAreFoundWithoutLookingAtAll() async throws {
        let calls = try await WrittenCalls()
        let busy = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact.id
        try await calls.kit.execute(
            """
            INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id, status, created_at)
            SELECT 'CA' || i, '', '', '', CASE WHEN i % 2 = 0 THEN \(busy) END, 'ready', timestamptz '2026-01-01' + i * interval '1 s'
            FROM generate_series(1, 20000) AS i
            """)
        try await calls.kit.execute("ANALYZE call_transcripts")
        for query in [
            CallTranscripts.many(contactID: nil, status: nil, limit: 20),
            CallTranscripts.many(contactID: busy, status: nil, limit: 20),
            CallTranscripts.many(contactID: nil, status: .ready, limit: 20),
        ] {
            let plan = try await calls.rows("EXPLAIN (ANALYZE, TIMING off, SUMMARY off, COSTS off) \(query)").joined(
                separator: "\n")
            #expect(!plan.contains("Seq Scan"), "\(plan)")
            let rows = plan.matches(of: /rows=([0-9.]+)/).compactMap { Double($0.1) }
            #expect(rows.allSatisfy { $0 <= 100 }, "\(plan)")
        }
    }
}
