#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When an event is: from a moment to a moment, or whole days.
public enum EventSpan: Sendable, Equatable {
    case moments(Range<Date>)
    /// From the first day to the day after the last.
    case days(Range<CivilDate>)

    var isTimed: Bool { if case .moments = self { true } else { false } }
}

/// One end of an event.
public enum EventEdge: Sendable, Equatable {
    case moment(Date)
    case day(CivilDate)
}

/// An event to be made. Texts are cleaned and within their limits.
public struct EventDraft: Sendable, Equatable {
    /// Makes creating it idempotent: a calendar that has an event of this UID gets no second one. Visible ASCII without `/`.
    public var uid: String
    public var summary: String
    public var span: EventSpan
    public var location: String?
    public var description: String?
    /// E-mail addresses.
    public var attendees: [String]
    /// A rule that ``RecurrenceRule/checked(_:)`` gave back.
    public var recurrence: String?

    public init(
        uid: String, summary: String, span: EventSpan, location: String? = nil, description: String? = nil,
        attendees: [String] = [], recurrence: String? = nil
    ) {
        self.uid = uid
        self.summary = summary
        self.span = span
        self.location = location
        self.description = description
        self.attendees = attendees
        self.recurrence = recurrence
    }
}

/// What is to change of an event. Nil leaves a part alone; a blank text empties it.
public struct EventChange: Sendable, Equatable {
    public var summary: String?
    /// Without an ``end`` the event keeps its length.
    public var start: EventEdge?
    public var end: EventEdge?
    public var location: String?
    public var description: String?

    public init(
        summary: String? = nil, start: EventEdge? = nil, end: EventEdge? = nil, location: String? = nil,
        description: String? = nil
    ) {
        self.summary = summary
        self.start = start
        self.end = end
        self.location = location
        self.description = description
    }

    /// When the event is after the change.
    ///
    /// - Returns: nil when the change leaves the time alone.
    /// - Throws: ``AtlasError`` `invalid_argument` when the end would not be after the start, or a day is mixed with a moment.
    public func span(insteadOf old: EventSpan) throws(AtlasError) -> EventSpan? {
        if start == nil, end == nil { return nil }
        let wrong = AtlasError(.invalidArgument, "end must be after start.", parameter: "end")
        let mixed = AtlasError(
            .invalidArgument,
            "start and end must both be times, or both be days. To turn one into the other, give both.",
            parameter: start == nil ? "end" : "start")
        switch (start, end, old) {
        case (.moment(let start)?, .moment(let end)?, _):
            guard start < end else { throw wrong }
            return .moments(start..<end)
        case (.day(let start)?, .day(let end)?, _):
            guard start < end else { throw wrong }
            return .days(start..<end)
        case (.moment(let start)?, nil, .moments(let old)):
            return .moments(start..<start.addingTimeInterval(old.upperBound.timeIntervalSince(old.lowerBound)))
        case (nil, .moment(let end)?, .moments(let old)):
            guard old.lowerBound < end else { throw wrong }
            return .moments(old.lowerBound..<end)
        case (.day(let start)?, nil, .days(let old)):
            let days = old.upperBound.daysSince1970 - old.lowerBound.daysSince1970
            return .days(start..<CivilDate(daysSince1970: start.daysSince1970 + days))
        case (nil, .day(let end)?, .days(let old)):
            guard old.lowerBound < end else { throw wrong }
            return .days(old.lowerBound..<end)
        default: throw mixed
        }
    }
}
