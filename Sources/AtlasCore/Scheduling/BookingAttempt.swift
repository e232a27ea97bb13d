#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One attempt to book, inside a transaction: lock and look, decide, write.
///
/// Locks in the order of every other writer: the key, identities, contacts, then the bookings of the business and resource.
struct BookingAttempt: Sendable {
    let request: BookingRequest
    let booking: Booking
    let worker = UUID()
    private let id = UUID.timeOrdered()
    private let newContactID = UUID.timeOrdered()

    init(_ request: BookingRequest, _ booking: Booking) {
        self.request = request
        self.booking = booking
    }

    /// - Throws: ``BookingClash``.
    func run(
        in transaction: Transaction, once: OnceOnly?
    ) throws -> (kept: BookedOnce, row: AppointmentRow?, replayed: Bool) {
        do {
            var made: AppointmentRow?
            func book(isLast: Bool) throws -> BookedOnce {
                let (kept, row) = try write(in: transaction, isLast: isLast)
                made = row
                return kept
            }
            guard let once else { return (try book(isLast: true), made, false) }
            let (kept, replayed) = try once.run(in: transaction) { try book(isLast: false) }
            return (kept, made, replayed)
        } catch let error as DatabaseError where error.constraintName == "appointments_apart" {
            // Somebody who knows nothing of our lock was quicker.
            throw BookingClash()
        }
    }

    private func write(in transaction: Transaction, isLast: Bool) throws -> (BookedOnce, AppointmentRow) {
        let look = ContactLook(request.person)
        let contactLook = look.isEmpty ? [] : look.queries
        let margin = booking.margin(of: request.slot)
        let found = try transaction.pipeline(
            contactLook + [
                .lockBookings(of: booking.businessContextID, request.resource),
                .appointments(
                    "id", in: margin, of: booking.businessContextID,
                    request.resource),
            ])
        var plan = MeetingPlan(
            of: request.person, newID: newContactID, among: look.isEmpty ? [] : try ContactLook.candidates(found[1]),
            region: booking.contacts.region)
        if plan.isNew {
            plan.contact.source = "booking"
            plan.contact.sourceRef = id.uuidString.lowercased()
        }
        if found.last?.isEmpty == false { throw BookingClash() }

        let contact = [plan.statement].compactMap(\.self)
        let history = AppointmentHistory(
            kind: .created, appointment: appointment(of: plan.contact.id), revision: 1, time: booking.time)
        let statements = contact + [insert(for: plan.contact.id)] + history.statements
        let rows = try isLast ? transaction.commit(with: statements) : transaction.pipeline(statements)
        guard let row = try rows[contact.count].first.map(AppointmentRow.init(row:)) else {
            throw AtlasError(.internal, "The appointment vanished while it was booked.")
        }
        let outcome = try plan.outcome(written: contact.isEmpty ? nil : rows[0])
        let kept = BookedOnce(
            appointmentID: id, contactID: plan.contact.id, contactCreated: outcome.created,
            conflicts: outcome.conflicts, warnings: Self.warnings(outcome))
        return (kept, row)
    }

    private func appointment(of contactID: UUID) -> AppointmentSummary {
        AppointmentSummary(
            id: id, startTime: request.slot.lowerBound, endTime: request.slot.upperBound, durationMinutes: minutes,
            serviceType: request.serviceType, status: AppointmentStatus.confirmed.rawValue,
            customerName: request.person.fullName, customerPhone: request.phone.text, customerEmail: request.email,
            customerAddress: request.address, businessContextID: booking.businessContextID, contactID: contactID,
            notes: request.notes, createdAt: .now, updatedAt: .now)
    }

    private var minutes: Int { Int(request.slot.upperBound.timeIntervalSince(request.slot.lowerBound) / 60) }

    /// The row, which this server is to show in the calendar; another one does when it died.
    private func insert(for contactID: UUID) -> Query {
        let letter: AppointmentLetter.Occasion? = request.email == nil || booking.letters == nil ? nil : .confirmed
        return """
            INSERT INTO appointments (id, start_time, end_time, duration_minutes, service_type, notes, customer_name,
                customer_phone, customer_email, customer_address, business_context_id, contact_id, resource, letter,
                sync_worker, sync_until, due_at)
            VALUES (\(id), \(request.slot.lowerBound), \(request.slot.upperBound), \(Int32(minutes)), \(request.serviceType),
                \(request.notes ?? ""), \(request.person.fullName), \(request.phone.text), \(request.email), \(request.address),
                \(booking.businessContextID), \(contactID), \(request.resource), \(letter?.rawValue), \(worker),
                \(Booking.claimEnd), \(Booking.claimEnd))
            RETURNING \(.appointmentRow)
            """
    }

    private static func warnings(_ outcome: ContactUpsertOutcome) -> [String] {
        let names = outcome.conflicts.filter { $0.field == "full_name" }.map {
            "The customer was called \"\($0.given)\"; the contact keeps the name \"\($0.kept)\"."
        }
        guard !outcome.possibleDuplicates.isEmpty else { return outcome.warnings + names }
        let others = outcome.possibleDuplicates.map { $0.uuidString.lowercased() }.joined(separator: ", ")
        return outcome.warnings + names + [
            "Another contact has a part of what the customer gave: \(others). If they are one person, merge them."
        ]
    }
}
