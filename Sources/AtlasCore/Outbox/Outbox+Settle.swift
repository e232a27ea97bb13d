#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension Outbox {
    enum Settlement<Outcome: Codable & Sendable>: Sendable {
        case sent(Outcome, DispatchRecord)
        /// Nothing left.
        case failed(any Error)
        case unknown(AtlasError)
    }

    /// Writes down what became of a dispatch, and a line in the history of the contact it went to.
    ///
    /// - Returns: false when the database takes nothing: the row goes on saying `sending`, and counts as unknown after a while.
    @discardableResult
    func settle<Outcome>(_ reservation: Reservation, _ settlement: Settlement<Outcome>) async -> Bool {
        let statements: [Query]
        do {
            statements = try self.statements(reservation, settlement)
        } catch {
            logger.error("What became of a dispatch cannot be written: \(error)")
            return false
        }
        for pause in [50, 500, 2000] {
            do {
                try await database.write { _ = try $0.pipeline(statements) }
                if case .sent(_, let record) = settlement { reached(reservation, record).forEach(changed) }
                return true
            } catch {
                logger.warning(
                    "What became of a dispatch could not be written down.",
                    metadata: ["dispatch": "\(reservation.id)", "error": "\(error)"])
                try? await Task.sleep(for: .milliseconds(pause))
            }
        }
        return false
    }

    private func statements<Outcome>(
        _ reservation: Reservation, _ settlement: Settlement<Outcome>
    ) throws -> [Query] {
        let id = reservation.id
        let row: Query
        let end: DispatchEnd
        var history: [Query] = []
        switch settlement {
        case .sent(let outcome, let record):
            let kept = try JSON(parsing: JSONEncoder().encode(outcome))
            row = """
                UPDATE outbox SET status = 'sent', provider_ref = \(record.reference), outcome = \(kept), settled_at = now(),
                    provider = coalesce(\(record.provider), provider)
                WHERE id = \(id)
                """
            end = .sent(outcome: kept)
            history = reached(reservation, record).map { .insertInteraction(record, of: $0) }
        case .failed(let error):
            let words = Self.words(error)
            row = "UPDATE outbox SET status = 'failed', error = \(words), settled_at = now() WHERE id = \(id)"
            end = .failed(words)
        case .unknown(let error):
            row = "UPDATE outbox SET status = 'unknown', error = \(error.message), settled_at = now() WHERE id = \(id)"
            end = .unknown(error.message)
        }
        return [row] + (reservation.dispatch.companion?.settling(id, end) ?? []) + history
    }

    /// In whose histories it stands.
    private func reached(_ reservation: Reservation, _ record: DispatchRecord) -> [UUID] {
        reservation.contacts.filter { !$0.recipients.allSatisfy(record.missed.contains) }.map(\.contact)
    }

    private static func words(_ error: any Error) -> String {
        (error as? AtlasError)?.message ?? (error is CancellationError ? "cancelled" : "internal error")
    }
}

extension Query {
    /// Writes an interaction that an event outside made, unless that event is written down already.
    static func insertInteraction(_ record: DispatchRecord, of contactID: UUID) -> Query {
        let contact: Query = "CASE WHEN metadata ? 'merged_into' THEN (metadata ->> 'merged_into')::uuid ELSE c.id END"
        // Behind the event the contact that has the line in the end, so that two that were merged meanwhile have one.
        let source: Query = record.sharedEvent.map { "\($0) || ':' || (\(contact))::text" } ?? "\(record.sourceRef)"
        return """
            INSERT INTO contact_interactions (id, contact_id, interaction_type, summary, metadata, source_ref)
            SELECT \(UUID.timeOrdered()), \(contact), \(record.type.rawValue), \(record.summary), \(record.metadata),
                \(source)
            FROM contacts c WHERE c.id = \(contactID)
            ON CONFLICT (source_ref) WHERE source_ref IS NOT NULL DO NOTHING
            """
    }
}
