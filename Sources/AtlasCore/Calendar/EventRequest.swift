import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An event as a caller asks for it.
public struct EventRequest: Sendable {
    public var summary: String
    /// ISO 8601.
    public var start: String
    /// ISO 8601. A bare date is that whole day: the event's last one.
    public var end: String
    /// Whether times of day do not count.
    public var allDay = false
    public var location: String?
    public var description: String?
    public var attendees: [String] = []
    /// An RRULE.
    public var recurrence: String?

    public init(summary: String, start: String, end: String) {
        self.summary = summary
        self.start = start
        self.end = end
    }
}

extension TextLimit {
    static let eventSummary = TextLimit(parameter: "summary", longest: 500)
    static let eventLocation = TextLimit(parameter: "location", longest: 1_000)
    static let eventDescription = TextLimit(parameter: "description", longest: 8_000, keepsLines: true)
}

extension EventRequest {
    /// The event to be made, with a UID of its own.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    func draft(in time: BusinessTime) throws(AtlasError) -> EventDraft {
        let summary = try TextLimit.eventSummary.required(summary)
        let span = try span(in: time)
        var people: [String] = []
        for text in attendees {
            guard let address = EmailAddress(text) else {
                throw AtlasError(
                    .invalidArgument,
                    "attendees must be e-mail addresses like ann@example.com, got \"\(text.cleaned().prefix(60))\".",
                    parameter: "attendees")
            }
            if !people.contains(address.text) { people.append(address.text) }
        }
        guard people.count <= 100 else {
            throw AtlasError(.invalidArgument, "attendees must be at most 100.", parameter: "attendees")
        }
        var rule: String?
        if let recurrence, !recurrence.trimmed.isEmpty { rule = try RecurrenceRule.checked(recurrence) }
        return EventDraft(
            uid: UUID().uuidString.lowercased(), summary: summary, span: span,
            location: try TextLimit.eventLocation.optional(location),
            description: try TextLimit.eventDescription.optional(description), attendees: people, recurrence: rule)
    }

    /// For the idempotency key: nothing that depends on the day or the settings.
    func arguments(calendar: String?) -> JSON {
        [
            "summary": .string(summary.trimmed), "start": .string(start.trimmed), "end": .string(end.trimmed),
            "all_day": .bool(allDay), "calendar_id": calendar.map(JSON.string) ?? .null,
            "location": location.map(JSON.string) ?? .null, "description": description.map(JSON.string) ?? .null,
            "attendees": .array(attendees.map { .string($0.trimmed) }),
            "recurrence": recurrence.map(JSON.string) ?? .null,
        ]
    }

    private func span(in time: BusinessTime) throws(AtlasError) -> EventSpan {
        let first = try time.read(start, parameter: "start")
        let last = try time.read(end, parameter: "end")
        let wrong = AtlasError(.invalidArgument, "end must be after start.", parameter: "end")
        switch (first, last) {
        case (.day(let start), .day(let end)):
            guard start.lowerBound <= end.lowerBound else { throw wrong }
            return .days(time.day(of: start.lowerBound)..<time.day(of: end.upperBound))
        case _ where allDay:
            let start = time.day(of: first.start)
            var end = time.day(of: last.start)
            // Midnight after a day is where that day ends; any other time is within the last one.
            if case .moment(let moment) = last, moment != time.startOfDay(moment) || end == start { end = end.next }
            if case .day = last { end = end.next }
            guard start < end, first.start <= last.start else { throw wrong }
            return .days(start..<end)
        default:
            let start = first.start
            let end: Date
            switch last {
            case .moment(let moment): end = moment
            case .day(let day): end = day.upperBound
            }
            guard start < end else { throw wrong }
            return .moments(start..<end)
        }
    }
}

/// What a caller wants changed of an event. Nil leaves a part alone; a blank text counts as nil, and a name in `clear` empties.
public struct EventChangeRequest: Sendable {
    /// What can be emptied.
    public enum Field: String, Codable, CaseIterable, Sendable { case location, description }

    public var summary: String?
    public var start: String?
    public var end: String?
    public var location: String?
    public var description: String?
    public var clear: [Field] = []

    public init() {}
}

extension EventChangeRequest {
    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    func change(in time: BusinessTime) throws(AtlasError) -> EventChange {
        var change = EventChange()
        change.summary = try TextLimit.eventSummary.optional(summary)
        change.location = try TextLimit.eventLocation.optional(location)
        change.description = try TextLimit.eventDescription.optional(description)
        for field in clear {
            switch field {
            case .location where change.location == nil: change.location = ""
            case .description where change.description == nil: change.description = ""
            default:
                throw AtlasError(
                    .invalidArgument, "\(field.rawValue) is both given and to be cleared.", parameter: "clear")
            }
        }
        if let start, !start.trimmed.isEmpty {
            switch try time.read(start, parameter: "start") {
            case .moment(let moment): change.start = .moment(moment)
            case .day(let day): change.start = .day(time.day(of: day.lowerBound))
            }
        }
        if let end, !end.trimmed.isEmpty {
            switch try time.read(end, parameter: "end") {
            case .moment(let moment): change.end = .moment(moment)
            case .day(let day): change.end = .day(time.day(of: day.upperBound))
            }
        }
        guard change != EventChange() else {
            throw AtlasError(
                .invalidArgument, "Give at least one of summary, start, end, location and description to change.",
                parameter: "summary")
        }
        return change
    }
}
