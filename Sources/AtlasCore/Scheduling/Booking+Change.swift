#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

import JSON

/// Appointments moved and called off. History is kept: what was, why it changed, and when.
extension Booking {
    /// Moves an appointment that has not begun, under the same rules as a new one.
    ///
    /// - Throws: `not_found`; `invalid_argument`; `conflict` when the time is taken, or the appointment is cancelled or over.
    public func reschedule(
        _ reference: AppointmentReference, date: String, time text: String, reason: String? = nil,
        idempotencyKey: String? = nil
    ) async throws -> ChangedAppointment {
        let reason = try TextLimit.reason.optional(reason)
        let arguments: JSON = [
            "appointment": reference.argument, "date": .string(date.trimmed), "time": .string(text.trimmed),
            "reason": reason.map(JSON.string) ?? .null,
        ]
        return try await once("reschedule_appointment", arguments, idempotencyKey) { once in
            let row = try await self.row(reference)
            try Self.checkMovable(row, now: now(), time: self.time)
            let seconds = row.appointment.endTime.timeIntervalSince(row.appointment.startTime)
            let minutes = seconds >= 60 ? Int(min(seconds, 86400) / 60) : row.appointment.durationMinutes
            let slot = try slot(date: date, time: text, minutes: max(1, min(minutes, 1440)))
            let taken = try await taken(byCalendar: slot, except: row)
            if taken.isTaken, slot != row.span { throw try await self.taken(slot, resource: row.resource, except: row) }
            let change = AppointmentMove(row: row, slot: slot, reason: reason, booking: self)
            do {
                let made = try await database.change { try change.run(in: $0, once: once) }
                return (made, change.worker, taken.warnings)
            } catch is BookingClash {
                throw try await self.taken(slot, resource: row.resource, except: row)
            }
        }
    }

    /// Calls an appointment off. Doing it again changes nothing.
    ///
    /// - Throws: `not_found`; `conflict` when the appointment is over.
    public func cancel(
        _ reference: AppointmentReference, reason: String? = nil, idempotencyKey: String? = nil
    ) async throws -> ChangedAppointment {
        let reason = try TextLimit.reason.optional(reason)
        let arguments: JSON = ["appointment": reference.argument, "reason": reason.map(JSON.string) ?? .null]
        return try await once("cancel_appointment", arguments, idempotencyKey) { once in
            let row = try await self.row(reference)
            let change = AppointmentCancellation(id: row.id, reason: reason, booking: self)
            let made = try await database.change { try change.run(in: $0, once: once) }
            return (made, change.worker, [])
        }
    }

    // MARK: -

    /// Does a change under its key, if it has one; again when somebody changed the appointment meanwhile. Then what follows it.
    private func once(
        _ tool: String, _ arguments: JSON, _ idempotencyKey: String?,
        change: (OnceOnly?) async throws -> (made: MadeChange, worker: UUID, warnings: [String])
    ) async throws -> ChangedAppointment {
        let once = try TextLimit.idempotencyKey.optional(idempotencyKey).map {
            OnceOnly(tool: tool, key: $0, arguments: arguments)
        }
        if let once, let kept: ChangedOnce = try await once.earlier(on: database) { return try await answer(to: kept) }
        for _ in 0..<8 {
            let (made, worker, warnings): (MadeChange, UUID, [String])
            do {
                (made, worker, warnings) = try await change(once)
            } catch is AppointmentMoved {
                continue
            }
            guard !made.replayed, let row = made.row else { return try await answer(to: made.kept) }
            if made.kept.changed, let contactID = row.appointment.contactID { contacts.changed(contactID) }
            let finished = row.worker == worker ? await finish(row, by: worker) : Finished(row, sends: letters != nil)
            return answer(made.kept, finished, warnings: warnings, replayed: false)
        }
        throw AtlasError(.unavailable, "The appointment is being changed all the time. Try again in a moment.")
    }

    private func answer(to kept: ChangedOnce) async throws -> ChangedAppointment {
        answer(kept, try await resumed(kept.appointmentID), warnings: [], replayed: true)
    }

    /// The row, and what was left undone of it done.
    func resumed(_ id: UUID) async throws -> Finished {
        let worker = UUID()
        let row: AppointmentRow? = try await database.write { connection in
            try connection.first(Self.claim(id, by: worker, if: "due_at IS NOT NULL"))
                ?? connection.first(.appointmentRow(id))
        }
        guard let row else { throw AtlasError.noAppointment(id) }
        return row.worker == worker ? await finish(row, by: worker) : Finished(row, sends: letters != nil)
    }

    private func answer(
        _ kept: ChangedOnce, _ finished: Finished, warnings: [String], replayed: Bool
    ) -> ChangedAppointment {
        ChangedAppointment(
            appointment: finished.row.appointment.shown(in: time), previousWhen: kept.previousWhen,
            changed: kept.changed, calendar: finished.calendar,
            notice: kept.changed ? finished.letter : .notNeeded, warnings: kept.warnings + warnings + finished.warnings,
            replayed: replayed)
    }

    /// The appointment that is meant.
    func row(_ reference: AppointmentReference) async throws -> AppointmentRow {
        switch reference {
        case .id(let id):
            let row: AppointmentRow? = try await database.look { try $0.first(.appointmentRow(id)) }
            guard let row else { throw AtlasError.noAppointment(id) }
            return row
        case .phone(let text): return try await row(ofPhone: text)
        }
    }

    private func row(ofPhone text: String) async throws -> AppointmentRow {
        let phone = GivenPhone(text, region: contacts.region)
        guard let number = phone.number else {
            throw AtlasError(
                .invalidArgument, "phone must be a whole phone number, got \"\(phone.text.cutShort(at: 32))\".",
                parameter: "phone")
        }
        let coming: Query = "status = 'confirmed' AND start_time > \(now())"
        let found: [AppointmentRow] = try await database.look { connection in
            try connection.all(
                """
                SELECT \(.appointmentRow) FROM appointments
                WHERE id IN (\(.appointments(ofPhone: number, coming, in: contacts.businessContextID)))
                ORDER BY start_time, id LIMIT 20
                """)
        }
        guard found.count != 1 else { return found[0] }
        guard !found.isEmpty else {
            throw AtlasError(
                .notFound, "Nobody with the phone \(number) has an appointment to come.", parameter: "phone")
        }
        let listed = found.prefix(10).map { row in
            "\(row.id.uuidString.lowercased()) (\(row.appointment.serviceType), \(row.appointment.shown(in: time).when))"
        }
        throw AtlasError(
            .invalidArgument,
            "\(number) has several appointments to come; give the appointment_id of the one you mean: "
                + "\(listed.joined(separator: "; ")).", parameter: "phone")
    }

    static func checkMovable(_ row: AppointmentRow, now: Date, time: BusinessTime) throws(AtlasError) {
        let id = row.id.uuidString.lowercased()
        if row.isCancelled {
            throw AtlasError(
                .conflict, "The appointment \(id) is cancelled. Book a new one.", parameter: "appointment_id")
        }
        guard row.isConfirmed, row.appointment.startTime > now else {
            let what =
                row.isConfirmed ? "has begun or is over" : "is \(row.appointment.status.replacing("_", with: " "))"
            throw AtlasError(
                .conflict, "The appointment \(id) \(what), so it cannot be moved. Book a new one.",
                parameter: "appointment_id")
        }
    }
}

extension AppointmentReference {
    fileprivate var argument: JSON {
        switch self {
        case .id(let id): .string(id.uuidString.lowercased())
        case .phone(let text): .string("phone " + text.trimmed)
        }
    }
}

extension AppointmentRow {
    /// Nil of a row that ends before it begins.
    var span: Range<Date>? {
        appointment.startTime < appointment.endTime ? appointment.startTime..<appointment.endTime : nil
    }
}

extension Query {
    /// The ids of the appointments of whoever has a phone: those of the contact, and rows that know the number alone, in whatever way it
    /// is written there.
    static func appointments(ofPhone number: PhoneNumber, _ condition: Query, in businessContextID: String?) -> Query {
        let ofBusiness: Query = businessContextID.map { " AND business_context_id = \($0)" } ?? ""
        return """
            SELECT id FROM appointments
            WHERE contact_id IN (
                SELECT contact_id FROM contact_identities
                WHERE kind = 'phone' AND right(value, 7) = right(\(number.e164)::text, 7) AND value = \(number.e164)
                    AND identifies) AND \(condition)\(ofBusiness)
            UNION
            SELECT id FROM appointments
            WHERE "right"(regexp_replace(customer_phone, '[^0-9]', '', 'g'), 7) = right(\(number.e164)::text, 7)
                AND regexp_replace(customer_phone, '[^0-9]', '', 'g') = ANY(\(number.spellings)) AND \(condition)\(ofBusiness)
            """
    }
}

extension PhoneNumber {
    /// The digits by which other programs may know the number.
    fileprivate var spellings: [String] {
        let digits = String(digits)
        return digits.hasPrefix("1") && digits.count == 11 ? [digits, String(digits.dropFirst())] : [digits]
    }
}
