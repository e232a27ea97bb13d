/// Which days a rule's BY parts let through, one by one.
///
/// libical finds the days of months and years; this tells beforehand whether there are any, for it looks until the year 20000.
struct RecurrenceCalendar {
    let parts: RecurrenceParts

    init(_ parts: RecurrenceParts) { self.parts = parts }

    /// Whether any day of the Gregorian calendar, which repeats itself after 400 years, is let through.
    var everMatches: Bool {
        let first = CivilDate(year: 2000, month: 1, day: 1).daysSince1970
        return (first..<first + 146_097).contains { matches(CivilDate(daysSince1970: $0), days: $0) } && positionsExist
    }

    /// Whether a set of one period is ever large enough for one of the positions.
    private var positionsExist: Bool {
        guard let nearest = parts.positions.map(abs).min() else { return true }
        let days =
            switch parts.frequency {
            case .weekly: parts.weekdays.isEmpty ? 1 : parts.weekdays.count
            case .monthly: monthlyDays
            case .yearly: 366
            default: 1
            }
        return nearest <= parts.timesPerDay * days
    }

    /// The most days that a month may hold.
    private var monthlyDays: Int {
        if !parts.monthDays.isEmpty { return parts.monthDays.count }
        if parts.weekdays.isEmpty { return 1 }
        return parts.weekdays.reduce(0) { $0 + ($1.ordinal == 0 ? 5 : 1) }
    }

    func matches(_ date: CivilDate, days: Int) -> Bool {
        if !parts.months.isEmpty, !parts.months.contains(date.month) { return false }
        let length = CivilDate.days(inMonth: date.month, of: date.year)
        if !parts.monthDays.isEmpty,
            !parts.monthDays.contains(where: { $0 > 0 ? $0 == date.day : length + $0 + 1 == date.day })
        {
            return false
        }
        if !parts.yearDays.isEmpty {
            let yearDay = days - CivilDate(year: date.year, month: 1, day: 1).daysSince1970 + 1
            let yearLength = CivilDate.isLeap(date.year) ? 366 : 365
            guard parts.yearDays.contains(where: { $0 > 0 ? $0 == yearDay : yearLength + $0 + 1 == yearDay }) else {
                return false
            }
        }
        if !parts.weeks.isEmpty, !isInWeeks(days) { return false }
        if parts.weekdays.isEmpty { return true }
        let weekday = (days + 4).floorRemainder(by: 7)
        return parts.weekdays.contains { wanted in
            guard wanted.day == weekday else { return false }
            if wanted.ordinal == 0 || parts.frequency == .weekly || parts.frequency == .daily { return true }
            let isOfMonth = parts.frequency == .monthly || !parts.months.isEmpty
            let (place, of) =
                isOfMonth
                ? (date.day, length)
                : (
                    days - CivilDate(year: date.year, month: 1, day: 1).daysSince1970 + 1,
                    CivilDate.isLeap(date.year) ? 366 : 365
                )
            return wanted.ordinal > 0
                ? (place - 1) / 7 + 1 == wanted.ordinal : (of - place) / 7 + 1 == -wanted.ordinal
        }
    }

    /// Week 1 is the first that has four days in the year.
    private func isInWeeks(_ day: Int) -> Bool {
        func weekStart(of day: Int) -> Int { day - (day + 4 - parts.weekStart).floorRemainder(by: 7) }
        let week = weekStart(of: day)
        let year = CivilDate(daysSince1970: week + 3).year
        let first = weekStart(of: CivilDate(year: year, month: 1, day: 4).daysSince1970)
        let count = (weekStart(of: CivilDate(year: year + 1, month: 1, day: 4).daysSince1970) - first) / 7
        let number = (week - first) / 7 + 1
        return parts.weeks.contains { $0 > 0 ? $0 == number : count + $0 + 1 == number }
    }
}
