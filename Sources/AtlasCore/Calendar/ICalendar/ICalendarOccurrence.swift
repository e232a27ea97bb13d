#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An event at a time.
struct ICalendarOccurrence: Sendable, Equatable {
    /// Nil for an event that does not recur, and for a series as a whole.
    var id: RecurrenceID?
    var span: EventSpan
    var start: Date
    var end: Date
    var summary: String
    var location: String?
    var description: String?
    var status: EventStatus
    var isTransparent: Bool
    /// The series' rule.
    var recurrence: String?
    var isRecurring: Bool
    /// E-mail addresses, `mailto:` taken off.
    var organizer: String?
    var attendees: [String]
    var url: String?
}

/// Which occurrence of a series is meant: the start that it had before anybody moved it (RFC 5545, 3.8.4.4).
struct RecurrenceID: Sendable, Hashable {
    /// `20261124T090000Z` for a moment (in UTC), `20261124` for a day, `20261124T090000` for a floating time.
    let text: String

    /// Nil when `text` has none of these shapes.
    init?(_ text: String) {
        guard let time = ICalendarTime(text) else { return nil }
        self.text = time.text
    }

    init(_ time: ICalendarTime, _ zones: ICalendarZones) {
        switch time.form {
        case .date, .floating, .utc: text = time.text
        case .zoned: text = ICalendarTime(wall: zones.instant(of: time), form: .utc).text
        }
    }

    /// The time that it names.
    var time: ICalendarTime { ICalendarTime(text) ?? ICalendarTime(wall: 0, form: .utc) }
}
