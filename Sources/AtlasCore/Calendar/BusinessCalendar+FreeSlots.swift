#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Times at which nothing is planned.
public struct FreeTime: Sendable {
    /// The first ones.
    public var slots: [Range<Date>]
    /// How many there are.
    public var total: Int
    public var timeZone: String
    public var warnings: [String]
}

extension BusinessCalendar {
    /// Looks for starts at which `minutes` are free in every one of the calendars, and free of appointments.
    ///
    /// - Parameters:
    ///   - calendars: ids, separated by commas; nil for the primary one.
    ///   - startHour: with `endHour` the hours of a day on the wall clock, 0…24.
    ///   - buffer: minutes left free around everything that is planned.
    public func freeSlots(
        from start: String, to end: String, minutes: Int, calendars: String?, startHour: Int, endHour: Int, buffer: Int
    ) async throws -> FreeTime {
        let range = try range(from: start, to: end)
        guard (0...23).contains(startHour), startHour < endHour, endHour <= 24 else {
            throw AtlasError(
                .invalidArgument, "end_hour must be after start_hour, both of one day: 0 to 24.", parameter: "end_hour")
        }
        guard (5...1440).contains(minutes), (0...1440).contains(buffer) else {
            throw AtlasError(
                .invalidArgument, "duration_minutes must be between 5 and 1440, buffer_minutes between 0 and 1440.",
                parameter: (5...1440).contains(minutes) ? "buffer_minutes" : "duration_minutes")
        }
        // What ends shortly before the range or starts shortly after it still wants its distance.
        let margin = Double(buffer) * 60
        let searched = range.lowerBound.addingTimeInterval(-margin)..<range.upperBound.addingTimeInterval(margin)
        let busy = try await busy(in: searched, calendars: calendars)
        let question = FreeSlots.Question(
            range: range, minutes: minutes, hours: WeeklyHours(from: startHour, to: endHour), buffer: buffer)
        let found = FreeSlots.find(question, busy: busy.ranges, zone: time.zone, limit: 20)
        return FreeTime(slots: found.slots, total: found.total, timeZone: time.zone.name, warnings: busy.warnings)
    }

    /// What is taken: by the calendars' events, and by appointments, whether a calendar shows them or not.
    func busy(in range: Range<Date>, calendars: String?) async throws -> (ranges: [Range<Date>], warnings: [String]) {
        let names = (calendars ?? "").split(separator: ",").compactMap { Self.named(String($0)) }
        let wanted: [String?] = names.isEmpty ? [nil] : names
        guard wanted.count <= 20 else {
            throw AtlasError(
                .invalidArgument, "calendar_id must name at most 20 calendars.", parameter: "calendar_id")
        }
        return try await withThrowingTaskGroup(of: (ranges: [Range<Date>], warnings: [String]).self) { group in
            group.addTask { (try await appointments(range), []) }
            for calendar in wanted {
                group.addTask {
                    let listing = try await provider.events(in: range, of: calendar, limit: Self.mostBusy)
                    guard listing.isComplete else {
                        throw AtlasError(
                            .invalidArgument,
                            "There are more than \(Self.mostBusy) events between start and end. Ask for a shorter time.",
                            parameter: "end")
                    }
                    return (listing.busy(in: range), listing.warnings)
                }
            }
            var all: (ranges: [Range<Date>], warnings: [String]) = ([], [])
            for try await part in group {
                all.ranges += part.ranges
                all.warnings += part.warnings
            }
            return all
        }
    }

    static let mostBusy = 20_000
}

extension EventListing {
    /// The parts of `range` that events take up, but for the event of this UID.
    func busy(in range: Range<Date>, except uid: String? = nil) -> [Range<Date>] {
        events.compactMap { event in
            guard event.busy, event.start < event.end, uid == nil || event.uid != uid else { return nil }
            let taken = (event.start..<event.end).clamped(to: range)
            return taken.isEmpty ? nil : taken
        }
    }
}
