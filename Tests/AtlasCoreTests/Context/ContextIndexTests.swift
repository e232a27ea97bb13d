import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite("What is asked about a customer walks indexes")
struct ContextIndexTests {
    @Test func everyStatementWalksAnIndex() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 200)
        try await kit.kit.database.run {
            try $0.script(
                """
                INSERT INTO contacts (full_name, phone, email)
                SELECT 'Person ' || n, '(312) 555-' || lpad(n::text, 4, '0'), 'p' || n || '@example.org'
                FROM generate_series(1, 2000) n;
                INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at)
                SELECT id, 'note', 'x', now() FROM contacts, generate_series(1, 5);
                INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id, extracted_data)
                SELECT 'CB' || id, '', '', '', id, '{"follow_up_needed": true}' FROM contacts;
                INSERT INTO appointments (contact_id, start_time, end_time, service_type, customer_name, customer_phone,
                    business_context_id, resource)
                SELECT id, now() + n * interval '2 hours', now() + n * interval '2 hours' + interval '1 hour', 'x', 'x', '', '',
                    id::text
                FROM contacts, generate_series(1, 3) n;
                INSERT INTO sent_emails (to_addresses, subject, body)
                SELECT ARRAY[email], 'x', 'x' FROM contacts, generate_series(1, 5);
                """)
        }
        let keys: [(CustomerKey, String)] = [
            (.id(maria.id), "contacts_pkey"), (.phone("217-555-0134"), "contact_identities_last_digits"),
            (.email("maria@example.com"), "contact_identities_email"),
            (.name("Maria Gonzalez", parameter: "name"), "contacts_name"),
        ]
        for (key, index) in keys {
            let lookup = try #require(try CustomerSearch(key, region: "US", businessContextID: "prairie"))
            let statements = CustomerStatements(
                lookup: lookup, limits: try ContextLimits(), detail: .detailed, businessContextID: "prairie")
            let named = [
                "contact_interactions_contact", "contact_id", "call_transcripts_of_contact",
                "call_transcripts_to_follow_up", "sent_emails_recipients",
            ]
            let queries = [lookup.candidates, lookup.contact].compactMap(\.self) + statements.sources
            let plans = try await kit.kit.database.transaction { transaction in
                try transaction.query("ANALYZE")
                try transaction.execute("SET LOCAL plan_cache_mode = force_generic_plan")
                return try queries.map {
                    try transaction.query("EXPLAIN \($0)").map { try $0.get(0, as: String.self) }
                        .joined(separator: "\n")
                }
            }
            for (plan, index) in zip(plans, Array(repeating: index, count: queries.count - named.count) + named) {
                #expect(!plan.contains("Seq Scan"), "\(plan)")
                #expect(plan.contains(index), "\(plan)")
            }
        }
    }

    @Test func phoneNumbersAreSuggestedByTheirBeginning() async throws {
        let kit = try await ContactsKit()
        for (name, phone) in [("Ann", "217-555-0134"), ("Bob", "+12175550199"), ("Eva", "+44 20 7946 0958")] {
            _ = try await kit.contacts.create(ContactDraft(fullName: name, phone: phone))
        }
        let both = ["+12175550134", "+12175550199"]
        for typed in ["217", "(217) 555", "+1217", "1 217-555-01"] {
            #expect(try await kit.contacts.phones(startingWith: typed) == both, "\(typed)")
        }
        #expect(try await kit.contacts.phones(startingWith: "+44 20") == ["+442079460958"])
        #expect(try await kit.contacts.phones(startingWith: "217555", limit: 1) == ["+12175550134"])
        for typed in ["", "21", "Ann 217", "%%%", "999"] {
            #expect(try await kit.contacts.phones(startingWith: typed).isEmpty, "\(typed)")
        }
    }
}
