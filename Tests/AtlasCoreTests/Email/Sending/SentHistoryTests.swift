import Foundation
import TestSupport
import Testing

@testable import AtlasCore

struct SentHistoryTests {
    private func subjects(
        _ desk: MailDesk, hours: Int = 24, _ template: LetterTemplate? = nil, limit: Int = 20
    ) async throws -> [String] {
        try await desk.mailer.sentHistory(hours: hours, template: template, limit: limit).emails.map(\.subject)
    }

    @Test("The history is what left, newest first, those of reference servers included")
    func history() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .accept, .fail(refusedMail), .fail(lostMail))])
        for subject in ["first", "failed", "lost"] { _ = try? await desk.send { $0.subject = subject } }
        _ = try await desk.mailer.send(
            desk.letter(subject: "proposal"), tool: "send_proposal", template: .proposal, idempotencyKey: nil)
        try await desk.contacts.execute(
            """
            INSERT INTO sent_emails (to_addresses, subject, body, sent_at, resend_message_id, template_type)
            VALUES (ARRAY['x@example.com'], 'reference', 'Body', now() - interval '1 hour', 're_1', NULL),
                (ARRAY['x@example.com'], 'estimate', 'Body', now() - interval '2 hours', 're_2', 'estimate'),
                (ARRAY['x@example.com'], 'old', 'Body', now() - interval '30 hours', 're_3', 'generic')
            """)
        #expect(try await subjects(desk) == ["proposal", "lost", "first", "reference", "estimate"])
        #expect(try await subjects(desk, hours: 48).last == "old")
        #expect(try await subjects(desk, .generic) == ["lost", "first", "reference"])
        #expect(try await subjects(desk, .estimate) == ["estimate"])
        #expect(try await subjects(desk, .proposal) == ["proposal"])
        #expect(try await subjects(desk, limit: 2) == ["proposal", "lost"])
        #expect(try await desk.mailer.sentHistory(limit: 2).hasMore)
        let emails = try await desk.mailer.sentHistory().emails
        #expect(emails.map(\.status) == ["sent", "unknown", "sent", "sent", "sent"])
        #expect(emails[0].toAddresses == ["ann@example.com"] && emails[0].accepted == ["ann@example.com"])
        #expect(emails[0].snippet == "Hello." && emails[3].templateType == "generic" && emails[3].accepted.isEmpty)
        #expect(emails[0].provider == "smtp" && emails[0].messageID?.hasSuffix("@example.com") == true)
    }

    @Test("A send that is on its way is sending, one that is too old unknown")
    func sending() async throws {
        let desk = try await MailDesk()
        try await desk.send()
        try await desk.contacts.execute("UPDATE sent_emails SET status = 'sending'")
        #expect(try await desk.mailer.sentHistory().emails.map(\.status) == ["sending"])
        try await desk.contacts.execute("UPDATE sent_emails SET sent_at = now() - interval '601 seconds'")
        #expect(try await desk.mailer.sentHistory().emails.map(\.status) == ["unknown"])
    }

    @Test("A business sees its own, and what belongs to none")
    func businesses() async throws {
        let shop = try await MailDesk(businessContextID: "shop")
        try await shop.send { $0.subject = "shop" }
        let clinic = try await MailDesk(businessContextID: "clinic", on: shop.contacts)
        try await clinic.send { $0.subject = "clinic" }
        try await shop.contacts.execute(
            "INSERT INTO sent_emails (to_addresses, subject, body) VALUES (ARRAY['x@example.com'], 'none', 'Body')")
        #expect(try await subjects(shop) == ["none", "shop"])
        #expect(try await subjects(clinic) == ["none", "clinic"])
        #expect(try await subjects(MailDesk(on: shop.contacts)) == ["none", "clinic", "shop"])
    }

    @Test("What does not fit one result is cut, and what is out of range is told")
    func limits() async throws {
        let desk = try await MailDesk()
        try await desk.contacts.execute(
            """
            INSERT INTO sent_emails (to_addresses, subject, body)
            SELECT ARRAY['x@example.com'], repeat('s', 500), repeat('b', 1000) FROM generate_series(1, 200)
            """)
        let found = try await desk.mailer.sentHistory(limit: 200)
        #expect(found.hasMore && (20..<200).contains(found.emails.count))
        #expect(try JSONEncoder().encode(found.emails).count < 64_000)
        #expect(await refusal { try await desk.mailer.sentHistory(hours: 0).hasMore } == "invalid_argument hours")
        #expect(await refusal { try await desk.mailer.sentHistory(limit: 201).hasMore } == "invalid_argument limit")
    }

    @Test("Every look at the history uses an index")
    func plans() async throws {
        let desk = try await MailDesk()
        try await desk.contacts.execute(
            """
            INSERT INTO sent_emails (to_addresses, subject, body, sent_at, template_type)
            SELECT ARRAY['x' || n || '@example.com'], 's', 'b', now() - n * interval '1 minute',
                CASE WHEN n % 100 = 0 THEN 'estimate' ELSE 'generic' END
            FROM generate_series(1, 20000) n
            """)
        try await desk.contacts.execute("ANALYZE sent_emails")
        let queries: [Query] = [
            .sentEmails(hours: 24, template: nil, businessContextID: nil, limit: 21),
            .sentEmails(hours: 24, template: .generic, businessContextID: "shop", limit: 21),
            .sentEmails(hours: 87_600, template: .estimate, businessContextID: nil, limit: 21),
            "SELECT id FROM sent_emails WHERE (to_addresses || cc_addresses || bcc_addresses) @> ARRAY['x7@example.com']",
        ]
        for query in queries {
            let plan = try await desk.contacts.database.run {
                try $0.query("EXPLAIN \(query)").map { try $0.get(0, as: String.self) }.joined(separator: "\n")
            }
            #expect(!plan.contains("Seq Scan") && plan.contains("Index"), "\(plan)")
        }
    }

    @Test("Rows that are there before the migration count as sent, and a second run changes nothing")
    func migration() async throws {
        let desk = try await MailDesk()
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../../migrations/045_sent_emails.sql").standardizedFileURL
        let sql = try String(contentsOf: file, encoding: .utf8)
        try await desk.contacts.database.run { database in
            try database.script(
                """
                ALTER TABLE sent_emails DROP COLUMN status, DROP COLUMN message_id, DROP COLUMN provider,
                    DROP COLUMN from_address, DROP COLUMN bcc_addresses, DROP COLUMN reply_to, DROP COLUMN in_reply_to,
                    DROP COLUMN accepted, DROP COLUMN rejected, DROP COLUMN error, DROP COLUMN business_context_id,
                    DROP COLUMN settled_at;
                INSERT INTO sent_emails (to_addresses, subject, body) VALUES (ARRAY['x@example.com'], 's', 'b')
                """)
            for _ in 0..<2 { try database.script("BEGIN;\(sql);COMMIT") }
        }
        #expect(try await desk.rows("status || bcc_addresses::text") == ["sent{}"])
    }
}
