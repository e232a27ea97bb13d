import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// What the work on a call costs the database.
@Suite struct CallExchangeTests {
    /// How often `body` waited for the database.
    private func exchanges(_ database: Database, _ body: () async throws -> Void) async throws -> Int {
        let before = try await database.run { $0.exchanges }
        try await body()
        return try await database.run { $0.exchanges } - before
    }

    /// One connection, so that its exchanges are all there are.
    private func desk() async throws -> (CallDesk, Database, CallLinker) {
        let desk = try await CallDesk()
        var options = DatabaseOptions()
        options.maximumConnections = 1
        let database = desk.kit.base.open(options)
        return (desk, database, CallLinker(contacts: Contacts(database: database)))
    }

    @Test func aCallIsLinkedInThreeExchangesAndFoundLinkedInOne() async throws {
        let (desk, database, linker) = try await desk()
        let person = ExtractedCall(customerName: "Ann Lee", customerPhone: "217-555-0151", customerEmail: "a@b.org")
        let calls = [
            ("CA1", person), ("CA2", person), ("CA3", ExtractedCall()), ("CA4", ExtractedCall(intent: "spam")),
        ]
        for (sid, extracted) in calls {
            let row = try await desk.write(sid, extracted)
            #expect(try await exchanges(database) { _ = try await linker.link(sid) } == 3, "\(sid)")
            #expect(try await exchanges(database) { _ = try await linker.link(sid) } == 1, "\(sid)")
            #expect(row.contactID == nil)
        }
        // Two for who has just read it.
        let row = try await desk.write("CA5", person)
        #expect(try await exchanges(database) { _ = try await linker.link(row) } == 2)
        let known = try await desk.write("CA6", person)
        #expect(try await exchanges(database) { _ = try await linker.link(known) } == 2)
    }

    @Test func aCallThatChangedSinceItWasReadIsReadAgain() async throws {
        let desk = try await CallDesk()
        let stale = try await desk.write("CA1", ExtractedCall(customerName: "Ann Lee"))
        try await desk.write("CA1", ExtractedCall(customerName: "Bob Ray", customerPhone: "217-555-0151"))
        let link = try await desk.linker.link(stale)
        #expect(link.contact?.fullName == "Bob Ray" && link.contact?.phones == ["+12175550151"])
        #expect(try await desk.linker.link(stale).contact == link.contact)
        #expect(try await desk.kit.count("contact_interactions") == 1)
    }

    @Test func everyStepOfAWorkerIsOneExchange() async throws {
        let (_, database, _) = try await desk()
        let store = CallTranscripts(contacts: Contacts(database: database))
        let worker = UUID()
        let facts = CallFacts(callSID: "CA1", fromNumber: CallDesk.line)
        #expect(try await exchanges(database) { _ = try await store.claim(facts, by: worker, for: .seconds(9)) } == 1)
        #expect(try await exchanges(database) { _ = try await store.claim(facts, by: UUID(), for: .seconds(9)) } == 1)
        let id = try #require(try await store.get("CA1")).id
        let count = try await exchanges(database) {
            _ = try await store.keepTranscript("Hello", of: id, by: worker)
            _ = try await store.keepExtraction(
                ExtractedCall(), summary: nil, proposedActions: [], of: id, by: worker)
            _ = try await store.keepClaim(id, by: worker, for: .seconds(9))
            try await store.fail(.linking, "x", of: id, by: worker)
        }
        #expect(count == 4)
    }

    /// The statements that must stay fast at a million calls walk indexes.
    @Test func everyQueryWalksAnIndex() async throws {
        let desk = try await CallDesk()
        try await desk.kit.execute(
            """
            INSERT INTO call_transcripts
                (call_sid, from_number, to_number, business_context_id, status, contact_id, customer_line, created_at)
            SELECT 'CA' || n, '', '', '', CASE n % 50 WHEN 0 THEN 'error' WHEN 1 THEN 'pending' ELSE 'ready' END, NULL, '+1' || n,
                now() - make_interval(secs => n)
            FROM generate_series(1, 20000) n
            """)
        let call = try await desk.write("CA1", ExtractedCall(customerName: "Ann", customerPhone: "217-555-0151"))
        let customer = CallCustomer(of: call, region: "US", ownNumbers: [])
        let person = try customer.person(of: call, region: "US", defaultContext: "prairie")
        let look = CallLook(call: call, customer: customer, person: person)
        let facts = CallFacts(callSID: "CA7")
        let id = UUID()
        let queries: [(Query, index: String)] = [
            (CallTranscripts.call("CA7"), "idx_call_transcripts_call_sid"),
            (CallTranscripts.listing(contactID: id, status: nil, 20), "call_transcripts_of_contact"),
            (CallTranscripts.listing(contactID: nil, status: .error, 20), "call_transcripts_of_status"),
            (CallTranscripts.listing(contactID: id, status: .error, 20), "call_transcripts_of_contact"),
            (CallTranscripts.listing(contactID: nil, status: nil, 20), "idx_call_transcripts_created"),
            (CallTranscripts.unfinished(20), "call_transcripts_unfinished"),
            (try #require(look.onTheLine), "call_transcripts_of_line"),
            (look.queries[1], "contact_identities_last_digits"),
            (look.queries[4], "contact_interactions_source"),
            (CallTranscripts.claiming(facts, id: id, by: id, for: .seconds(1))[1], "idx_call_transcripts_call_sid"),
            (.standingContact("\(id)"), "contacts_pkey"),
        ]
        let plans = try await desk.kit.database.transaction { transaction in
            try transaction.query("ANALYZE call_transcripts")
            try transaction.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            try transaction.execute("SET LOCAL enable_seqscan = off")
            return try queries.map { query in
                try transaction.query("EXPLAIN \(query.0)").map { try $0.get(0, as: String.self) }
                    .joined(separator: "\n")
            }
        }
        for (plan, query) in zip(plans, queries) {
            #expect(!plan.contains("Seq Scan"), "\(plan)")
            #expect(plan.contains(query.index), "\(plan)")
            // What is wanted first is read first: nothing is gathered to be sorted.
            if query.index.hasSuffix("_of_status") || query.index.hasSuffix("_unfinished") {
                #expect(!plan.contains("Sort"), "\(plan)")
            }
        }
    }
}
