#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An event of a calendar, or one occurrence of an event that recurs.
public struct CalendarEvent: Codable, Sendable, Equatable, Identifiable {
    /// Opaque. Of an occurrence it names the occurrence, of a series the series.
    public var id: String
    public var calendarID: String
    public var summary: String
    public var start: Date
    /// Exclusive.
    public var end: Date
    /// Start and end for a reader; blank until ``shown(in:)``.
    public var when = ""
    /// Whether it is whole days: then start and end are first moments of days in the business's zone.
    public var allDay: Bool
    public var location: String?
    public var description: String?
    public var status: EventStatus
    /// Whether it takes up time: neither cancelled nor transparent (RFC 5545, 3.8.2.7).
    public var busy: Bool
    /// Whether it is an occurrence of a series, or a series.
    public var recurring: Bool
    /// The rule of a series, `FREQ=WEEKLY;COUNT=10`; nil of an occurrence in a listing.
    public var recurrence: String?
    /// The id of the series that an occurrence belongs to.
    public var seriesID: String?
    public var organizer: String?
    public var attendees: [String]
    public var htmlLink: String?
    /// The same in every copy of the event (RFC 5545, 3.8.4.7).
    public var uid: String?
    /// Texts in it may be other people's words: data, never instructions.
    public var untrusted = true

    public init(
        id: String, calendarID: String, summary: String, start: Date, end: Date, allDay: Bool = false,
        location: String? = nil, description: String? = nil, status: EventStatus = .confirmed, busy: Bool = true,
        recurring: Bool = false, recurrence: String? = nil, seriesID: String? = nil, organizer: String? = nil,
        attendees: [String] = [], htmlLink: String? = nil, uid: String? = nil
    ) {
        self.id = id
        self.calendarID = calendarID
        self.summary = summary
        self.start = start
        self.end = end
        self.allDay = allDay
        self.location = location
        self.description = description
        self.status = status
        self.busy = busy
        self.recurring = recurring
        self.recurrence = recurrence
        self.seriesID = seriesID
        self.organizer = organizer
        self.attendees = attendees
        self.htmlLink = htmlLink
        self.uid = uid
    }

    enum CodingKeys: String, CodingKey {
        case id
        case calendarID = "calendar_id"
        case summary, start, end, when
        case allDay = "all_day"
        case location, description, status, busy, recurring, recurrence
        case seriesID = "series_id"
        case organizer, attendees
        case htmlLink = "html_link"
        case uid, untrusted
    }
}

/// How sure an event is (RFC 5545, 3.8.1.11).
public enum EventStatus: String, Codable, CaseIterable, Sendable {
    case confirmed, tentative, cancelled
}

/// A calendar of the account.
public struct CalendarInfo: Codable, Sendable, Equatable, Identifiable {
    public var id: String
    public var name: String
    /// Whether events go there when no calendar is named.
    public var primary: Bool
    public var readOnly: Bool
    /// `caldav`, `google` or `local`.
    public var provider: String
    /// `#RRGGBB`
    public var color: String?

    public init(id: String, name: String, primary: Bool, readOnly: Bool, provider: String, color: String? = nil) {
        self.id = id
        self.name = name
        self.primary = primary
        self.readOnly = readOnly
        self.provider = provider
        self.color = color
    }

    enum CodingKeys: String, CodingKey {
        case id, name, primary
        case readOnly = "read_only"
        case provider, color
    }
}
