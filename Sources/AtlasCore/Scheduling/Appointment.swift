#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where bookings are shown, and what else takes up the business's time.
///
/// A calendar that fails takes no booking down: it stays, marked, until it could be shown.
protocol AppointmentCalendar: Sendable {
    /// What is busy in the calendar, but for the event of the appointment that is being moved.
    func busy(in range: Range<Date>, except appointmentID: UUID?) async throws -> [Range<Date>]

    /// Makes the event of an appointment, or brings it up to date where it is there: the event's UID is made of the appointment's
    /// id, so that no repetition makes a second one.
    func place(_ appointment: AppointmentSummary, in calendar: String?) async throws -> PlacedEvent

    /// Takes the event of an appointment away, if it is there.
    ///
    /// - Parameter calendar: the one that it was put into.
    func remove(_ appointment: AppointmentSummary, from calendar: String?) async throws
}

/// The event that shows an appointment.
struct PlacedEvent: Sendable, Equatable {
    var eventID: String
    var calendarID: String
    var summary: String
    var start: Date
    var end: Date
    /// Whether it was made just now.
    var created: Bool
}
