#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Times as the business says them: read and shown in its zone.
///
/// Input is ISO 8601; without an offset it is meant in the zone, and a bare date is that whole day there.
public struct BusinessTime: Sendable {
    public let zone: BusinessZone

    public init(zone: BusinessZone) { self.zone = zone }

    /// What a text names: a moment, or a whole day from its first moment to the first of the next day.
    public enum Reading: Sendable, Equatable {
        case moment(Date)
        case day(Range<Date>)

        /// The moment, or the day's first.
        public var start: Date {
            switch self {
            case .moment(let date): date
            case .day(let range): range.lowerBound
            }
        }
    }

    /// Seconds east of Greenwich at `date`.
    public func offset(at date: Date) -> Int { zone.offset(at: Int(date.timeIntervalSince1970.rounded(.down))) }

    /// Reads `text`.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming `parameter`: not a time, no such day, a wall-clock time that a
    ///   change of the clocks skips, or one that occurs twice and so needs an offset.
    public func read(_ text: String, parameter: String) throws(AtlasError) -> Reading {
        guard let given = ISO8601Text(text) else {
            throw AtlasError(
                .invalidArgument,
                "\(parameter) must be an ISO 8601 time like 2026-11-24T09:00 or a date like 2026-11-24, got \"\(text.prefix(40))\".",
                parameter: parameter)
        }
        guard let clock = given.secondsOfDay else {
            let days = given.date.daysSince1970
            return .day(start(ofDay: days)..<start(ofDay: days + 1))
        }
        let wall = given.date.daysSince1970 * 86400 + clock
        if let offset = given.offset { return .moment(moment(wall - offset, given.fraction)) }
        let instants = zone.instants(ofWallClock: wall)
        switch instants.count {
        case 1: return .moment(moment(instants[0], given.fraction))
        case 0:
            throw AtlasError(
                .invalidArgument,
                "\(parameter): \(text) does not exist in \(zone.name), the clocks skip it. Choose another time, or give an offset.",
                parameter: parameter)
        default:
            let readings = instants.map { iso8601(Date(timeIntervalSince1970: Double($0))) }.joined(separator: " or ")
            throw AtlasError(
                .invalidArgument,
                "\(parameter): \(text) occurs twice in \(zone.name) because the clocks change. Give an offset: \(readings).",
                parameter: parameter)
        }
    }

    private func moment(_ instant: Int, _ fraction: Double) -> Date {
        Date(timeIntervalSince1970: Double(instant) + fraction)
    }

    /// The first moment of a day here; where midnight is skipped, the first one after it.
    func start(ofDay days: Int) -> Date {
        var wall = days * 86400
        for _ in 0..<(24 * 12) {
            if let instant = zone.instants(ofWallClock: wall).first {
                return Date(timeIntervalSince1970: Double(instant))
            }
            wall += 300
        }
        return Date(timeIntervalSince1970: Double(days * 86400 - zone.offset(at: days * 86400)))
    }

    /// The first moment of the day that `moment` falls on here.
    public func startOfDay(_ moment: Date = Date()) -> Date {
        let instant = Int(moment.timeIntervalSince1970.rounded(.down))
        return start(ofDay: (instant + zone.offset(at: instant)).floorDivided(by: 86400))
    }

    /// RFC 3339 with the zone's offset, whole seconds.
    public func iso8601(_ date: Date) -> String {
        let instant = Int(date.timeIntervalSince1970.rounded(.down))
        let offset = zone.offset(at: instant)
        let wall = instant + offset
        let day = CivilDate(daysSince1970: wall.floorDivided(by: 86400))
        let seconds = wall.floorRemainder(by: 86400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let year = String(repeating: "0", count: max(0, 4 - String(day.year).count)) + String(day.year)
        let sign = offset < 0 ? "-" : "+"
        let east = abs(offset)
        return
            "\(year)-\(two(day.month))-\(two(day.day))T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
            + "\(sign)\(two(east / 3600)):\(two(east / 60 % 60))"
    }
}

extension BusinessTime {
    /// A span of time for a reader: `Tue 24 Nov 2026, 09:00–11:00 CST`.
    public func span(from start: Date, to end: Date) -> String {
        let (first, last) = (Clock(start, zone), Clock(end, zone))
        // Only where the clocks change in between do the two ends differ in zone.
        let zoneOfFirst = first.zone == last.zone ? "" : " \(first.zone)"
        guard first.day == last.day else {
            return "\(first.day), \(first.time)\(zoneOfFirst) – \(last.day), \(last.time) \(last.zone)"
        }
        return "\(first.day), \(first.time)\(zoneOfFirst)–\(last.time) \(last.zone)"
    }

    /// Whole days for a reader: `Tue 24 Nov 2026`, or the first and the last of several.
    public func days(from start: Date, to end: Date) -> String {
        let (first, last) = (Clock(start, zone), Clock(max(start, end.addingTimeInterval(-1)), zone))
        return first.day == last.day ? first.day : "\(first.day) – \(last.day)"
    }

    /// What calendar and clock on the wall show.
    private struct Clock {
        let day: String
        let time: String
        let zone: String

        init(_ date: Date, _ zone: BusinessZone) {
            let instant = Int(date.timeIntervalSince1970.rounded(.down))
            let wall = instant + zone.offset(at: instant)
            let days = wall.floorDivided(by: 86400)
            let date = CivilDate(daysSince1970: days)
            let weekday = date.weekdayName.prefix(3)
            day = "\(weekday) \(date.day) \(Self.months[date.month - 1]) \(date.year)"
            let minutes = wall.floorRemainder(by: 86400) / 60
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            time = "\(two(minutes / 60)):\(two(minutes % 60))"
            self.zone = zone.abbreviation(at: instant)
        }

        static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    }
}
