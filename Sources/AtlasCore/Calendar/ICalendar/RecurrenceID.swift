/// Which occurrence of a series is meant: the start that it had before anybody moved it, as the series writes it (RFC 5545, 3.8.4.4).
struct RecurrenceID: Sendable, Hashable {
    /// `20261124T090000Z` for a moment (in UTC), `20261124` for a day, `20261124T090000` for a floating time.
    let text: String

    /// Nil when `text` has none of these shapes.
    init?(_ text: String) {
        guard let time = ICalendarTime(text) else { return nil }
        self.init(time)
    }

    /// - Parameter time: a zoned one is taken for the moment that it is in UTC, see ``ICalendarZones``.
    init(_ time: ICalendarTime) { text = time.text }

    var time: ICalendarTime? { ICalendarTime(text) }
}
