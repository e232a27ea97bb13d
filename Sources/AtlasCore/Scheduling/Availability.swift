#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When there can be visits: the answer of `check_availability`.
public struct Availability: Codable, Sendable, Equatable {
    public struct Day: Codable, Sendable, Equatable {
        /// `2026-11-24`
        public var date: String
        /// `Tuesday`
        public var weekday: String
        /// The business's hours that day, `08:00–18:00`; none when it is closed.
        public var hours: [String]
        /// The first times that are free.
        public var free: [FreeTime]
        /// How many there are.
        public var total: Int
    }

    public struct FreeTime: Codable, Sendable, Equatable {
        public var start: Date
        public var end: Date
        public var when: String
    }

    public var days: [Day]
    /// The dates on which the business is closed.
    public var closed: [String]
    /// How long a visit takes that is asked for.
    public var durationMinutes: Int
    public var timezone: String
    /// How many free times there are in all days.
    public var total: Int
    public var warnings: [String]

    enum CodingKeys: String, CodingKey {
        case days, closed
        case durationMinutes = "duration_minutes"
        case timezone, total, warnings
    }
}
