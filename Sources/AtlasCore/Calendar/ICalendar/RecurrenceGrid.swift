/// The periods of a rule: days, weeks, months or years, every so many of them, counted from that of the start.
struct RecurrenceGrid {
    private let frequency: RecurrenceParts.Frequency
    private let interval: Int
    private let weekStart: Int
    /// The period of the start, counted in days, weeks, months or years.
    private let origin: Int

    init(_ parts: RecurrenceParts, from start: CivilDate) {
        frequency = parts.frequency
        interval = parts.interval
        weekStart = parts.weekStart
        origin = Self.period(of: start.daysSince1970, parts.frequency, parts.weekStart)
    }

    /// Which period a day belongs to.
    func period(of day: Int) -> Int { Self.period(of: day, frequency, weekStart) }

    private static func period(of day: Int, _ frequency: RecurrenceParts.Frequency, _ weekStart: Int) -> Int {
        switch frequency {
        case .weekly: return (day + 4 - weekStart).floorDivided(by: 7)
        case .monthly:
            let date = CivilDate(daysSince1970: day)
            return date.year * 12 + date.month - 1
        case .yearly: return CivilDate(daysSince1970: day).year
        default: return day
        }
    }

    func firstDay(of period: Int) -> Int {
        switch frequency {
        case .weekly: period * 7 - 4 + weekStart
        case .monthly:
            CivilDate(year: period.floorDivided(by: 12), month: period.floorRemainder(by: 12) + 1, day: 1).daysSince1970
        case .yearly: CivilDate(year: period, month: 1, day: 1).daysSince1970
        default: period
        }
    }

    /// The last period of the rule that begins no later than `day`, or the first one. A week of a year may begin in the year before.
    func period(before day: Int) -> Int {
        let back = frequency == .yearly ? 1 : 0
        return origin + max(0, (period(of: day) - origin).floorDivided(by: interval) - back) * interval
    }

    /// The days of a rule of days or weeks.
    func days(of rule: RecurrenceParts, from first: Int, through last: Int, since: Int, enough: Int)
        -> RecurrenceExpansion.Answer
    {
        let places =
            frequency == .weekly ? rule.weekdays.map { ($0.day - weekStart).floorRemainder(by: 7) }.sorted() : [0]
        let isLimited =
            !(rule.months.isEmpty && rule.monthDays.isEmpty) || (frequency == .daily && !rule.weekdays.isEmpty)
        let calendar = RecurrenceCalendar(rule)
        var days: [Int] = []
        var wanted = 0
        var period = first
        // The calendar repeats itself after 146,097 days.
        for _ in 0...146_097 {
            let start = firstDay(of: period)
            for day in places.map({ start + $0 }) {
                if day > last { return .init(walls: days, isCut: false) }
                if isLimited, !calendar.matches(CivilDate(daysSince1970: day), days: day) { continue }
                days.append(day)
                if day >= since { wanted += 1 }
            }
            if wanted >= enough || days.count >= RecurrenceExpansion.bound { break }
            period += interval
        }
        return .init(walls: days, isCut: !days.isEmpty)
    }

    /// Whether any day in the rule's months or years up to `last` matches: libical would go on looking.
    func mayMatch(_ rule: RecurrenceParts, from first: Int, through last: Int) -> Bool {
        if frequency == .monthly, rule.months.isEmpty, rule.weekdays.isEmpty,
            rule.monthDays.contains(where: { abs($0) <= 28 })
        {
            return true
        }
        let calendar = RecurrenceCalendar(rule)
        // The calendar repeats itself after 400 years.
        let periods = frequency == .monthly ? 4800 : 400
        // Weeks of a year reach over its ends.
        let margin = rule.weeks.isEmpty ? 0 : 6
        var period = first
        while period <= min(first + periods * interval, self.period(of: last)) {
            let next = firstDay(of: period + 1)
            for day in (firstDay(of: period) - margin)..<(next + margin)
            where calendar.matches(CivilDate(daysSince1970: day), days: day) {
                return true
            }
            period += interval
        }
        return false
    }
}
