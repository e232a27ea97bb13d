#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where calendars are kept: a CalDAV server, Google, or the database.
///
/// A calendar that is named `nil` is the provider's primary one. Every method throws ``AtlasError`` in the words of the contract:
/// `not_found` for a calendar that does not exist, `permission_denied` for one that may not be changed, `conflict` when the event
/// was changed by somebody else meanwhile.
protocol CalendarProvider: Sendable {
    /// `caldav`, `google` or `local`.
    var name: String { get }

    /// The account's calendars, the primary one first.
    func calendars() async throws -> [CalendarInfo]

    /// The events that overlap `range`, occurrences expanded, by start.
    ///
    /// - Parameter limit: the most events; with more of them the listing is not complete.
    func events(in range: Range<Date>, of calendar: String?, limit: Int) async throws -> EventListing

    /// - Returns: nil when there is no such event.
    func event(_ id: String, in calendar: String?) async throws -> CalendarEvent?

    /// Makes an event, unless the calendar has one of the draft's UID: that one is given back as it is.
    func create(_ draft: EventDraft, in calendar: String?) async throws -> CreatedEvent

    /// Changes an event: an occurrence by its own id, a series by the series'. What the change does not name stays as it is, octet
    /// for octet where the provider's format allows.
    ///
    /// - Throws: `not_found` when there is no such event.
    func update(_ id: String, in calendar: String?, _ change: EventChange) async throws -> CalendarEvent

    /// Removes an event, an occurrence of one or a series.
    ///
    /// - Returns: false when there is no such event.
    func delete(_ id: String, in calendar: String?) async throws -> Bool

    /// The id of the event that has this UID in the calendar, if one has.
    func find(uid: String, in calendar: String?) async throws -> CalendarEvent?
}

/// Events of one calendar.
public struct EventListing: Sendable, Equatable {
    public var events: [CalendarEvent]
    /// Whether there are no more in the range than these.
    public var isComplete: Bool
    /// Sentences for the caller: an event that could not be read …
    public var warnings: [String]

    public init(events: [CalendarEvent], isComplete: Bool = true, warnings: [String] = []) {
        self.events = events
        self.isComplete = isComplete
        self.warnings = warnings
    }
}

public struct CreatedEvent: Sendable, Equatable {
    public var event: CalendarEvent
    /// False when the calendar had it already.
    public var created: Bool
}
