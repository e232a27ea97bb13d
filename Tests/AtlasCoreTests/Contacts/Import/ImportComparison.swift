import TestSupport
import Testing

@testable import AtlasCore

/// People of a file, and all that a database makes of them.
protocol ImportComparison {}

extension ImportComparison {
    func entries(_ drafts: [ContactDraft]) -> [ContactEntry] {
        drafts.enumerated().map { ContactEntry(line: $0.offset + 2, draft: $0.element) }
    }

    /// People of few phones, addresses and names, so that most of them meet somebody.
    func drafts(_ count: Int, random: inout SeededRandom) -> [ContactDraft] {
        func maybe<T>(_ chance: Int, _ make: () -> T) -> T? {
            Int.random(in: 0..<100, using: &random) < chance ? make() : nil
        }
        func pick(_ list: [String]) -> String { list.randomElement(using: &random) ?? "" }
        return (0..<count).map { _ in
            let number = 1000 + Int.random(in: 0..<30, using: &random)
            let phone = maybe(75) {
                pick(["217-555-\(number)", "(217) 555 \(number)", "+1217555\(number)", "555-\(number)", "anonymous"])
            }
            let email = maybe(60) {
                pick(["p\(Int.random(in: 0..<30, using: &random))@example.com", "P1@Example.com"])
            }
            return ContactDraft(
                fullName: pick(["Ann Lee", "Bob Ray", "Cid Fox", "ann lee", "Dée Ōno"]), phone: phone,
                // Without either a row is somebody by name and place, which create() does not know.
                email: email
                    ?? (phone.flatMap { $0.hasPrefix("555") || $0 == "anonymous" ? nil : $0 } == nil
                        ? "p0@example.com" : nil),
                address: maybe(40) { pick(["1 Main St", "2 Oak Ave"]) },
                city: maybe(30) { pick(["Springfield", "Decatur"]) },
                businessContextID: maybe(60) { pick(["cleaning", "plumbing"]) },
                contactType: maybe(30) { [.customer, .lead].randomElement(using: &random) ?? .lead },
                notes: maybe(30) { pick(["dogs", "no dogs", "gate 4"]) }, source: "file",
                sourceRef: maybe(10) { pick(["a", "b"]) },
                tags: maybe(40) { [pick(["vip", "new", "late"])] } ?? [])
        }
    }

    /// All that the database knows, without ids and times.
    func picture(_ kit: ContactsKit) async throws -> [String] {
        try await kit.database.run { connection in
            let rows: [String] = try connection.query(
                """
                SELECT concat_ws('|', full_name, first_name, last_name, email, email_normalized, emails::text, phone, phone_e164,
                    phones::text, address, city, business_context_id, contact_type, status, (SELECT array_agg(t ORDER BY t)
                    FROM unnest(tags) t)::text, notes, source, source_ref, search_name, metadata::text,
                    (SELECT string_agg(concat_ws(':', i.business_context_id, kind, value, identifies), ' ' ORDER BY kind, value)
                     FROM contact_identities i WHERE contact_id = c.id))
                FROM contacts c ORDER BY 1
                """
            ).map { try $0.get(0) }
            let counts: [String] = try connection.query(
                """
                SELECT concat_ws('|', business_context_id, status, contact_type, sum(count)) FROM contact_counts
                GROUP BY business_context_id, status, contact_type HAVING sum(count) <> 0 ORDER BY 1
                """
            ).map { try $0.get(0) }
            return rows + counts
        }
    }

    func compare(_ imported: ContactsKit, _ met: ContactsKit) async throws {
        let (one, other) = (try await picture(imported), try await picture(met))
        let surplus = Set(one).subtracting(other).sorted().prefix(2)
        let missing = Set(other).subtracting(one).sorted().prefix(2)
        #expect(one.count == other.count && surplus.isEmpty && missing.isEmpty, "imported: \(surplus)\nmet: \(missing)")
    }
}
