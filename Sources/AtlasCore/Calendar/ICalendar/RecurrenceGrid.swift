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

    /// A period of the rule that ends before `day`, or the first one: from there nothing is missed. Weeks of a year reach into the
    /// next.
    func period(before day: Int) -> Int {
        origin + max(0, (period(of: day) - origin).floorDivided(by: interval) - 2) * interval
    }

    /// Whether any day in the rule's months or years up to `last` matches. For days and weeks the search of libical ends at UNTIL.
    func mayMatch(_ rule: RecurrenceParts, from first: Int, through last: Int) -> Bool {
        guard frequency == .monthly || frequency == .yearly, rule.weeks.isEmpty else { return true }
        if frequency == .monthly, rule.months.isEmpty, rule.weekdays.isEmpty,
            rule.monthDays.contains(where: { abs($0) <= 28 })
        {
            return true
        }
        let calendar = RecurrenceCalendar(rule)
        // The calendar repeats itself after 400 years.
        let periods = frequency == .monthly ? 4800 : 400
        var period = first
        while period <= min(first + periods * interval, self.period(of: last)) {
            let next = firstDay(of: period + 1)
            for day in firstDay(of: period)..<next
            where calendar.matches(CivilDate(daysSince1970: day), days: day) {
                return true
            }
            period += interval
        }
        return false
    }
}
