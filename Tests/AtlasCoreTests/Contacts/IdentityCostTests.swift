import TestSupport
import Testing

@testable import AtlasCore

/// What migration 052 leaves out, and what does without it.
@Suite struct IdentityCostTests {
    private func referenceIndexes(_ database: Database) async throws -> Int? {
        try await database.run {
            try $0.value(
                "SELECT count(*) FROM pg_indexes WHERE tablename = 'contacts' AND starts_with(indexname, 'idx_contacts_')"
            )
        }
    }

    @Test(arguments: [true, false]) func theReferencesIndexesStayWhereItsServersWork(isShared: Bool) async throws {
        let database = try await TestDatabase().open()
        try await database.run { connection in
            for migration in Migration.embedded() where migration.name < "036" { try connection.script(migration.sql) }
            if isShared {
                try connection.script(
                    "CREATE TABLE schema_migrations (version integer PRIMARY KEY, name varchar(255) NOT NULL, applied_at timestamptz DEFAULT now())"
                )
            }
        }
        #expect(try await referenceIndexes(database) == 5)
        try await database.run { try Migrator(logger: .silent).migrate($0) }
        #expect(try await referenceIndexes(database) == (isShared ? 5 : 0))
        await database.close()
    }

    @Test func identitiesLeaveWithTheirContact() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(
            ContactDraft(fullName: "Ann", phone: "+12175550134", email: "ann@example.com"))
        _ = try await kit.contacts.create(ContactDraft(fullName: "Bob", phone: "+12175550135"))
        _ = try await kit.execute("DELETE FROM contacts WHERE id = \(ann.contact.id)")
        #expect(try await kit.count("contact_identities") == 1)
        let again = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "+12175550134"))
        #expect(again.created && again.contact.id != ann.contact.id)
        _ = try await kit.execute("TRUNCATE contacts CASCADE")
        #expect(try await kit.count("contact_identities") == 0)
    }

    /// One statement of several contacts of which one has what another had before: the others keep theirs.
    @Test func whatAnotherHasLeavesTheRestOfTheStatementAlone() async throws {
        let kit = try await ContactsKit()
        _ = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "+12175550134"))
        _ = try await kit.execute(
            """
            INSERT INTO contacts (full_name, phones, emails, phone_e164) VALUES
                ('Bob', '{+12175550135}', '{bob@example.com}', '+12175550135'), ('Cid', '{+12175550134}', '{cid@example.com}', NULL)
            """)
        let owned = try await kit.count("contact_identities", where: "identifies")
        let shared = try await kit.count("contact_identities", where: "NOT identifies")
        #expect(owned == 4 && shared == 1)
    }

    /// A trigger's plan is kept, and may have been made when there was one word.
    @Test func eachWordOfANameIsLookedUpInItsPlace() async throws {
        let kit = try await ContactsKit()
        _ = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "+12175550134"))
        let plan: [String] = try await kit.database.run { connection in
            try connection.script("ANALYZE contact_words; CREATE TEMPORARY TABLE new_contacts AS TABLE contacts")
            let body: String =
                try connection.value(
                    "SELECT substring(prosrc FROM 'INSERT[^;]*') FROM pg_proc WHERE proname = 'atlas_contacts_words'")
                ?? ""
            let settings: Query = """
                SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
                    set_config('enable_mergejoin', 'off', true)
                """
            return try connection.pipeline([settings, Query(stringLiteral: "EXPLAIN " + body)])[1].map { try $0.get(0) }
        }
        #expect(plan.contains { $0.contains("Index Cond: (word = d.word)") }, "\(plan.joined(separator: "\n"))")
        #expect(!plan.contains { $0.contains("Join Filter") || $0.contains("Materialize") })
    }

    /// The row goes while somebody changes it: nothing of it stays.
    @Test func aContactThatIsDeletedWhileItChangesLeavesNoIdentity() async throws {
        let kit = try await ContactsKit()
        for round in 0..<20 {
            let draft = ContactDraft(fullName: "Ann", phone: "+1217555\(1000 + round)")
            let ann = try await kit.contacts.create(draft).contact
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    _ = try? await kit.execute(
                        "UPDATE contacts SET emails = ARRAY['a' || \(round) || '@example.com'] WHERE id = \(ann.id)")
                }
                group.addTask { _ = try? await kit.execute("DELETE FROM contacts WHERE id = \(ann.id)") }
            }
        }
        #expect(try await kit.count("contacts") == 0)
        #expect(try await kit.count("contact_identities") == 0)
    }
}
