import CICal

/// The local times that a rule gives from a start (RFC 5545, 3.3.10).
///
/// libical finds the days of months and years. Days and weeks are counted here, for libical 3.0 finds every second Sunday a week
/// late, knows no negative BYMONTHDAY of days, and looks for a day that never comes; so are BYSETPOS, which it ignores in weeks, COUNT,
/// which makes far ranges dear, UNTIL, and the times of a day. Every expansion is bounded: a rule is somebody else's text.
struct RecurrenceExpansion {
    /// The parts, with what the start stands for written out.
    private var rule: RecurrenceParts
    private let parts: RecurrenceParts
    private let start: Int
    /// The last local time that is wanted by UNTIL.
    private let until: Int?
    /// Seconds after midnight, on each day.
    private let clocks: [Int]

    /// The most days that are looked at for one answer.
    static let bound = 20_000
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
        let clock = start.wall.floorRemainder(by: 86400)
        if start.form == .day {
            clocks = [0]
        } else {
            let hours = parts.hours.isEmpty ? [clock / 3600] : parts.hours
            let minutes = parts.minutes.isEmpty ? [clock / 60 % 60] : parts.minutes
            let seconds = parts.seconds.isEmpty ? [clock % 60] : parts.seconds
            clocks = hours.flatMap { hour in
                minutes.flatMap { minute in seconds.map { hour * 3600 + minute * 60 + $0 } }
            }.sorted()
        }
        (rule.hours, rule.minutes, rule.seconds) = ([], [], [])
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

        let from = parts.count == nil ? max(window.lowerBound, start) : start
        let grid = RecurrenceGrid(rule, from: date)
        let first = grid.period(before: from.floorDivided(by: 86400))
        // Which is the last of its period shows when the period is over.
        let lastDay = last.floorDivided(by: 86400)
        let through = parts.positions.isEmpty ? lastDay : grid.firstDay(of: grid.period(of: lastDay) + 1) - 1
        // Of a set of positions nobody knows how many are enough.
        let enough = parts.positions.isEmpty ? (parts.count ?? limit) / clocks.count + 2 : Self.bound / clocks.count
        let days =
            try rule.frequency == .daily || rule.frequency == .weekly
            ? grid.days(of: rule, from: first, through: through, since: from.floorDivided(by: 86400), enough: enough)
            : grid.mayMatch(rule, from: first, through: through)
                ? Self.days(
                    of: rule, from: grid.firstDay(of: first), through: through, since: from.floorDivided(by: 86400),
                    enough: enough)
                : none
        var found = days.walls.flatMap { day in clocks.map { day * 86400 + $0 } }
        var isCut = days.isCut
        if !parts.positions.isEmpty { found = chosen(found, grid) }
        found.removeAll { $0 < start }
        if let count = parts.count {
            // DTSTART always counts as the first.
            if found.count >= count { isCut = false }
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

    /// The days that libical finds.
    private static func days(of rule: RecurrenceParts, from first: Int, through last: Int, since: Int, enough: Int)
        throws(AtlasError) -> Answer
    {
        var rule = rule
        // Bounds the search of libical itself; a day more, for it need not be exact.
        rule.until = ICalendarTime(.floating, wall: (last + 1) * 86400)
        let date = CivilDate(daysSince1970: first)
        var answer: Int32 = 0
        let opened = atlas_ical_recurrence_open(
            rule.text, Int32(date.year), Int32(date.month), Int32(date.day), &answer)
        if answer < 0 { throw AtlasError(.notConfigured, "libical is not installed (Debian: libical3).") }
        guard let recurrence = opened else { return Answer(walls: [], isCut: false) }
        defer { atlas_ical_recurrence_close(recurrence) }

        var days: [Int] = []
        var wanted = 0
        while days.count < bound {
            let chunk = 32
            let more = [Int32](unsafeUninitializedCapacity: chunk) { buffer, count in
                count = buffer.baseAddress.map { Int(atlas_ical_recurrence_next(recurrence, $0, Int32(chunk))) } ?? 0
            }
            for day in more.map(Int.init) {
                if day > last { return Answer(walls: days, isCut: false) }
                days.append(day)
                if day >= since { wanted += 1 }
            }
            if more.count < chunk { return Answer(walls: days, isCut: false) }
            if wanted >= enough { break }
        }
        return Answer(walls: days, isCut: true)
    }
}
