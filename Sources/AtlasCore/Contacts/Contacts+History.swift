#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension Contacts {
    /// Writes down what passed between us and a contact. For one that was merged away, at the contact it was merged into.
    ///
    /// - Parameters:
    ///   - occurredAt: nil for now.
    ///   - idempotencyKey: at most 128 characters. A repeat with the same arguments gets the first outcome back.
    /// - Throws: `not_found`; `conflict` when the key came with other arguments before.
    public func logInteraction(
        _ contactID: UUID, type: InteractionType, summary: String, occurredAt: Date? = nil,
        idempotencyKey: String? = nil
    ) async throws -> LoggedInteraction {
        let summary = try TextLimit.summary.required(summary)
        let insert = Query.insertInteraction(
            UUID.timeOrdered(), of: contactID, type: type, summary: summary, occurredAt: occurredAt)
        func logged(_ rows: Rows) throws -> Interaction {
            guard let row = rows.first else { throw AtlasError.noContact(contactID) }
            return try Interaction(row: row)
        }

        let outcome: LoggedInteraction
        if let key = try TextLimit.idempotencyKey.optional(idempotencyKey) {
            let arguments: JSON = [
                "contact_id": .string(contactID.uuidString.lowercased()), "interaction_type": .string(type.rawValue),
                "summary": .string(summary),
                "occurred_at": occurredAt.map { .number($0.timeIntervalSince1970) } ?? .null,
            ]
            let once = OnceOnly(tool: "log_interaction", key: key, arguments: arguments)
            outcome = try await database.change { transaction in
                let (interaction, replayed) = try once.run(in: transaction) { try logged(transaction.query(insert)) }
                return LoggedInteraction(interaction: interaction, replayed: replayed)
            }
        } else {
            let interaction = try await database.write { try logged($0.query(insert)) }
            outcome = LoggedInteraction(interaction: interaction, replayed: false)
        }
        if !outcome.replayed { changed(outcome.interaction.contactID) }
        return outcome
    }

    /// What passed between us and a contact, newest first.
    ///
    /// - Throws: `not_found` when there is no such contact.
    public func interactions(
        of contactID: UUID, type: InteractionType? = nil, limit: Int = 20
    ) async throws -> [Interaction] {
        let page = try PageRange(limit: limit, offset: 0)
        let ofType: Query = type.map { " AND interaction_type = \($0.rawValue)" } ?? ""
        let found: [Interaction] = try await rows(
            of: contactID,
            """
            SELECT \(.interaction) FROM contact_interactions
            WHERE contact_id = \(contactID)\(ofType)
            ORDER BY occurred_at DESC, id LIMIT \(page.limit)
            """)
        return page.cut(found).rows
    }

    /// A contact's appointments, newest first.
    ///
    /// - Throws: `not_found` when there is no such contact.
    public func appointments(of contactID: UUID, limit: Int = 200) async throws -> [AppointmentSummary] {
        let page = try PageRange(limit: limit, offset: 0)
        let found: [AppointmentSummary] = try await rows(
            of: contactID,
            """
            SELECT \(.appointment) FROM appointments
            WHERE contact_id = \(contactID)
            ORDER BY start_time DESC, id LIMIT \(page.limit)
            """)
        return page.cut(found).rows
    }

    private func rows<R: Record & Sendable>(of contactID: UUID, _ query: Query) async throws -> [R] {
        try await database.look { connection in
            let rows = try connection.pipeline([query, "SELECT FROM contacts WHERE id = \(contactID)"])
            if rows[1].isEmpty { throw AtlasError.noContact(contactID) }
            return try rows[0].records()
        }
    }
}

extension Query {
    static let interaction: Query = "id, contact_id, interaction_type, summary, occurred_at, created_at, metadata"

    static let appointment: Query = """
        id, start_time, end_time, duration_minutes, service_type, status, customer_name, customer_phone, customer_email, \
        customer_address, calendar_event_id, business_context_id, contact_id, notes, cancelled_at, cancellation_reason, \
        created_at, updated_at
        """

    /// Writes an interaction of a contact, if there is one.
    static func insertInteraction(
        _ id: UUID, of contactID: UUID, type: InteractionType, summary: String, occurredAt: Date?
    ) -> Query {
        """
        INSERT INTO contact_interactions (id, contact_id, interaction_type, summary, occurred_at)
        SELECT \(id), CASE WHEN metadata ? 'merged_into' THEN (metadata ->> 'merged_into')::uuid ELSE c.id END,
            \(type.rawValue), \(summary), coalesce(\(occurredAt), now())
        FROM contacts c WHERE c.id = \(contactID)
        RETURNING \(.interaction)
        """
    }
}

extension Interaction: Record {
    public init(row: Row) throws {
        id = try row.get("id")
        contactID = try row.get("contact_id")
        interactionType = try row.get("interaction_type")
        summary = try row.get("summary")
        occurredAt = try row.get("occurred_at")
        createdAt = try row.get("created_at")
        metadata = try row.get("metadata", as: JSON?.self)?.object ?? [:]
    }
}

extension AppointmentSummary: Record {
    public init(row: Row) throws {
        id = try row.get("id")
        startTime = try row.get("start_time")
        endTime = try row.get("end_time")
        durationMinutes = try row.get("duration_minutes")
        serviceType = try row.get("service_type")
        status = try row.get("status")
        customerName = try row.get("customer_name")
        customerPhone = try row.get("customer_phone")
        customerEmail = try row.get("customer_email")
        customerAddress = try row.get("customer_address")
        calendarEventID = try row.get("calendar_event_id")
        businessContextID = try row.get("business_context_id")
        contactID = try row.get("contact_id")
        notes = try row.get("notes")
        cancelledAt = try row.get("cancelled_at")
        cancellationReason = try row.get("cancellation_reason")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
    }
}

extension AppointmentSummary: SizedRow {
    var octets: Int {
        let texts = [
            serviceType, status, customerName, customerPhone, customerEmail, customerAddress, calendarEventID,
            businessContextID, notes, cancellationReason,
        ]
        return texts.reduce(700) { $0 + ($1?.jsonOctets ?? 4) }
    }

    var shortened: AppointmentSummary {
        var appointment = self
        appointment.notes = notes?.cut(at: 10_000)
        appointment.customerAddress = customerAddress?.cut(at: 2_000)
        appointment.cancellationReason = cancellationReason?.cut(at: 5_000)
        return appointment
    }
}
