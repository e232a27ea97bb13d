#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension WeeklyHours {
    /// When the business is open on a day, as moments; on a day on which the clocks change these are the wall clock's hours.
    func openings(on day: CivilDate, in zone: BusinessZone) -> [Range<Date>] {
        let midnight = day.daysSince1970
        let weekday = (midnight + 4).floorRemainder(by: 7)
        guard days.indices.contains(weekday) else { return [] }
        return days[weekday].compactMap { span in
            let start = zone.first(atOrAfter: midnight * 86400 + span.lowerBound * 60)
            let end = zone.first(atOrAfter: midnight * 86400 + span.upperBound * 60, last: true)
            return start < end ? start..<end : nil
        }
    }

    /// Whether the business is open all the time, also past midnight.
    func cover(_ range: Range<Date>, in time: BusinessTime) -> Bool {
        let first = time.day(of: range.lowerBound).daysSince1970
        let last = time.day(of: range.upperBound).daysSince1970
        var covered = range.lowerBound
        for day in (first - 1)...max(first, last) {
            for opening in openings(on: CivilDate(daysSince1970: day), in: time.zone) where opening.contains(covered) {
                covered = opening.upperBound
            }
        }
        return covered >= range.upperBound
    }

    /// `08:00–12:00`, `13:00–17:00`.
    func words(on day: CivilDate) -> [String] {
        let weekday = (day.daysSince1970 + 4).floorRemainder(by: 7)
        func clock(_ minutes: Int) -> String {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return "\(two(minutes / 60)):\(two(minutes % 60))"
        }
        return days.indices.contains(weekday)
            ? days[weekday].map { "\(clock($0.lowerBound))–\(clock($0.upperBound))" } : []
    }
}

extension BusinessZone {
    /// The moment at which the clocks show `wall`; where they skip it, the first one after.
    ///
    /// - Parameter last: whether the later one is meant of a time that occurs twice.
    fileprivate func first(atOrAfter wall: Int, last: Bool = false) -> Date {
        for step in 0..<(24 * 12) {
            let instants = instants(ofWallClock: wall + step * 300)
            if let instant = last && step == 0 ? instants.last : instants.first {
                return Date(timeIntervalSince1970: Double(instant))
            }
        }
        return Date(timeIntervalSince1970: Double(wall - offset(at: wall)))
    }
}
