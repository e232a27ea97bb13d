#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The business's calendars, wherever they are kept, in the business's words: times as callers write them, errors that name the
/// argument.
///
/// A calendar that is named nil is the primary one.
public struct BusinessCalendar: Sendable {
    let provider: any CalendarProvider
    let time: BusinessTime
    /// When visits can be, for what is left of a day.
    let hours: WeeklyHours
    /// For idempotency keys.
    let database: @Sendable () throws -> Database
    /// When the business is taken by appointments, whether the calendar shows them or not.
    let appointments: @Sendable (Range<Date>) async throws -> [Range<Date>]

    /// The most days that one listing or one search for free time looks at.
    static let longestRange = 1_830
    /// The most events that a listing leaves out before it begins.
    public static let mostSkipped = 20_000

    /// The account's calendars, the primary one first.
    public func calendars() async throws -> [CalendarInfo] {
        try await provider.calendars().map(\.presentable)
    }

    /// The events that overlap a range, occurrences of series each by itself, by start.
    ///
    /// - Parameters:
    ///   - end: a bare date is that whole day.
    ///   - limit: 1…500.
    ///   - offset: how many are left out before, 0…``mostSkipped``.
    public func events(
        from start: String, to end: String, in calendar: String?, limit: Int, offset: Int = 0
    ) async throws -> EventListing {
        guard (1...500).contains(limit) else {
            throw AtlasError(.invalidArgument, "limit must be between 1 and 500, got \(limit).", parameter: "limit")
        }
        guard (0...Self.mostSkipped).contains(offset) else {
            throw AtlasError(
                .invalidArgument, "offset must be between 0 and \(Self.mostSkipped), got \(offset).",
                parameter: "offset")
        }
        // A page that began at the last one's start would begin with what still goes on then, over and over.
        let listing = try await provider.events(
            in: range(from: start, to: end), of: Self.named(calendar), limit: offset + limit)
        return EventListing(
            events: listing.events.dropFirst(offset).map { $0.shown(in: time, longestText: 1_000) },
            isComplete: listing.isComplete,
            warnings: listing.warnings.map { $0.cutShort(at: 300) })
    }

    /// - Throws: `not_found` when there is no such event.
    public func event(_ id: String, in calendar: String?) async throws -> CalendarEvent {
        guard let event = try await provider.event(id.trimmed, in: Self.named(calendar)) else { throw Self.gone }
        return event.shown(in: time, longestText: 20_000)
    }

    /// Makes an event, once for each idempotency key.
    public func create(_ request: EventRequest, in calendar: String?, idempotencyKey: String?) async throws
        -> DoneOnce<CalendarEvent>
    {
        let calendar = Self.named(calendar)
        var draft = try request.draft(in: time)
        guard let key = try TextLimit.idempotencyKey.optional(idempotencyKey) else {
            return DoneOnce(
                outcome: shown(try await provider.create(draft, in: calendar)), replayed: false, warnings: [])
        }
        let once = OnceOnly(tool: "create_event", key: key, arguments: request.arguments(calendar: calendar))
        let (event, replayed) = try await once.run(on: database()) { name in
            // The calendar itself recognises a repetition whose first call did not live to keep its outcome.
            draft.uid = name
            return shown(try await provider.create(draft, in: calendar))
        }
        return DoneOnce(outcome: event, replayed: replayed, warnings: [])
    }

    /// Changes an event: an occurrence by its own id, all of a series by the series'.
    ///
    /// - Throws: `not_found`; `invalid_argument` when nothing is to change; `conflict` when somebody else changed it meanwhile.
    public func update(_ id: String, in calendar: String?, _ request: EventChangeRequest) async throws -> CalendarEvent
    {
        let change = try request.change(in: time)
        return try await provider.update(id.trimmed, in: Self.named(calendar), change)
            .shown(in: time, longestText: 20_000)
    }

    /// - Throws: `not_found` when there is no such event.
    public func delete(_ id: String, in calendar: String?) async throws {
        guard try await provider.delete(id.trimmed, in: Self.named(calendar)) else { throw Self.gone }
    }

    private func shown(_ created: CreatedEvent) -> CalendarEvent {
        created.event.shown(in: time, longestText: 20_000)
    }

    /// The name of a calendar; blank counts as none.
    static func named(_ calendar: String?) -> String? {
        calendar.map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    }

    static var gone: AtlasError {
        AtlasError(
            .notFound,
            "There is no such event: it was deleted, or the id is none. List the events again for ids that hold.",
            parameter: "event_id")
    }
}

extension BusinessCalendar {
    /// - Throws: `invalid_argument` naming `start` or `end`.
    func range(from start: String, to end: String) throws(AtlasError) -> Range<Date> {
        let first = try time.read(start, parameter: "start").start
        let last: Date
        switch try time.read(end, parameter: "end") {
        case .moment(let moment): last = moment
        case .day(let day): last = day.upperBound
        }
        guard first < last else {
            throw AtlasError(.invalidArgument, "end must be after start.", parameter: "end")
        }
        guard last.timeIntervalSince(first) <= Double(Self.longestRange) * 86_400 + 86_400 else {
            throw AtlasError(
                .invalidArgument,
                "end must be at most \(Self.longestRange) days after start. Ask for a part at a time.",
                parameter: "end")
        }
        return first..<last
    }
}
