import CICal

/// The local times that a rule gives from a start (RFC 5545, 3.3.10).
///
/// libical finds what the BY parts choose within a period; where periods begin, BYSETPOS, COUNT and UNTIL are ours, and every
/// expansion is bounded: a rule is somebody else's text. What libical 3.0 does otherwise and how it is met here: weeks of an interval
/// are found a week late for Sundays, so each weekday is asked for by itself; BYSETPOS of weeks is ignored, and so is a
/// negative BYMONTHDAY of days; COUNT makes far ranges dear.
struct RecurrenceExpansion {
    /// The parts, with what the start stands for written out.
    private var rule: RecurrenceParts
    private let parts: RecurrenceParts
    private let start: Int
    /// The last local time that is wanted by UNTIL.
    private let until: Int?
    /// What libical is not asked for.
    private var filter: RecurrenceCalendar?

    /// The most local times that are looked at for one answer.
    static let bound = 50_000
    /// Who repeats more often on a day repeats within the day.
    static let timesPerDay = 96

    /// - Parameters:
    ///   - start: DTSTART on the wall clock.
    ///   - until: UNTIL on the same clock.
    init(_ parts: RecurrenceParts, start: ICalendarTime, until: Int?) {
        self.parts = parts
        self.start = start.wall
        self.until = until
        rule = parts
        rule.count = nil
        rule.until = nil
        rule.positions = []
        if start.form == .day { (rule.hours, rule.minutes, rule.seconds) = ([], [], []) }
        if rule.frequency != .yearly { (rule.yearDays, rule.weeks) = ([], []) }
        let hasOrdinals = rule.frequency == .monthly || (rule.frequency == .yearly && rule.weeks.isEmpty)
        if !hasOrdinals { rule.weekdays = rule.weekdays.map { .init(day: $0.day) } }
        let date = start.day
        let weekday = RecurrenceParts.Weekday(day: (date.daysSince1970 + 4).floorRemainder(by: 7))
        switch rule.frequency {
        case .weekly:
            rule.monthDays = []
            if rule.weekdays.isEmpty { rule.weekdays = [weekday] }
        case .monthly:
            if rule.weekdays.isEmpty, rule.monthDays.isEmpty { rule.monthDays = [date.day] }
        case .yearly:
            guard rule.weekdays.isEmpty, rule.monthDays.isEmpty, rule.yearDays.isEmpty else { break }
            if !rule.weeks.isEmpty {
                rule.weekdays = [weekday]
            } else {
                rule.monthDays = [date.day]
                if rule.months.isEmpty { rule.months = [date.month] }
            }
        default: break
        }
        if rule.frequency == .daily, rule.monthDays.contains(where: { $0 < 0 }) {
            filter = RecurrenceCalendar(rule)
            rule.monthDays = []
        }
    }

    struct Answer {
        /// Ascending, each once.
        var walls: [Int]
        /// Whether there may be more in the window than these.
        var isCut: Bool
    }

    /// The local times in `window`, at most the first `limit` of them.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when libical is missing.
    func walls(in window: Range<Int>, limit: Int) throws(AtlasError) -> Answer {
        let none = Answer(walls: [], isCut: false)
        let date = CivilDate(daysSince1970: start.floorDivided(by: 86400))
        // A rule that repeats within a day may be looked for without end.
        guard !parts.isSubDaily, parts.timesPerDay <= Self.timesPerDay, date.year >= 2, limit > 0 else { return none }
        let last = min(window.upperBound - 1, until ?? .max, 253_370_764_800)
        guard last >= start, last >= window.lowerBound else { return none }

        let jump = parts.count == nil ? max(window.lowerBound, start) : start
        let grid = RecurrenceGrid(rule, from: date)
        let first = grid.period(before: jump.floorDivided(by: 86400))
        guard grid.mayMatch(rule, from: first, through: last.floorDivided(by: 86400)) else { return none }

        var found: [Int] = []
        var isCut = false
        // Which is the last of its period shows when the period is over.
        let through =
            parts.positions.isEmpty
            ? last : grid.firstDay(of: grid.period(of: last.floorDivided(by: 86400)) + 1) * 86400 - 1
        let from = parts.count == nil ? window.lowerBound : start
        // A set of positions, or a count, needs whole periods.
        let enough = parts.positions.isEmpty && parts.count == nil && filter == nil ? limit + 1 : Self.bound
        let days = rule.frequency == .weekly && rule.interval > 1 ? rule.weekdays.map { [$0] } : [rule.weekdays]
        for weekdays in days {
            var single = rule
            single.weekdays = weekdays
            var day = grid.firstDay(of: first)
            if days.count > 1 || (rule.frequency == .weekly && rule.interval > 1), let only = weekdays.first {
                day += (only.day - rule.weekStart).floorRemainder(by: 7)
            }
            let part = try Self.times(
                of: single, from: day, clock: start.floorRemainder(by: 86400), through: through, since: from,
                enough: enough)
            found += part.walls
            isCut = isCut || part.isCut
        }
        found.sort()
        if let filter {
            found.removeAll {
                let day = $0.floorDivided(by: 86400)
                return !filter.matches(CivilDate(daysSince1970: day), days: day)
            }
        }
        if !parts.positions.isEmpty { found = chosen(found, grid) }
        found.removeAll { $0 < start }
        if let count = parts.count {
            // DTSTART always counts as the first.
            found = Array(found.prefix(found.first == start ? count : count - 1))
        }
        found.removeAll { $0 < window.lowerBound || $0 > last }
        if found.count > limit {
            found.removeLast(found.count - limit)
            isCut = true
        }
        return Answer(walls: found, isCut: isCut)
    }

    /// What BYSETPOS lets through, of each period.
    private func chosen(_ walls: [Int], _ grid: RecurrenceGrid) -> [Int] {
        var result: [Int] = []
        var index = 0
        while index < walls.count {
            let period = grid.period(of: walls[index].floorDivided(by: 86400))
            var end = index
            while end < walls.count, grid.period(of: walls[end].floorDivided(by: 86400)) == period { end += 1 }
            let set = walls[index..<end]
            let places = parts.positions.map { $0 > 0 ? index + $0 - 1 : end + $0 }
            result += Set(places).filter(set.indices.contains).sorted().map { walls[$0] }
            index = end
        }
        return result
    }

    private static func times(
        of rule: RecurrenceParts, from day: Int, clock: Int, through last: Int, since: Int, enough: Int
    ) throws(AtlasError) -> Answer {
        var rule = rule
        var clock = clock
        if !(rule.hours.isEmpty && rule.minutes.isEmpty && rule.seconds.isEmpty) {
            if rule.hours.isEmpty { rule.hours = [clock / 3600] }
            if rule.minutes.isEmpty { rule.minutes = [clock / 60 % 60] }
            if rule.seconds.isEmpty { rule.seconds = [clock % 60] }
            clock = 0
        }
        // Bounds the search of libical itself; a day more, for it need not be exact.
        rule.until = ICalendarTime(.floating, wall: last + 86400)
        let date = CivilDate(daysSince1970: day)
        var answer: Int32 = 0
        let opened = atlas_ical_recurrence_open(
            rule.text, Int32(date.year), Int32(date.month), Int32(date.day), Int32(clock / 3600),
            Int32(clock / 60 % 60), Int32(clock % 60), &answer)
        if answer < 0 { throw AtlasError(.notConfigured, "libical is not installed (Debian: libical3).") }
        guard let recurrence = opened else { return Answer(walls: [], isCut: false) }
        defer { atlas_ical_recurrence_close(recurrence) }

        var walls: [Int] = []
        var wanted = 0
        var looked = 0
        while looked < bound {
            let chunk = 64
            let times = [Int64](unsafeUninitializedCapacity: chunk) { buffer, count in
                count = buffer.baseAddress.map { Int(atlas_ical_recurrence_next(recurrence, $0, Int32(chunk))) } ?? 0
            }
            looked += times.count
            for time in times {
                let wall = Int(time)
                if wall > last { return Answer(walls: walls, isCut: false) }
                walls.append(wall)
                if wall >= since { wanted += 1 }
            }
            if times.count < chunk { return Answer(walls: walls, isCut: false) }
            if wanted >= enough { break }
        }
        return Answer(walls: walls, isCut: true)
    }
}
