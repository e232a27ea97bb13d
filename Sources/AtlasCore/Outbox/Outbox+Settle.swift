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
                if case .sent = settlement, let contact = reservation.contact { changed(contact) }
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
        switch settlement {
        case .sent(let outcome, let record):
            let kept = try JSON(parsing: JSONEncoder().encode(outcome))
            let settle: Query = """
                UPDATE outbox SET status = 'sent', provider_ref = \(record.reference), outcome = \(kept), settled_at = now()
                WHERE id = \(id)
                """
            guard let contact = reservation.contact else { return [settle] }
            return [settle, .insertInteraction(record, of: contact)]
        case .failed(let error):
            return [
                "UPDATE outbox SET status = 'failed', error = \(Self.words(error)), settled_at = now() WHERE id = \(id)"
            ]
        case .unknown(let error):
            return [
                "UPDATE outbox SET status = 'unknown', error = \(error.message), settled_at = now() WHERE id = \(id)"
            ]
        }
    }

    private static func words(_ error: any Error) -> String {
        (error as? AtlasError)?.message ?? (error is CancellationError ? "cancelled" : "internal error")
    }
}

extension Query {
    /// Writes an interaction that an event outside made, unless that event is written down already.
    static func insertInteraction(_ record: DispatchRecord, of contactID: UUID) -> Query {
        """
        INSERT INTO contact_interactions (id, contact_id, interaction_type, summary, metadata, source_ref)
        SELECT \(UUID.timeOrdered()),
            CASE WHEN metadata ? 'merged_into' THEN (metadata ->> 'merged_into')::uuid ELSE c.id END,
            \(record.type.rawValue), \(record.summary), \(record.metadata), \(record.sourceRef)
        FROM contacts c WHERE c.id = \(contactID)
        ON CONFLICT (source_ref) WHERE source_ref IS NOT NULL DO NOTHING
        """
    }
}
