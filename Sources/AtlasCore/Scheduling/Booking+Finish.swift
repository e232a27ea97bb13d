#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What follows a change of an appointment: the calendar, then the letter. Neither takes the change back.
///
/// A server shows an appointment only while it holds the row's claim, so that an older state never comes after a newer one. A server that
/// dies leaves a row with `due_at`, and whoever books next takes it over.
extension Booking {
    /// How far it came.
    struct Finished: Sendable {
        var row: AppointmentRow
        var calendar: CalendarState
        var letter: LetterState
        var warnings: [String] = []
        var placed: PlacedEvent?
        /// Why the calendar does not show it.
        var failure: (any Error)?

        /// As the row says it.
        init(_ row: AppointmentRow, sends: Bool) {
            self.row = row
            calendar = row.calendarState
            letter =
                if row.letter != nil { .pending } else if row.isConfirmationSent, row.isConfirmed {
                    .sent
                } else if row
                    .appointment.customerEmail == nil
                { .noAddress } else { sends ? .notSent : .notConfigured }
        }
    }

    /// The end of a claim on a row that begins now, by the database's clock; longer than the calendar and the mail may take.
    static let claimEnd: Query = "now() + interval '3 minutes'"

    /// Takes a row for `worker` alone, if nobody has it.
    static func claim(_ id: UUID, by worker: UUID, if condition: Query = "true") -> Query {
        """
        UPDATE appointments
        SET sync_worker = \(worker), sync_until = \(claimEnd), due_at = greatest(due_at, \(claimEnd))
        WHERE id = \(id) AND (sync_until IS NULL OR sync_until <= now()) AND \(condition)
        RETURNING \(.appointmentRow)
        """
    }

    /// Does what is left to do for a row that `worker` holds, whatever becomes of the caller, and a little of what others left.
    func finish(_ row: AppointmentRow, by worker: UUID, in calendarID: String? = nil) async -> Finished {
        await Task(executorPreference: database.workers) {
            let finished = await show(row, by: worker, in: calendarID)
            if finished.failure == nil { await resyncDue(limit: 2) }
            return finished
        }.value
    }

    /// Shows up to `limit` appointments whose turn it is again, and writes the letters that are still to be written.
    ///
    /// - Returns: how many the calendar shows now.
    @discardableResult
    public func resyncDue(limit: Int = 3) async -> Int {
        let worker = UUID()
        let due: Query = """
            UPDATE appointments
            SET sync_worker = \(worker), sync_until = \(Self.claimEnd), due_at = \(Self.claimEnd)
            WHERE id IN (
                SELECT a.id FROM appointments a
                WHERE a.due_at <= now() AND (a.sync_until IS NULL OR a.sync_until <= now())
                ORDER BY a.due_at, a.id LIMIT \(Int32(max(0, min(limit, 50)))) FOR UPDATE SKIP LOCKED)
            RETURNING \(.appointmentRow)
            """
        guard let rows: [AppointmentRow] = try? await database.write({ try $0.all(due) }) else { return 0 }
        var shown = 0
        for row in rows where await show(row, by: worker, in: nil).failure == nil { shown += 1 }
        return shown
    }

    // MARK: -

    private func show(_ row: AppointmentRow, by worker: UUID, in calendarID: String?) async -> Finished {
        var finished = Finished(row, sends: letters != nil)
        // Somebody may change the appointment meanwhile: then what it is now is shown, and told.
        for _ in 0..<8 {
            let revision = finished.row.revision
            do {
                try await show(&finished, by: worker, in: calendarID)
            } catch {
                finished.failure = error
                finished.calendar = .pending
                finished.warnings.append(
                    "The calendar does not show it yet; that is tried again. \(Self.reason(error))")
                await giveUp(finished.row, by: worker, error)
            }
            if finished.row.revision == revision { await tell(&finished, by: worker) }
            guard finished.row.revision != revision, finished.row.worker == worker else { break }
        }
        return finished
    }

    private func show(_ finished: inout Finished, by worker: UUID, in calendarID: String?) async throws {
        let placed = try await place(finished.row, in: calendarID)
        guard let fresh = try await keep(placed, of: finished.row, by: worker) else {
            throw AtlasError.noAppointment(finished.row.id)
        }
        finished.placed = placed
        finished.row = fresh
        finished.calendar = fresh.calendarState
    }

    private func place(_ row: AppointmentRow, in calendarID: String?) async throws -> PlacedEvent? {
        let appointment = row.appointment
        if row.isCancelled {
            try await limited { [calendar] in try await calendar.remove(appointment) }
            return nil
        }
        let target = calendarID ?? row.calendarID
        let moves = row.calendarID != nil && target != row.calendarID
        var shown = appointment
        if moves { shown.calendarEventID = nil }
        let placed = try await limited { [calendar, shown] in try await calendar.place(shown, in: target) }
        // Calendars count in seconds.
        func isSame(_ shown: Date, _ meant: Date) -> Bool { abs(shown.timeIntervalSince(meant)) < 1 }
        guard !placed.eventID.isEmpty, isSame(placed.start, appointment.startTime),
            isSame(placed.end, appointment.endTime) || appointment.endTime <= appointment.startTime
        else {
            throw AtlasError(.upstreamError, "The calendar took the event but shows it at another time.")
        }
        // One calendar shows it at a time.
        if moves, placed.calendarID != row.calendarID, placed.eventID != appointment.calendarEventID {
            try await limited { [calendar] in try await calendar.remove(appointment) }
        }
        return placed
    }

    /// Writes down what the calendar shows, if the appointment is still what was shown.
    ///
    /// - Returns: the row as it is now.
    private func keep(
        _ placed: PlacedEvent?, of row: AppointmentRow, by worker: UUID
    ) async throws -> AppointmentRow? {
        // What is too long for the column is found again by its UID.
        let eventID = placed.flatMap { $0.eventID.unicodeScalars.count <= 256 ? $0.eventID : nil }
        let update: Query = """
            UPDATE appointments
            SET calendar_event_id = \(eventID), calendar_id = \(placed?.calendarID), synced_revision = revision,
                synced_at = now(), sync_error = NULL, sync_attempts = 0,
                due_at = CASE WHEN letter IS NULL THEN NULL ELSE due_at END,
                sync_until = CASE WHEN letter IS NULL THEN NULL ELSE sync_until END
            WHERE id = \(row.id) AND revision = \(Int32(row.revision)) AND sync_worker = \(worker)
            RETURNING \(.appointmentRow)
            """
        return try await database.write { connection in
            try connection.first(update) ?? connection.first(.appointmentRow(row.id))
        }
    }

    /// Lets go of a row that could not be shown, to be tried again later and later. Should that fail, the claim ends by itself.
    private func giveUp(_ row: AppointmentRow, by worker: UUID, _ error: any Error) async {
        let reason = Self.reason(error).cutShort(at: 500)
        let update: Query = """
            UPDATE appointments
            SET sync_error = \(reason), sync_attempts = least(sync_attempts + 1, 1000),
                sync_until = CASE WHEN letter IS NULL THEN NULL ELSE sync_until END,
                due_at = now() + least(interval '6 hours', interval '1 minute' * power(2, least(sync_attempts, 20)))
            WHERE id = \(row.id) AND sync_worker = \(worker)
            """
        _ = try? await database.write { try $0.execute(update) }
    }

    /// Writes to the customer, if there is something to tell.
    private func tell(_ finished: inout Finished, by worker: UUID) async {
        let row = finished.row
        guard let occasion = row.letter else { return }
        guard row.worker == worker else { return }
        var isOver = true
        do {
            guard let letters else { throw AtlasError(.notConfigured, "No mail is set up.") }
            guard row.appointment.startTime > now() || occasion == .cancelled else {
                throw AtlasError(.conflict, "The visit has begun already.")
            }
            let letter = AppointmentLetter(
                occasion: occasion, appointment: row.appointment, previously: row.previously)
            try await letters.send(
                letter, idempotencyKey: "appointment:\(row.id.uuidString.lowercased()):\(row.revision)")
            finished.letter = .sent
        } catch let error as AtlasError where error.code == .notConfigured {
            finished.letter = .notConfigured
            // Where mail is set up, but not all that a letter needs, the operator has to be told what.
            if letters != nil { finished.warnings.append("The customer was not told by e-mail: \(Self.reason(error))") }
        } catch {
            isOver = (error as? AtlasError)?.retryable == false
            finished.letter = isOver ? .failed : .pending
            finished.warnings.append(
                "The customer could not be told by e-mail\(isOver ? "" : " yet"): \(Self.reason(error))")
        }
        let wasSent = finished.letter == .sent && occasion == .confirmed
        let update: Query = """
            UPDATE appointments
            SET letter = CASE WHEN \(isOver) THEN NULL ELSE letter END, sync_until = NULL,
                confirmation_sent = coalesce(confirmation_sent, false) OR \(wasSent),
                confirmation_sent_at = CASE WHEN \(wasSent) THEN now() ELSE confirmation_sent_at END,
                due_at = CASE
                    WHEN synced_revision IS DISTINCT FROM revision THEN due_at
                    WHEN \(isOver) THEN NULL
                    ELSE now() + interval '5 minutes'
                END
            WHERE id = \(row.id) AND revision = \(Int32(row.revision)) AND sync_worker = \(worker)
            """
        let fresh: AppointmentRow?? = try? await database.write { connection in
            if try connection.execute(update) == 1 { return nil }
            return try connection.first(.appointmentRow(row.id))
        }
        if let fresh = fresh.flatMap(\.self) { finished.row = fresh }
    }
}
