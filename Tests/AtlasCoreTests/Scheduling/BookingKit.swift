import Foundation
import JSON
import TestSupport

@testable import AtlasCore

/// A database, a calendar in memory, and the booking on both. It is Monday, 23 November 2026, 8:00 in Chicago.
struct BookingKit: Sendable {
    let kit: ContactsKit
    let calendar: MemoryCalendar
    let letters: MemoryLetters
    let booking: Booking
    let time: BusinessTime
    let clock: Shared<Date>

    init(
        businessContextID: String? = nil, zone: String = "America/Chicago", now: String = "2026-11-23T08:00",
        patience: Duration = .seconds(20), writes: Bool = true, _ adjust: (inout BookingPolicy) -> Void = { _ in }
    ) async throws {
        let kit = try await ContactsKit(businessContextID: businessContextID)
        try self.init(kit: kit, zone: zone, now: now, patience: patience, writes: writes, adjust)
    }

    /// On a database that is there.
    init(
        kit: ContactsKit, calendar: MemoryCalendar = MemoryCalendar(), zone: String = "America/Chicago",
        now: String = "2026-11-23T08:00", patience: Duration = .seconds(20), writes: Bool = true,
        _ adjust: (inout BookingPolicy) -> Void = { _ in }
    ) throws {
        self.kit = kit
        self.calendar = calendar
        time = BusinessTime(zone: try BusinessZone(named: zone))
        let clock = Shared(try time.read(now, parameter: "now").start)
        self.clock = clock
        letters = MemoryLetters()
        var policy = BookingPolicy(
            hours: WeeklyHours(days: [[], [480..<1080], [480..<1080], [480..<1080], [480..<1080], [480..<1080], []]))
        adjust(&policy)
        booking = Booking(
            contacts: kit.contacts, time: time, policy: policy, calendar: calendar, letters: writes ? letters : nil,
            now: { clock.value }, patience: patience)
    }

    static func wish(
        _ name: String = "Ann Lee", phone: String = "+12175550134", date: String = "2026-11-24",
        time: String = "09:00", email: String? = nil, minutes: Int? = nil
    ) -> BookingWish {
        BookingWish(
            customerName: name, customerPhone: phone, date: date, time: time, serviceType: "deep clean",
            customerEmail: email, minutes: minutes)
    }

    @discardableResult
    func book(
        _ name: String = "Ann Lee", phone: String = "+12175550134", date: String = "2026-11-24",
        time: String = "09:00", email: String? = nil, minutes: Int? = nil, key: String? = nil
    ) async throws -> BookedAppointment {
        try await booking.book(
            Self.wish(name, phone: phone, date: date, time: time, email: email, minutes: minutes), idempotencyKey: key)
    }

    func moment(_ text: String) throws -> Date { try time.read(text, parameter: "time").start }

    func value<T: PostgresDecodable & Sendable>(_ query: Query, as type: T.Type = T.self) async throws -> T? {
        try await kit.database.run { try $0.value(query, as: type) }
    }

    /// What a reference server writes: it knows none of the columns that came later.
    @discardableResult
    func insertAsReference(
        _ start: String, minutes: Int = 60, name: String = "Ref Erence", phone: String = "(217) 555-0199",
        status: String = "confirmed", event: String? = nil
    ) async throws -> UUID {
        let start = try moment(start)
        let end = start.addingTimeInterval(Double(minutes * 60))
        let context = booking.businessContextID
        let id: UUID? = try await kit.database.run {
            try $0.value(
                """
                INSERT INTO appointments (start_time, end_time, service_type, customer_name, customer_phone,
                    business_context_id, status, calendar_event_id)
                VALUES (\(start), \(end), 'estimate', \(name), \(phone), \(context), \(status), \(event)) RETURNING id
                """)
        }
        return id!
    }

    /// Lets every claim and every wait end, as if an hour had passed.
    func passTime() async throws {
        try await kit.execute(
            """
            UPDATE appointments SET sync_until = now() - interval '1 second',
                due_at = CASE WHEN due_at IS NULL THEN NULL ELSE now() - interval '1 second' END
            """)
    }

    /// Confirmed appointments that overlap, which there must never be.
    var overlaps: Query {
        """
        SELECT count(*) FROM appointments a JOIN appointments b
            ON a.id < b.id AND a.business_context_id = b.business_context_id AND a.resource = b.resource
            AND a.status = 'confirmed' AND b.status = 'confirmed'
            AND a.start_time < b.end_time AND b.start_time < a.end_time
        """
    }
}

/// A calendar of the test's own, which can fail, be silent and lie.
final class MemoryCalendar: AppointmentCalendar {
    enum Mood: Sendable { case well, failing, silent, lying, nameless }

    struct Event: Sendable, Equatable {
        var id: String
        var calendarID: String
        var start: Date
        var end: Date
    }

    struct State: Sendable {
        var mood = Mood.well
        /// By appointment and calendar.
        var events: [UUID: [Event]] = [:]
        var others: [Range<Date>] = []
        var placed = 0
        var removed = 0
        /// Done once in the middle of the next ``place(_:in:)``.
        var meanwhile: (@Sendable () async throws -> Void)?
    }

    let state = Shared(State())

    func set(_ mood: Mood) { state.update { $0.mood = mood } }
    func events(of id: UUID) -> [Event] { state.value.events[id] ?? [] }

    func busy(in range: Range<Date>, except appointmentID: UUID?) async throws -> [Range<Date>] {
        try await answer()
        let state = state.value
        return state.others
            + state.events.filter { $0.key != appointmentID }.values.joined().map { $0.start..<$0.end }.filter {
                $0.overlaps(range)
            }
    }

    func place(_ appointment: AppointmentSummary, in calendar: String?) async throws -> PlacedEvent {
        let meanwhile = state.update { state in
            defer { state.meanwhile = nil }
            return state.meanwhile
        }
        try await meanwhile?()
        try await answer()
        return state.update { state in
            let calendar = calendar ?? "main"
            let event = Event(
                id: "\(calendar)/\(appointment.id)", calendarID: calendar, start: appointment.startTime,
                end: appointment.endTime)
            var events = state.events[appointment.id] ?? []
            let created = !events.contains { $0.id == event.id }
            events.removeAll { $0.id == event.id }
            state.events[appointment.id] = events + [event]
            state.placed += 1
            return PlacedEvent(
                eventID: state.mood == .nameless ? "" : event.id, calendarID: calendar,
                summary: "\(appointment.serviceType): \(appointment.customerName)",
                start: state.mood == .lying ? event.start.addingTimeInterval(3600) : event.start, end: event.end,
                created: created)
        }
    }

    func remove(_ appointment: AppointmentSummary) async throws {
        try await answer()
        state.update { state in
            state.removed += 1
            if let id = appointment.calendarEventID {
                state.events[appointment.id]?.removeAll { $0.id == id }
            } else {
                state.events[appointment.id] = nil
            }
        }
    }

    private func answer() async throws {
        switch state.value.mood {
        case .failing: throw AtlasError(.unavailable, "The calendar server does not answer.")
        case .silent: try await Task.sleep(for: .seconds(3600))
        default: break
        }
    }
}

/// A postman that remembers.
final class MemoryLetters: AppointmentLetters {
    struct State: Sendable {
        var sent: [String: AppointmentLetter] = [:]
        var error: AtlasError?
        var attempts = 0
    }

    let state = Shared(State())

    var occasions: [AppointmentLetter.Occasion] { state.value.sent.values.map(\.occasion) }

    func send(_ letter: AppointmentLetter, idempotencyKey: String) async throws {
        let error = state.update { state in
            state.attempts += 1
            if state.error == nil, state.sent[idempotencyKey] == nil { state.sent[idempotencyKey] = letter }
            return state.error
        }
        if let error { throw error }
    }
}
