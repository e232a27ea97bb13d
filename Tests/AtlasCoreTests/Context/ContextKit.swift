import Foundation
import JSON
import TestSupport

@testable import AtlasCore

/// A customer with a history, and what asks for it on one connection.
struct ContextKit: Sendable {
    let kit: ContactsKit
    /// Has one connection, so that its exchanges are all there are.
    let database: Database
    let customers: CustomerContexts

    static let time = BusinessTime(zone: try! BusinessZone(named: "America/Chicago"))

    init(businessContextID: String? = nil, inbox: Inbox? = nil, patience: Duration = .seconds(3)) async throws {
        kit = try await ContactsKit(businessContextID: businessContextID)
        var options = DatabaseOptions()
        options.maximumConnections = 1
        database = kit.base.open(options)
        let contacts = Contacts(database: database, businessContextID: businessContextID)
        var customers = CustomerContexts(contacts: contacts, inbox: inbox, time: Self.time)
        customers.patience = patience
        self.customers = customers
    }

    func maria() async throws -> Contact {
        try await kit.contacts.create(
            ContactDraft(fullName: "Maria Gonzalez", phone: "217-555-0134", email: "maria@example.com")
        ).contact
    }

    func context(
        _ key: CustomerKey, limits: ContextLimits? = nil, detail: ContextDetail = .concise
    ) async throws -> CustomerContext {
        let limits = try limits ?? ContextLimits()
        return try await MailKit.run { try await customers.context(of: key, limits: limits, detail: detail) }
    }

    /// `count` of each kind, one an hour going back from now, and an appointment on each day around today.
    func fill(_ id: UUID, count: Int, text: String = "Asked about the next visit") async throws {
        let id = id.uuidString
        try await kit.database.run { connection -> Void in
            _ = try connection.pipeline([
                """
                INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at)
                SELECT \(id)::uuid, 'note', \(text) || ' ' || n, now() - make_interval(hours => n)
                FROM generate_series(1, \(Int32(count))) n
                """,
                """
                INSERT INTO appointments (contact_id, start_time, end_time, service_type, customer_name, customer_phone,
                    business_context_id, notes)
                SELECT \(id)::uuid, now() + make_interval(days => n - \(Int32(count)) + 3),
                    now() + make_interval(days => n - \(Int32(count)) + 3, hours => 2), 'deep clean ' || n, 'Maria', '', '',
                    \(text)
                FROM generate_series(1, \(Int32(count))) n
                """,
                """
                INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id, transcript,
                    summary, status, created_at, direction)
                SELECT 'CA' || n, '', '', '', \(id)::uuid, repeat(\(text), 400), \(text) || ' ' || n, 'ready',
                    now() - make_interval(hours => n), 'inbound'
                FROM generate_series(1, \(Int32(count))) n
                """,
                """
                INSERT INTO sent_emails (to_addresses, cc_addresses, subject, body, sent_at)
                SELECT CASE WHEN n % 2 = 0 THEN ARRAY['maria@example.com'] ELSE ARRAY['x@example.com'] END,
                    CASE WHEN n % 2 = 0 THEN NULL ELSE ARRAY['maria@example.com'] END,
                    'Estimate ' || n, \(text), now() - make_interval(hours => n)
                FROM generate_series(1, \(Int32(count))) n
                """,
            ])
        }
    }

    func exchanges(_ body: () async throws -> Void) async throws -> Int {
        let before = try await database.run { $0.exchanges }
        try await body()
        return try await database.run { $0.exchanges } - before
    }
}
