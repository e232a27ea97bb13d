import TestSupport
import Testing

@testable import AtlasCore

/// The statements that must stay fast at a million contacts walk indexes.
@Suite struct ContactPlanTests {
    @Test func everyLookUsesAnIndex() async throws {
        let kit = try await ContactsKit()
        func search(
            _ name: String? = nil, phone: String? = nil, email: String? = nil, business: String? = nil
        ) throws -> Query {
            try ContactSearch(
                name: name, phone: phone, email: email, businessContextID: business, limit: 20, region: "US"
            ).query
        }
        let look = ContactLook(
            number: PhoneNumber.normalize("2175550134", region: "US"), email: EmailAddress("a@b.org"),
            businessContextID: "a")
        let queries = [
            try search(phone: "+12175550134"), try search(phone: "555-0134"),
            try search(phone: "2175550134", email: "a@b.org"),
            try search(email: "a@b.org"), try search("ann", email: "a@b.org", business: "a"), look.queries[1],
        ]
        let plans = try await kit.database.transaction { transaction in
            try transaction.execute("SET LOCAL enable_seqscan = off")
            return try queries.map { query in
                try transaction.query("EXPLAIN \(query)").map { try $0.get(0, as: String.self) }.joined(
                    separator: "\n")
            }
        }
        for plan in plans { #expect(!plan.contains("Seq Scan"), "\(plan)") }
    }
}
