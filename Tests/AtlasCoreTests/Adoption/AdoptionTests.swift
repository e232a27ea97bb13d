import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// A database that other programs filled for years: the ten thousand contacts of Tests/Fixtures/messy_contacts.sql.
@Suite struct AdoptionTests {
    private static let migrations = Migration.embedded()

    /// The tables as the reference system has them, filled.
    private func messy() async throws -> Database {
        let database = try await TestDatabase().open()
        let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
            path: "../../Fixtures/messy_contacts.sql")
        let rows = try String(contentsOf: fixture.standardizedFileURL, encoding: .utf8)
        try await database.run { connection in
            for migration in Self.migrations where migration.name < "037" { try connection.script(migration.sql) }
            try connection.script("BEGIN;\n" + rows + "\n;COMMIT")
        }
        return database
    }

    private func migrate(_ database: Database) async throws {
        try await database.run { try Migrator(logger: .silent).migrate($0) }
    }

    private func value<T: PostgresDecodable & Sendable>(_ database: Database, _ query: Query, as type: T.Type = T.self)
        async throws -> T?
    {
        try await database.run { try $0.value(query, as: type) }
    }

    /// Rows that a rule of the schema does not hold for.
    private let breaches: [(rule: String, query: Query)] = [
        (
            "the sums are exact",
            """
            SELECT count(*) FROM
                (SELECT coalesce(business_context_id, '') AS a, status AS b, contact_type AS c, count(*) AS n
                    FROM contacts GROUP BY 1, 2, 3) x
                FULL JOIN (SELECT business_context_id AS a, status AS b, contact_type AS c, sum(count) AS n
                    FROM contact_counts GROUP BY 1, 2, 3 HAVING sum(count) <> 0) y USING (a, b, c)
            WHERE x.n IS DISTINCT FROM y.n
            """
        ),
        (
            "who has a phone_e164 is identified by it",
            """
            SELECT count(*) FROM contacts c WHERE phone_e164 IS NOT NULL AND NOT EXISTS (
                SELECT FROM contact_identities i
                WHERE i.contact_id = c.id AND i.kind = 'phone' AND i.value = c.phone_e164
                    AND i.identifies AND i.business_context_id = coalesce(c.business_context_id, ''))
            """
        ),
        (
            "who has an email_normalized is identified by it",
            """
            SELECT count(*) FROM contacts c WHERE email_normalized IS NOT NULL AND NOT EXISTS (
                SELECT FROM contact_identities i
                WHERE i.contact_id = c.id AND i.kind = 'email' AND i.value = c.email_normalized
                    AND i.identifies AND i.business_context_id = coalesce(c.business_context_id, ''))
            """
        ),
        (
            "nobody is identified by what is not in the lists",
            """
            SELECT count(*) FROM contact_identities i JOIN contacts c ON c.id = i.contact_id
            WHERE i.business_context_id <> coalesce(c.business_context_id, '') OR c.metadata ? 'merged_into'
                OR i.identifies AND NOT i.value = ANY (c.phones || c.emails)
            """
        ),
        (
            "two people of a business have no phone in common",
            """
            SELECT count(*) FROM (SELECT FROM contacts WHERE phone_e164 IS NOT NULL
                GROUP BY coalesce(business_context_id, ''), phone_e164 HAVING count(*) > 1) x
            """
        ),
    ]

    private func expectNoBreach(_ database: Database, _ location: SourceLocation = #_sourceLocation) async throws {
        for (rule, query) in breaches {
            #expect(try await value(database, query, as: Int.self) == 0, "\(rule)", sourceLocation: location)
        }
    }

    @Test func nothingLosesItsContact() async throws {
        let database = try await messy()
        // Whose each row was, and what it said.
        try await database.run { connection in
            try connection.script(
                """
                CREATE TABLE before AS
                    SELECT id, full_name, status, lower(btrim(email)) AS email, notes, address, updated_at
                    FROM contacts;
                CREATE TABLE children AS
                    SELECT id, contact_id FROM contact_interactions
                    UNION ALL SELECT id, contact_id FROM appointments
                    UNION ALL SELECT id, contact_id FROM call_transcripts WHERE contact_id IS NOT NULL;
                """)
        }
        try await migrate(database)
        try await expectNoBreach(database)
        #expect(try await value(database, "SELECT count(*) FROM contacts", as: Int.self) == 10_000)
        let merged = try await value(
            database, "SELECT count(*) FROM contacts WHERE metadata ? 'merged_into'", as: Int.self)
        #expect(try #require(merged) > 700)

        // Every child still has a contact: the one it had, or the one that was merged into.
        let strayed: Query = """
            SELECT count(*) FROM children o
            LEFT JOIN (SELECT id, contact_id FROM contact_interactions
                UNION ALL SELECT id, contact_id FROM appointments
                UNION ALL SELECT id, contact_id FROM call_transcripts) n USING (id)
            JOIN contacts c ON c.id = o.contact_id
            WHERE n.contact_id IS DISTINCT FROM coalesce((c.metadata ->> 'merged_into')::uuid, c.id)
            """
        #expect(try await value(database, strayed, as: Int.self) == 0)

        // Nothing that a merged contact said is gone.
        let forgotten: Query = """
            SELECT count(*) FROM before b JOIN contacts m USING (id)
            JOIN contacts k ON k.id = (m.metadata ->> 'merged_into')::uuid
            WHERE (b.full_name <> k.full_name AND NOT k.metadata -> 'also_known_as'
                    @> jsonb_build_array(jsonb_build_object('field', 'full_name', 'value', b.full_name)))
                OR (b.address <> k.address AND NOT k.metadata -> 'also_known_as'
                    @> jsonb_build_array(jsonb_build_object('field', 'address', 'value', b.address)))
                OR (b.notes <> '' AND position(b.notes IN coalesce(k.notes, '')) = 0)
                OR (b.email <> '' AND NOT b.email = ANY (k.emails))
                OR (k.status = 'archived' AND b.status <> 'archived') OR k.metadata ? 'merged_into'
            """
        #expect(try await value(database, forgotten, as: Int.self) == 0)

        // Who was not touched is as it was; the active one wins over the archived one.
        let touched: Query = """
            SELECT count(*) FROM contacts c JOIN before b USING (id)
            WHERE c.updated_at <> b.updated_at AND NOT c.metadata ? 'merged_into'
                AND NOT EXISTS (SELECT FROM contacts m WHERE m.metadata ->> 'merged_into' = c.id::text)
            """
        #expect(try await value(database, touched, as: Int.self) == 0)
        await database.close()
    }

    @Test func runTwiceNothingChanges() async throws {
        let database = try await messy()
        try await migrate(database)
        let state: Query = """
            SELECT md5(concat(
                (SELECT string_agg(c::text, '|' ORDER BY id) FROM contacts c),
                (SELECT string_agg(i::text, '|' ORDER BY contact_id, kind, value) FROM contact_identities i),
                (SELECT string_agg(i::text, '|' ORDER BY id) FROM contact_interactions i),
                (SELECT string_agg(i::text, '|' ORDER BY id) FROM appointments i),
                (SELECT string_agg(i::text, '|' ORDER BY id) FROM call_transcripts i),
                (SELECT string_agg(i::text, '|' ORDER BY i::text) FROM contact_counts i)))
            """
        let first = try await value(database, state, as: String.self)
        try await database.run { connection in
            for migration in Self.migrations { try connection.script("BEGIN;\n" + migration.sql + "\n;COMMIT") }
        }
        #expect(try await value(database, state, as: String.self) == first)
        await database.close()
    }

    @Test func peopleOfOneEmailAndTwoPhonesStayTwo() async throws {
        let database = try await messy()
        try await migrate(database)
        let families: Query = """
            SELECT count(*) FROM contacts c WHERE c.email LIKE 'family%' AND c.email_normalized IS NULL
                AND NOT c.metadata ? 'merged_into' AND NOT c.metadata ? 'possible_duplicates'
            """
        #expect(try await value(database, families, as: Int.self) == 0)
        let found: Query =
            "SELECT count(DISTINCT contact_id) FROM contact_identities WHERE value = 'family5@example.org'"
        #expect(try #require(try await value(database, found, as: Int.self)) > 1)
        await database.close()
    }

    @Test func writersOfTheReferenceGoOn() async throws {
        let database = try await messy()
        try await migrate(database)
        try await database.run { connection in
            // Several rows, the same phone among them and one that an adopted contact has.
            try connection.script(
                """
                INSERT INTO contacts (full_name, phone, email, business_context_id) VALUES
                    ('New', '(987) 555-0100', 'New@Example.org', 'effingham_maids'),
                    ('Newer', '987.555.0100', 'new@example.org', 'effingham_maids'),
                    ('Odd', 'n/a', '', NULL), (repeat('n', 256), repeat('9', 32), repeat('e', 250) || '@x.org', NULL);
                INSERT INTO contacts (full_name, phone, business_context_id)
                    SELECT 'Again', phone, business_context_id FROM contacts WHERE phone_e164 IS NOT NULL LIMIT 500;
                UPDATE contacts SET phone = '9875550100' WHERE full_name = 'Again';
                UPDATE contacts SET business_context_id = 'elsewhere', updated_at = now() WHERE full_name LIKE 'John%';
                UPDATE contacts SET status = 'archived' WHERE full_name LIKE 'Mary%';
                DELETE FROM contacts WHERE full_name LIKE 'Wei%';
                """)
        }
        try await expectNoBreach(database)
        let owner: Query = """
            SELECT full_name FROM contact_identities i JOIN contacts c ON c.id = i.contact_id
            WHERE i.business_context_id = 'effingham_maids' AND i.value = '+19875550100' AND i.identifies
            """
        #expect(try await value(database, owner, as: String.self) == "New")
        // All that share it are found by it.
        let found: Query =
            "SELECT count(*) FROM contact_identities WHERE kind = 'phone' AND right(value, 10) = '9875550100'"
        #expect(try #require(try await value(database, found, as: Int.self)) >= 500)
        await database.close()
    }

    @Test func writersAtOnceLeaveTheSumsExact() async throws {
        let database = try await messy()
        try await migrate(database)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for round in 0..<25 {
                        let phone = "217555\(3000 + round)"
                        let other = "217555\(3000 + (round + writer) % 25)"
                        let status = round % 3 == 0 ? "inactive" : "active"
                        try await database.run { connection in
                            try connection.execute(
                                """
                                INSERT INTO contacts (full_name, phone, business_context_id, status)
                                VALUES ('W', \(phone), 'effingham_maids', \(status))
                                """)
                            try connection.execute(
                                """
                                UPDATE contacts SET status = 'archived'
                                WHERE full_name = 'W' AND phone = \(other)
                                """)
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        try await expectNoBreach(database)
        #expect(try await value(database, "SELECT count(*) FROM contacts WHERE full_name = 'W'", as: Int.self) == 200)
        await database.close()
    }
}
