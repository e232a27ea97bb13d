#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension EventListing {
    /// The occurrences of iCalendar objects in a range, by start.
    ///
    /// - Parameters:
    ///   - objects: each with what its events' ids are made of.
    ///   - event: makes an event of an occurrence.
    init<Place>(
        of objects: some Sequence<(Place, [UInt8])>, in range: Range<Date>, zone: BusinessZone, limit: Int,
        event: (ICalendarOccurrence, ICalendarObject, Place) -> CalendarEvent
    ) {
        self.init(events: [])
        var unreadable = 0
        for (place, octets) in objects {
            do {
                let object = try ICalendarObject(parsing: octets)
                let occurrences = try object.occurrences(in: range, zone: zone, limit: limit + 1)
                if occurrences.count > limit { isComplete = false }
                events += occurrences.map { event($0, object, place) }
            } catch {
                unreadable += 1
            }
        }
        events.sort { ($0.start, $0.end, $0.id) < ($1.start, $1.end, $1.id) }
        if events.count > limit {
            events.removeLast(events.count - limit)
            isComplete = false
        }
        if unreadable > 0 {
            warnings = [
                "\(unreadable) \(unreadable == 1 ? "event" : "events") of the calendar could not be read and \(unreadable == 1 ? "is" : "are") left out."
            ]
        }
    }
}
