#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Thrown where the appointment is not what it was when it was looked at.
struct AppointmentMoved: Error {}

/// What is kept of a change under its key.
struct ChangedOnce: Codable, Sendable {
    var appointmentID: UUID
    var previousWhen: String?
    var changed: Bool
    var warnings: [String] = []
}

struct MadeChange: Sendable {
    var kept: ChangedOnce
    /// Nil when an earlier call made it.
    var row: AppointmentRow?
    var replayed: Bool

    /// Makes a change under its key, if it has one.
    static func make(
        in transaction: Transaction, once: OnceOnly?, _ body: (_ isLast: Bool) throws -> (ChangedOnce, AppointmentRow)
    ) throws -> MadeChange {
        guard let once else {
            let (kept, row) = try body(true)
            return MadeChange(kept: kept, row: row, replayed: false)
        }
        var made: AppointmentRow?
        let (kept, replayed) = try once.run(in: transaction) {
            let (kept, row) = try body(false)
            made = row
            return kept
        }
        return MadeChange(kept: kept, row: made, replayed: replayed)
    }
}

/// An appointment moved, inside a transaction.
struct AppointmentMove: Sendable {
    let row: AppointmentRow
    let slot: Range<Date>
    let reason: String?
    let booking: Booking
    let worker = UUID()

    /// - Throws: ``BookingClash``; ``AppointmentMoved``.
    func run(in transaction: Transaction, once: OnceOnly?) throws -> MadeChange {
        do {
            return try MadeChange.make(in: transaction, once: once) { try write(in: transaction, isLast: $0) }
        } catch let error as DatabaseError where error.constraintName == "appointments_apart" {
            throw BookingClash()
        }
    }

    private func write(in transaction: Transaction, isLast: Bool) throws -> (ChangedOnce, AppointmentRow) {
        let context = row.appointment.businessContextID
        let found = try transaction.pipeline([
            .lockBookings(of: context, row.resource),
            "\(.appointmentRow(row.id)) FOR UPDATE",
            .appointments("id", in: booking.margin(of: slot), of: context, row.resource, except: row.id),
        ])
        guard let locked = try found[1].first.map(AppointmentRow.init(row:)) else {
            throw AtlasError.noAppointment(row.id)
        }
        guard locked.revision == row.revision else { throw AppointmentMoved() }
        let before = booking.time.span(from: row.appointment.startTime, to: row.appointment.endTime)
        if slot == locked.span {
            return try (
                ChangedOnce(appointmentID: row.id, previousWhen: nil, changed: false), end(locked, transaction, isLast)
            )
        }
        guard found[2].isEmpty else { throw BookingClash() }

        var moved = locked.appointment
        moved.startTime = slot.lowerBound
        moved.endTime = slot.upperBound
        let history = AppointmentHistory(
            kind: .rescheduled, appointment: moved, revision: locked.revision + 1, previously: locked.span,
            reason: reason, time: booking.time)
        let minutes = Int32(slot.upperBound.timeIntervalSince(slot.lowerBound) / 60)
        let update = booking.update(
            """
            start_time = \(slot.lowerBound), end_time = \(slot.upperBound), duration_minutes = \(minutes),
            reminder_sent = false, reminder_sent_at = NULL
            """, of: locked, .moved, by: worker)
        let statements = [update] + history.statements
        let rows = try isLast ? transaction.commit(with: statements) : transaction.pipeline(statements)
        guard var written = try rows[0].first.map(AppointmentRow.init(row:)) else { throw AppointmentMoved() }
        written.previously = locked.span
        return (ChangedOnce(appointmentID: row.id, previousWhen: before, changed: true), written)
    }

    private func end(_ row: AppointmentRow, _ transaction: Transaction, _ isLast: Bool) throws -> AppointmentRow {
        if isLast { try transaction.commit() }
        return row
    }
}

/// An appointment called off, inside a transaction.
struct AppointmentCancellation: Sendable {
    let id: UUID
    let reason: String?
    let booking: Booking
    let worker = UUID()

    func run(in transaction: Transaction, once: OnceOnly?) throws -> MadeChange {
        try MadeChange.make(in: transaction, once: once) { try write(in: transaction, isLast: $0) }
    }

    private func write(in transaction: Transaction, isLast: Bool) throws -> (ChangedOnce, AppointmentRow) {
        guard let row = try transaction.pipeline(["\(.appointmentRow(id)) FOR UPDATE"])[0].first else {
            throw AtlasError.noAppointment(id)
        }
        let locked = try AppointmentRow(row: row)
        if locked.isCancelled { return try repeated(locked, transaction, isLast) }
        try check(locked)
        let history = AppointmentHistory(
            kind: .cancelled, appointment: locked.appointment, revision: locked.revision + 1, previously: locked.span,
            reason: reason, time: booking.time)
        let update = booking.update(
            "status = 'cancelled', cancelled_at = now(), cancellation_reason = \(reason)", of: locked, .cancelled,
            by: worker)
        let statements = [update] + history.statements
        let rows = try isLast ? transaction.commit(with: statements) : transaction.pipeline(statements)
        guard var written = try rows[0].first.map(AppointmentRow.init(row:)) else {
            throw AtlasError.noAppointment(id)
        }
        written.previously = locked.span
        let when = booking.time.span(from: locked.appointment.startTime, to: locked.appointment.endTime)
        return (ChangedOnce(appointmentID: id, previousWhen: when, changed: true), written)
    }

    /// Says that it is so already, and takes the event away if that is still to be done.
    private func repeated(
        _ locked: AppointmentRow, _ transaction: Transaction, _ isLast: Bool
    ) throws -> (ChangedOnce, AppointmentRow) {
        let claim = Booking.claim(id, by: worker, if: "due_at IS NOT NULL")
        let rows = try isLast ? transaction.commit(with: [claim]) : transaction.pipeline([claim])
        let kept = ChangedOnce(
            appointmentID: id, changed: false, warnings: ["The appointment was cancelled already; nothing was changed."]
        )
        return (kept, try rows[0].first.map(AppointmentRow.init(row:)) ?? locked)
    }

    private func check(_ row: AppointmentRow) throws(AtlasError) {
        let name = id.uuidString.lowercased()
        guard row.isConfirmed else {
            throw AtlasError(
                .conflict,
                "The appointment \(name) is \(row.appointment.status.replacing("_", with: " ")), so it cannot be cancelled.",
                parameter: "appointment_id")
        }
        guard max(row.appointment.startTime, row.appointment.endTime) > booking.now() else {
            throw AtlasError(
                .conflict, "The appointment \(name) is over, so it cannot be cancelled.", parameter: "appointment_id")
        }
    }
}

extension Booking {
    /// Changes a row that the transaction has locked, and claims it for what follows, unless somebody is at it: who then sees that it
    /// has changed.
    fileprivate func update(
        _ columns: Query, of row: AppointmentRow, _ occasion: AppointmentLetter.Occasion, by worker: UUID
    ) -> Query {
        let letter = letters == nil || row.appointment.customerEmail == nil ? nil : occasion
        let isFree: Query = "(sync_until IS NULL OR sync_until <= now())"
        return """
            UPDATE appointments
            SET \(columns), updated_at = now(), letter = \(letter?.rawValue), due_at = \(Self.claimEnd),
                sync_worker = CASE WHEN \(isFree) THEN \(worker) ELSE sync_worker END,
                sync_until = CASE WHEN \(isFree) THEN \(Self.claimEnd) ELSE sync_until END
            WHERE id = \(row.id)
            RETURNING \(.appointmentRow)
            """
    }
}
