#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Days and moments as letters say them.
extension BusinessTime {
    /// The day that a moment falls on here.
    func day(of moment: Date) -> CivilDate {
        let instant = Int(moment.timeIntervalSince1970.rounded(.down))
        return CivilDate(daysSince1970: (instant + zone.offset(at: instant)).floorDivided(by: 86400))
    }

    /// `Tuesday, November 24, 2026`
    static func longDate(_ date: CivilDate) -> String {
        "\(date.weekdayName), \(months[date.month - 1]) \(date.day), \(date.year)"
    }

    /// `Tue, Nov 24, 2026 at 09:00 CST`
    func moment(_ date: Date) -> String {
        let instant = Int(date.timeIntervalSince1970.rounded(.down))
        let wall = instant + zone.offset(at: instant)
        let day = CivilDate(daysSince1970: wall.floorDivided(by: 86400))
        let minutes = wall.floorRemainder(by: 86400) / 60
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day.weekdayName.prefix(3)), \(Self.months[day.month - 1].prefix(3)) \(day.day), \(day.year) at "
            + "\(two(minutes / 60)):\(two(minutes % 60)) \(zone.abbreviation(at: instant))"
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
