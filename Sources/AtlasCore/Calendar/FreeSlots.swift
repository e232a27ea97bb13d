#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When work is done: for each day of the week, spans of minutes on the wall clock.
public struct WeeklyHours: Sendable, Equatable {
    /// Sunday first; spans of minutes after midnight within 0..<1440, upper bound up to 1440, sorted, apart from each other.
    public var days: [[Range<Int>]]

    public init(days: [[Range<Int>]]) { self.days = days }

    /// The same hours on every day.
    public init(from start: Int, to end: Int) {
        days = Array(repeating: start < end ? [start * 60..<end * 60] : [], count: 7)
    }
}

/// Where time is left between what is busy.
public struct FreeSlots: Sendable, Equatable {
    public struct Question: Sendable, Equatable {
        public var range: Range<Date>
        public var minutes: Int
        public var hours: WeeklyHours
        /// Minutes to be left free before and after what is busy.
        public var buffer: Int

        public init(range: Range<Date>, minutes: Int, hours: WeeklyHours, buffer: Int = 0) {
            self.range = range
            self.minutes = minutes
            self.hours = hours
            self.buffer = buffer
        }
    }

    /// The first ones, by start.
    public var slots: [Range<Date>]
    /// How many there are.
    public var total: Int

    public static func find(_ question: Question, busy: [Range<Date>], zone: BusinessZone, limit: Int = 20) -> FreeSlots
    {
        FreeSlots(slots: [], total: 0)
    }
}
