#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Atlas {
    /// The business's calendars.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    public var calendar: BusinessCalendar {
        get throws {
            BusinessCalendar(
                provider: try calendarProvider, time: try time, hours: WeeklyHours(from: 8, to: 18),
                database: { [self] in try opened.withLock { try database(&$0) } }, appointments: { _ in [] })
        }
    }

    private var calendarProvider: any CalendarProvider {
        get throws { throw AtlasError(.notConfigured, "There is no calendar yet.") }
    }
}
