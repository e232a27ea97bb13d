#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Booking {
    /// Books a visit, once: the contact, the appointment, a line of its history and one of the contact's come in one transaction. Then
    /// the calendar shows it and the customer is written to.
    ///
    /// Two exchanges with the database for the booking itself, which may not overlap another one, whoever else books at the moment.
    ///
    /// - Throws: `invalid_argument` that names all that is wrong; `conflict` that offers other times when the time is taken, or names the
    ///   appointment that this very customer has then.
    public func book(_ wish: BookingWish, idempotencyKey: String?) async throws -> BookedAppointment {
        let once = try TextLimit.idempotencyKey.optional(idempotencyKey).map {
            OnceOnly(tool: "book_appointment", key: $0, arguments: wish.arguments)
        }
        // What a wish means depends on the day; whether it was granted does not.
        if let once, let kept: BookedOnce = try await once.earlier(on: database) { return try await answer(to: kept) }

        let request = try BookingRequest(wish, self)
        let calendar = try await taken(byCalendar: request.slot)
        if calendar.isTaken {
            // What is there may be the visit of a twin of this call, which was quicker.
            if let once, let kept: BookedOnce = try await once.earlier(on: database) {
                return try await answer(to: kept)
            }
            throw try await conflict(request)
        }
        let attempt = BookingAttempt(request, self)
        let made: (kept: BookedOnce, row: AppointmentRow?, replayed: Bool)
        do {
            made = try await database.change { try attempt.run(in: $0, once: once) }
        } catch is BookingClash {
            throw try await conflict(request)
        }
        guard !made.replayed, let row = made.row else { return try await answer(to: made.kept) }
        contacts.changed(made.kept.contactID)
        return answer(made.kept, await finish(row, by: attempt.worker), warnings: calendar.warnings, replayed: false)
    }

    /// Says again what a key's first call did, and does what that one left undone.
    private func answer(to kept: BookedOnce) async throws -> BookedAppointment {
        answer(kept, try await resumed(kept.appointmentID), warnings: [], replayed: true)
    }

    private func answer(
        _ kept: BookedOnce, _ finished: Finished, warnings: [String], replayed: Bool
    ) -> BookedAppointment {
        BookedAppointment(
            appointment: finished.row.appointment.shown(in: time), contactID: kept.contactID,
            contactCreated: kept.contactCreated, conflicts: kept.conflicts, calendar: finished.calendar,
            confirmation: finished.letter, warnings: kept.warnings + warnings + finished.warnings, replayed: replayed)
    }

    /// Why a booking is refused: the customer has that appointment already, or it is somebody else's time.
    private func conflict(_ request: BookingRequest) async throws -> AtlasError {
        let own: UUID? = try await database.look { connection in
            guard let number = request.phone.number else { return nil }
            let then: Query = "status = 'confirmed' AND start_time = \(request.slot.lowerBound)"
            return try connection.value(
                "\(.appointments(ofPhone: number, then, in: contacts.businessContextID)) LIMIT 1")
        }
        guard let own else { return try await taken(request.slot, resource: request.resource) }
        return AtlasError(
            .conflict,
            "This customer has that appointment already: \(own.uuidString.lowercased()), "
                + "\(time.span(from: request.slot.lowerBound, to: request.slot.upperBound)). Nothing was booked.",
            parameter: "time")
    }

    /// Whether the calendar has something then. One that fails forbids nothing.
    func taken(
        byCalendar slot: Range<Date>, except row: AppointmentRow? = nil
    ) async throws -> (isTaken: Bool, warnings: [String]) {
        let margin = margin(of: slot)
        do {
            let busy = try await limited { [calendar] in
                try await calendar.busy(in: margin, except: row?.id)
            }
            return (busy.contains { $0.overlaps(margin) && !$0.isEmpty }, [])
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return (false, ["The calendar could not be asked whether the time is free: \(Self.reason(error))"])
        }
    }

    /// That a time is taken, and when it is not.
    func taken(_ slot: Range<Date>, resource: String, except row: AppointmentRow? = nil) async throws -> AtlasError {
        let minutes = Int(slot.upperBound.timeIntervalSince(slot.lowerBound) / 60)
        let free = try await nextFree(after: slot.lowerBound, minutes: minutes, resource: resource, except: row)
        let offer =
            free.isEmpty ? "Look for another one with check_availability." : "Free: \(free.joined(separator: "; "))."
        return AtlasError(
            .conflict, "\(time.span(from: slot.lowerBound, to: slot.upperBound)) is taken. \(offer)", parameter: "time")
    }
}

/// What is kept of a booking under its key.
struct BookedOnce: Codable, Sendable {
    var appointmentID: UUID
    var contactID: UUID
    var contactCreated: Bool
    var conflicts: [FieldConflict]
    var warnings: [String]
}

/// Thrown where a time is taken.
struct BookingClash: Error {}

extension AtlasError {
    static func noAppointment(_ id: UUID) -> AtlasError {
        AtlasError(
            .notFound, "No appointment has the id \(id.uuidString.lowercased()). Find it with lookup_customer first.",
            parameter: "appointment_id")
    }
}
