#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Appointments as events of the business's calendar.
struct AppointmentEvents: AppointmentCalendar {
    /// Looked up when it is needed: a calendar that is set up wrongly keeps no visit from being booked.
    private let makeProvider: @Sendable () throws -> any CalendarProvider

    init(provider: @escaping @Sendable () throws -> any CalendarProvider) { makeProvider = provider }

    private var provider: any CalendarProvider { get throws { try makeProvider() } }

    func busy(in range: Range<Date>, except appointmentID: UUID?) async throws -> [Range<Date>] {
        try await provider.events(in: range, of: nil, limit: BusinessCalendar.mostBusy)
            .busy(in: range, except: appointmentID.map(Self.uid))
    }

    func place(_ appointment: AppointmentSummary, in calendar: String?) async throws -> PlacedEvent {
        let draft = Self.draft(appointment)
        if let known = try await event(of: appointment, in: calendar) {
            return try await refresh(known, draft, in: calendar)
        }
        let made = try await provider.create(draft, in: calendar)
        return made.created
            ? PlacedEvent(made.event, created: true) : try await refresh(made.event, draft, in: calendar)
    }

    func remove(_ appointment: AppointmentSummary) async throws {
        if let id = appointment.calendarEventID, try await delete(id) { return }
        // Its id was never written down, or the event was put elsewhere by hand.
        guard let event = try await provider.find(uid: Self.uid(appointment.id), in: nil) else { return }
        _ = try await provider.delete(event.id, in: nil)
    }

    /// An id that another program wrote may be no id of this provider: such an event is none of ours to delete.
    private func delete(_ id: String) async throws -> Bool {
        do {
            return try await provider.delete(id, in: nil)
        } catch let error as AtlasError where error.code == .invalidArgument {
            return false
        }
    }

    private func event(of appointment: AppointmentSummary, in calendar: String?) async throws -> CalendarEvent? {
        if let id = appointment.calendarEventID {
            do {
                if let event = try await provider.event(id, in: calendar), event.status != .cancelled { return event }
            } catch let error as AtlasError where error.code == .invalidArgument {
                // As above.
            }
        }
        return try await provider.find(uid: Self.uid(appointment.id), in: calendar)
    }

    /// Brings an event up to date, unless it is: what people wrote into it beside stays.
    private func refresh(_ event: CalendarEvent, _ draft: EventDraft, in calendar: String?) async throws -> PlacedEvent
    {
        var change = EventChange()
        if case .moments(let span) = draft.span,
            event.allDay || event.start != span.lowerBound || event.end != span.upperBound
        {
            change.start = .moment(span.lowerBound)
            change.end = .moment(span.upperBound)
        }
        if event.summary != draft.summary { change.summary = draft.summary }
        if let location = draft.location, event.location != location { change.location = location }
        guard change != EventChange() else { return PlacedEvent(event, created: false) }
        return PlacedEvent(try await provider.update(event.id, in: calendar, change), created: false)
    }

    /// The event's UID: another one is never made for the appointment, however often it is tried.
    static func uid(_ appointmentID: UUID) -> String { "appointment-\(appointmentID.uuidString.lowercased())@atlas" }

    static func draft(_ appointment: AppointmentSummary) -> EventDraft {
        let lines = [
            appointment.serviceType, appointment.customerName, appointment.customerPhone, appointment.customerEmail,
            appointment.notes, "Appointment \(appointment.id.uuidString.lowercased())",
        ]
        let end = max(appointment.endTime, appointment.startTime)
        return EventDraft(
            uid: uid(appointment.id),
            summary: "\(appointment.serviceType): \(appointment.customerName)".cleaned().cutShort(at: 500),
            span: .moments(appointment.startTime..<end),
            location: appointment.customerAddress.map { $0.cleaned().cutShort(at: 1_000) }.flatMap {
                $0.isEmpty ? nil : $0
            },
            description: lines.compactMap { $0?.cleaned(keepingLines: true) }.filter { !$0.isEmpty }
                .joined(separator: "\n").cutShort(at: 8_000))
    }
}

extension PlacedEvent {
    init(_ event: CalendarEvent, created: Bool) {
        self.init(
            eventID: event.id, calendarID: event.calendarID, summary: event.summary, start: event.start, end: event.end,
            created: created)
    }
}
