#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Booking {
    /// Shows an appointment in the calendar as it is, whoever made it, and writes down which event that is.
    ///
    /// - Parameter calendarID: nil for the one that shows it already, else the primary one.
    /// - Throws: `not_found`; `conflict` when the appointment is cancelled: its event is removed; `unavailable` while another call shows
    ///   it; what the calendar throws.
    public func sync(_ id: UUID, calendarID: String? = nil) async throws -> SyncedAppointment {
        let worker = UUID()
        let row = try await claimed(id, by: worker)
        let finished = await finish(row, by: worker, in: calendarID.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 })
        if let failure = finished.failure { throw failure }
        guard !finished.row.isCancelled else {
            throw AtlasError(
                .conflict,
                "The appointment \(id.uuidString.lowercased()) is cancelled, so the calendar does not show it: its event was removed.",
                parameter: "appointment_id")
        }
        guard let placed = finished.placed else {
            throw AtlasError(.unavailable, "The appointment is being changed. Try again in a moment.")
        }
        return SyncedAppointment(
            appointmentID: id, calendarEventID: placed.eventID, summary: placed.summary, start: placed.start,
            end: placed.end, when: time.span(from: placed.start, to: placed.end),
            status: placed.created ? .created : .updated)
    }

    /// Takes the row for `worker`, after whoever has it.
    private func claimed(_ id: UUID, by worker: UUID) async throws -> AppointmentRow {
        let end = ContinuousClock.now + patience
        while true {
            let row: AppointmentRow? = try await database.write { connection in
                try connection.first(Self.claim(id, by: worker)) ?? connection.first(.appointmentRow(id))
            }
            guard let row else { throw AtlasError.noAppointment(id) }
            if row.worker == worker { return row }
            guard ContinuousClock.now < end else {
                throw AtlasError(
                    .unavailable, "Another call is just showing the appointment in the calendar. Try again in a moment."
                )
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }
}
