import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct AppointmentSchemaTests {
    private static let migrations = Migration.embedded()

    @Test func rowsThatOverlapAlreadyStayAndStillKeepOthersAway() async throws {
        let database = try await TestDatabase().open()
        func insert(_ start: String, _ end: String, _ status: String = "confirmed") async throws {
            try await database.run {
                _ = try $0.execute(
                    """
                    INSERT INTO appointments (start_time, end_time, service_type, customer_name, customer_phone,
                        business_context_id, status)
                    VALUES (\(start)::text::timestamptz, \(end)::text::timestamptz, 's', 'n', '1', '', \(status))
                    """)
            }
        }
        try await database.run { connection in
            for migration in Self.migrations where migration.name < "046" { try connection.script(migration.sql) }
        }
        // A long one over two short ones, one that touches, one that ends before it begins, one that is cancelled.
        try await insert("2026-01-05 09:00Z", "2026-01-05 12:00Z")
        try await insert("2026-01-05 09:30Z", "2026-01-05 10:00Z")
        try await insert("2026-01-05 11:00Z", "2026-01-05 11:30Z")
        try await insert("2026-01-05 12:00Z", "2026-01-05 13:00Z")
        try await insert("2026-01-05 10:00Z", "2026-01-05 09:00Z")
        try await insert("2026-01-05 12:15Z", "2026-01-05 12:45Z", "cancelled")
        for _ in 0..<2 {
            try await database.run { connection in
                for migration in Self.migrations where migration.name >= "047" { try connection.script(migration.sql) }
            }
        }
        func count(_ condition: Query) async throws -> Int? {
            try await database.run { try $0.value("SELECT count(*) FROM appointments WHERE \(condition)") }
        }
        #expect(try await count("true") == 6)
        #expect(try await count("old_overlap IS NOT NULL") == 3)
        #expect(try await count("updated_at <> created_at") == 0)

        for (start, end) in [("10:15", "10:45"), ("09:45", "09:50"), ("12:30", "12:31")] {
            await #expect(throws: DatabaseError.self) {
                try await insert("2026-01-05 \(start)Z", "2026-01-05 \(end)Z")
            }
        }
        try await insert("2026-01-05 10:15Z", "2026-01-05 10:45Z", "cancelled")
        try await insert("2026-01-05 13:00Z", "2026-01-05 14:00Z")
        // Who moves gives up the right.
        await #expect(throws: DatabaseError.self) {
            try await database.run {
                _ = try $0.execute(
                    "UPDATE appointments SET start_time = start_time + interval '1 minute' WHERE end_time = '2026-01-05 10:00Z'"
                )
            }
        }
        // What does not move it leaves it alone.
        try await database.run { _ = try $0.execute("UPDATE appointments SET reminder_sent = true") }
        #expect(try await count("old_overlap IS NOT NULL") == 3)
    }

    @Test func businessesAndResourcesAreApart() async throws {
        let kit = try await ContactsKit()
        func insert(_ context: String, _ resource: String) async throws {
            try await kit.execute(
                """
                INSERT INTO appointments (start_time, end_time, service_type, customer_name, customer_phone,
                    business_context_id, resource)
                VALUES ('2026-01-05 09:00Z', '2026-01-05 10:00Z', 's', 'n', '1', \(context), \(resource))
                """)
        }
        try await insert("a", "")
        try await insert("b", "")
        try await insert("a", "crew 2")
        do {
            try await insert("a", "crew 2")
            Issue.record("it overlaps")
        } catch let error as DatabaseError {
            #expect(error.kind == .constraint(.exclusion, name: "appointments_apart"))
        }
    }

    @Test func anotherProgramsChangeMakesANewRevisionThatIsShown() async throws {
        let kit = try await BookingKit()
        let id = try await kit.book().appointment.id
        try await kit.kit.execute("UPDATE appointments SET status = 'cancelled', cancelled_at = now() WHERE id = \(id)")
        #expect(try await kit.kit.count("appointments", where: "revision = 2 AND due_at IS NOT NULL") == 1)
        #expect(await kit.booking.resyncDue() == 1)
        #expect(kit.calendar.events(of: id).isEmpty)
        #expect(try await kit.kit.count("appointments", where: "due_at IS NULL AND synced_revision = 2") == 1)
    }

    @Test func everyLookUsesAnIndex() async throws {
        let kit = try await BookingKit()
        try await kit.kit.execute(
            """
            INSERT INTO appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id)
            SELECT t, t + interval '1 hour', 's', 'n', '1', ''
            FROM generate_series(timestamptz '2024-01-01Z', '2026-12-31Z', '1 hour') t
            """)
        try await kit.kit.execute("ANALYZE appointments")
        let number = try #require(PhoneNumber.normalize("2175550134", region: "US"))
        let range = try kit.moment("2026-11-24T09:00")..<kit.moment("2026-11-24T10:00")
        let lookup = CustomerLookup(contacts: kit.kit.contacts, time: kit.time)
        let queries: [Query] = [
            .appointments("start_time", in: range, of: "", ""), .appointments("start_time", in: range, of: "", nil),
            .appointments(ofPhone: number, "status = 'confirmed'", in: nil), .appointmentRow(UUID()),
            Booking.claim(UUID(), by: UUID()),
            try #require(lookup.appointments(phone: nil, name: "ann")),
            "SELECT a.id FROM appointments a WHERE a.due_at <= now() ORDER BY a.due_at, a.id LIMIT 3",
            "SELECT id FROM appointments WHERE contact_id = \(UUID()) ORDER BY start_time DESC, id LIMIT 20",
        ]
        let plans = try await kit.kit.database.transaction { transaction in
            try transaction.execute("SET LOCAL enable_seqscan = off")
            return try queries.map { query in
                try transaction.query("EXPLAIN \(query)").map { try $0.get(0, as: String.self) }.joined(separator: "\n")
            }
        }
        for plan in plans { #expect(!plan.contains("Seq Scan"), "\(plan)") }
        for plan in plans.prefix(2) { #expect(plan.contains("appointments_apart"), "\(plan)") }
    }
}
