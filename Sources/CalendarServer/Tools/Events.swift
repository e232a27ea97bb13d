import AtlasCore
import AtlasServer
import MCP

struct ListEvents: Tool {
    static let name = "list_events"
    static let description = """
        List the events between two times, by start; every occurrence of a series by itself. Use it to see what is planned.
        """
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter(.from, .length(...40)) var start: String
    @Parameter("Until when, ISO 8601; a bare date is that whole day.", .length(...40)) var end: String
    @Parameter(.calendar, .length(...1000)) var calendarID: String?
    @Parameter("Most events to return.", .range(1...500)) var limit = 100
    @Parameter("How many to skip.", .range(0...BusinessCalendar.mostSkipped)) var offset = 0

    struct Output: Codable, PagedOutput {
        var events: [CalendarEvent]
        var count: Int
        /// Whether there are more between start and end: ask again with `offset` greater by `count`.
        var hasMore: Bool
        var warnings: [String]

        mutating func keep(first count: Int) {
            events.removeLast(events.count - count)
            self.count = count
            hasMore = true
        }
    }

    func call(_ diary: Diary) async throws -> Output {
        let found = try await diary.calendar.events(from: start, to: end, in: calendarID, limit: limit, offset: offset)
        return Output(
            events: found.events, count: found.events.count, hasMore: !found.isComplete, warnings: found.warnings)
    }
}

struct GetEvent: Tool {
    static let name = "get_event"
    static let description = "Read one event: an occurrence, or a whole series with its rule."
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter(.event, .length(1...2000)) var eventID: String
    @Parameter(.calendar, .length(...1000)) var calendarID: String?

    struct Output: Codable {
        var event: CalendarEvent
    }

    func call(_ diary: Diary) async throws -> Output {
        Output(event: try await diary.calendar.event(eventID, in: calendarID))
    }
}

struct CreateEvent: Tool {
    static let name = "create_event"
    static let description = """
        Put an event into the calendar. Two bare dates make an event of whole days. For a customer's visit use book_appointment where \
        it is offered: it also knows the customer.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("What it is.", .length(1...500)) var summary: String
    @Parameter(.from, .length(...40)) var start: String
    @Parameter("When it ends, ISO 8601; a bare date is that whole day, the last one.", .length(...40)) var end: String
    @Parameter(.calendar, .length(...1000)) var calendarID: String?
    @Parameter("Where it is.", .length(...1000)) var location: String?
    @Parameter("What there is to know about it.", .length(...8000)) var description: String?
    @Parameter("Whether it takes whole days; times of day then do not count.") var allDay = false
    @Parameter("E-mail addresses of who takes part.", .count(0...100), .each(.length(1...254))) var attendees:
        [String] = []
    @Parameter(
        "How it repeats, an RRULE of RFC 5545 like FREQ=WEEKLY;BYDAY=TU;COUNT=10.", .length(...500)) var recurrence:
        String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    struct Output: Codable {
        var event: CalendarEvent
        var status: String
        var replayed: Bool
    }

    func call(_ diary: Diary) async throws -> Output {
        var request = EventRequest(summary: summary, start: start, end: end)
        request.allDay = allDay
        request.location = location
        request.description = description
        request.attendees = attendees
        request.recurrence = recurrence
        let made = try await diary.calendar.create(request, in: calendarID, idempotencyKey: idempotencyKey)
        return Output(event: made.outcome, status: "created", replayed: made.replayed)
    }
}

extension EventChangeRequest.Field: ParameterValue {}

struct UpdateEvent: Tool {
    static let name = "update_event"
    static let description = """
        Change an event; what is left out stays. The id of an occurrence changes that occurrence, the series_id all of the series. A \
        start without an end keeps the length.
        """
    static let hints: ToolHints = [.destructive, .idempotent, .openWorld]

    @Parameter(.event, .length(1...2000)) var eventID: String
    @Parameter("What it is.", .length(...500)) var summary: String?
    @Parameter("When it begins, ISO 8601; a bare date for an event of whole days.", .length(...40)) var start: String?
    @Parameter("When it ends, ISO 8601; a bare date is that whole day, the last one.", .length(...40)) var end: String?
    @Parameter(.calendar, .length(...1000)) var calendarID: String?
    @Parameter("Where it is.", .length(...1000)) var location: String?
    @Parameter("What there is to know about it.", .length(...8000)) var description: String?
    @Parameter("What to empty.", .count(0...2)) var clear: [EventChangeRequest.Field] = []

    struct Output: Codable {
        var event: CalendarEvent
    }

    func call(_ diary: Diary) async throws -> Output {
        var request = EventChangeRequest()
        request.summary = summary
        request.start = start
        request.end = end
        request.location = location
        request.description = description
        request.clear = clear
        return Output(event: try await diary.calendar.update(eventID, in: calendarID, request))
    }
}

struct DeleteEvent: Tool {
    static let name = "delete_event"
    static let description = """
        Take an event out of the calendar. The id of an occurrence removes that occurrence, the series_id all of the series. It cannot \
        be taken back.
        """
    static let hints: ToolHints = [.destructive, .openWorld]

    @Parameter(.event, .length(1...2000)) var eventID: String
    @Parameter(.calendar, .length(...1000)) var calendarID: String?

    struct Output: Codable {
        var deleted: Bool
        var eventID: String
    }

    func call(_ diary: Diary) async throws -> Output {
        try await diary.calendar.delete(eventID, in: calendarID)
        return Output(deleted: true, eventID: eventID)
    }
}

extension String {
    static let calendar = "The calendar's id, from list_calendars. The primary one, if left out."
    static let event = "The event's id, from list_events: of an occurrence, or of a series."
    static let from =
        "From when, ISO 8601 like 2026-11-24T09:00; without an offset it is meant in the business's time zone."
}
