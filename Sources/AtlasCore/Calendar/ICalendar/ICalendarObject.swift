#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One calendar object resource (RFC 4791, 4.1): an event with its recurrence set and overrides, and whatever else stands in it.
///
/// Lines that a change does not concern are kept octet for octet.
struct ICalendarObject: Sendable {
    /// - Throws: ``AtlasError`` `upstream_error` when it is no iCalendar, or holds no event.
    init(parsing octets: [UInt8]) throws(AtlasError) { throw AtlasError(.internal, "Not written yet.") }

    /// A new event, its time zone written out (VTIMEZONE).
    init(_ draft: EventDraft, zone: BusinessZone, now: Date = Date()) throws(AtlasError) {
        throw AtlasError(.internal, "Not written yet.")
    }

    var uid: String { "" }
    /// The object as RFC 5545 writes it: CRLF, folded at 75 octets.
    var octets: [UInt8] { [] }
    /// When anything of it is at the earliest, and at the latest, end exclusive; nil without end. For an index.
    func extent(zone: BusinessZone) -> (start: Date, end: Date?) { (.distantPast, nil) }

    /// The occurrences that overlap `range`, by start, overrides applied; of an event that does not recur itself.
    ///
    /// - Parameters:
    ///   - zone: in which floating times and days are meant.
    ///   - limit: the most occurrences that are given back.
    func occurrences(in range: Range<Date>, zone: BusinessZone, limit: Int) throws(AtlasError) -> [ICalendarOccurrence]
    {
        []
    }

    /// The event as a whole: the series, where it recurs.
    func series(zone: BusinessZone) throws(AtlasError) -> ICalendarOccurrence {
        throw AtlasError(.internal, "Not written yet.")
    }

    /// The occurrence of that recurrence id, wherever an override has moved it; nil when the set has none.
    func occurrence(_ id: RecurrenceID, zone: BusinessZone) throws(AtlasError) -> ICalendarOccurrence? { nil }

    /// Changes the series (nil) or one occurrence, for which an override is made where there is none. SEQUENCE, DTSTAMP and
    /// LAST-MODIFIED follow (RFC 5545, 3.8.7).
    mutating func change(_ change: EventChange, of id: RecurrenceID?, zone: BusinessZone, now: Date = Date())
        throws(AtlasError)
    {}

    /// Takes one occurrence out: EXDATE, and its override goes.
    ///
    /// - Returns: whether anything of the series is left.
    mutating func remove(_ id: RecurrenceID, zone: BusinessZone, now: Date = Date()) throws(AtlasError) -> Bool { true }
}

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

/// Which occurrence of a series is meant: the start that it had before anybody moved it, as the series writes it (RFC 5545, 3.8.4.4).
struct RecurrenceID: Sendable, Hashable {
    /// `20261124T090000Z` for a moment (in UTC), `20261124` for a day, `20261124T090000` for a floating time.
    let text: String

    /// Nil when `text` has none of these shapes.
    init?(_ text: String) { self.text = text }
}

/// The rule of a series (RFC 5545, 3.3.10).
enum RecurrenceRule {
    /// The rule as it is stored: `RRULE:` taken off, upper case.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming `recurrence`, for what is no rule, one that repeats more than daily, and
    ///   one that never matches.
    static func checked(_ text: String) throws(AtlasError) -> String { text }
}
