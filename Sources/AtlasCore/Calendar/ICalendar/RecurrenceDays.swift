/// The times of a rule on the wall clock, one after the other, from its start on.
///
/// Our own, though libical has one: measured on 3.0.16, its iterator starts `WEEKLY;INTERVAL=2;BYDAY=SU` a week late, ignores BYSETPOS
/// of weekly rules, gives none for several legal rules, and spends up to half a second on a rule that never matches (for ever, on
/// one by the second), without a way to stop it. A calendar is other people's text, and this walks it within bounds.
struct RecurrenceDays: Sequence, IteratorProtocol {
    private let rule: RecurrenceRule
    /// Seconds on the wall clock, as in ``ICalendarTime``.
    private let start: Int
    private let startDay: CivilDate
    /// Seconds after midnight at which each day's occurrences are.
    private let times: [Int]
    private var period: Int
    private var pending: [Int] = []
    private var next_ = 0
    /// No rule is looked at for longer than this many days, weeks, months or years.
    private var steps = 0
    private let mostSteps: Int

    /// - Parameters:
    ///   - start: of the series, in seconds on the wall clock.
    ///   - from: earlier times are not needed. They are given all the same where they have to be counted.
    init(_ rule: RecurrenceRule, start: Int, from: Int? = nil, mostSteps: Int = 400_000) {
        self.rule = rule
        self.start = start
        self.mostSteps = mostSteps
        startDay = CivilDate(daysSince1970: start.floorDivided(by: 86400))
        let seconds = start.floorRemainder(by: 86400)
        let hours = rule.hours.isEmpty ? [seconds / 3600] : rule.hours
        let minutes = rule.minutes.isEmpty ? [seconds / 60 % 60] : rule.minutes
        let ones = rule.seconds.isEmpty ? [seconds % 60] : rule.seconds
        var times: [Int] = []
        for hour in hours {
            for minute in minutes {
                for second in ones where times.count < 96 { times.append(hour * 3600 + minute * 60 + second) }
            }
        }
        self.times = times
        period = 0
        if rule.count == nil, let from, from > start { period = skipped(until: from) }
    }

    /// How many periods lie wholly before `wall`.
    private func skipped(until wall: Int) -> Int {
        let days = wall.floorDivided(by: 86400) - startDay.daysSince1970
        let until = CivilDate(daysSince1970: wall.floorDivided(by: 86400))
        let units: Int
        switch rule.frequency {
        case .daily: units = days - 1
        case .weekly: units = days / 7 - 1
        case .monthly: units = (until.year - startDay.year) * 12 + until.month - startDay.month - 1
        case .yearly: units = until.year - startDay.year - 1
        }
        return Swift.max(0, units / rule.interval)
    }

    mutating func next() -> Int? {
        while true {
            while next_ < pending.count {
                defer { next_ += 1 }
                if pending[next_] >= start { return pending[next_] }
            }
            guard steps < mostSteps, let days = days(of: period) else { return nil }
            steps += 1
            period += 1
            next_ = 0
            pending = chosen(days)
        }
    }

    /// Whether there is a time before `wall`.
    func contains(before wall: Int) -> Bool {
        var walk = self
        while walk.steps < 20_000 {
            if let first = walk.pending.first { return first < wall }
            guard let days = walk.days(of: walk.period), (days.first ?? 0) * 86400 < wall else { return false }
            walk.steps += 1
            walk.period += 1
            walk.pending = walk.chosen(days)
        }
        return false
    }

    /// The times of a period's days, those at BYSETPOS if the rule has any.
    private func chosen(_ days: [Int]) -> [Int] {
        var all: [Int] = []
        for day in days { for time in times { all.append(day * 86400 + time) } }
        guard !rule.positions.isEmpty else { return all }
        let kept = rule.positions.compactMap { position -> Int? in
            let index = position > 0 ? position - 1 : all.count + position
            return all.indices.contains(index) ? all[index] : nil
        }
        return Set(kept).sorted()
    }

    // MARK: - Days

    /// The days of the nth period, in order, as days since 1970; nil beyond the calendar.
    private func days(of period: Int) -> [Int]? {
        let (ahead, overflow) = period.multipliedReportingOverflow(by: rule.interval)
        guard !overflow, ahead < 4_000_000 else { return nil }
        switch rule.frequency {
        case .daily:
            let day = startDay.daysSince1970 + ahead
            return isAllowed(day) ? [day] : []
        case .weekly:
            let first = startDay.daysSince1970 - (startDay.weekday - rule.weekStart + 7) % 7 + ahead * 7
            let wanted = rule.weekdays.isEmpty ? [startDay.weekday] : rule.weekdays.map(\.day)
            return (first..<first + 7).filter { day in
                let date = CivilDate(daysSince1970: day)
                return wanted.contains(date.weekday) && (rule.months.isEmpty || rule.months.contains(date.month))
            }
        case .monthly:
            let month = startDay.month - 1 + ahead
            let year = startDay.year + month / 12
            guard year <= 9999 else { return nil }
            guard rule.months.isEmpty || rule.months.contains(month % 12 + 1) else { return [] }
            return daysOfMonth(month % 12 + 1, year)
        case .yearly:
            let year = startDay.year + ahead
            guard year <= 9999 else { return nil }
            return daysOfYear(year)
        }
    }

    /// BYMONTH, BYMONTHDAY and BYDAY as the limits that they are of a daily rule.
    private func isAllowed(_ day: Int) -> Bool {
        let date = CivilDate(daysSince1970: day)
        return (rule.months.isEmpty || rule.months.contains(date.month)) && isAllowedMonthDay(date)
            && (rule.weekdays.isEmpty || rule.weekdays.contains { $0.day == date.weekday })
    }

    private func isAllowedMonthDay(_ date: CivilDate) -> Bool {
        rule.monthDays.isEmpty
            || rule.monthDays.contains {
                $0 > 0 ? $0 == date.day : CivilDate.days(inMonth: date.month, of: date.year) + 1 + $0 == date.day
            }
    }

    private func daysOfMonth(_ month: Int, _ year: Int) -> [Int] {
        let first = CivilDate(year: year, month: month, day: 1).daysSince1970
        let span = first..<first + CivilDate.days(inMonth: month, of: year)
        if rule.weekdays.isEmpty, rule.monthDays.isEmpty {
            return startDay.day <= span.count ? [first + startDay.day - 1] : []
        }
        return span.filter { day in
            isAllowedMonthDay(CivilDate(daysSince1970: day)) && (rule.weekdays.isEmpty || isWeekday(day, within: span))
        }
    }

    /// Whether a day is one of BYDAY's, the numbers counted within `span`.
    private func isWeekday(_ day: Int, within span: Range<Int>) -> Bool {
        let weekday = CivilDate(daysSince1970: day).weekday
        return rule.weekdays.contains { wanted in
            guard wanted.day == weekday else { return false }
            if wanted.nth > 0 { return (day - span.lowerBound) / 7 + 1 == wanted.nth }
            if wanted.nth < 0 { return (span.upperBound - 1 - day) / 7 + 1 == -wanted.nth }
            return true
        }
    }

    /// BYMONTH, BYWEEKNO, BYYEARDAY, BYMONTHDAY and BYDAY of a yearly rule (the table of RFC 5545, 3.3.10).
    private func daysOfYear(_ year: Int) -> [Int] {
        let first = CivilDate(year: year, month: 1, day: 1).daysSince1970
        let length = CivilDate.isLeap(year) ? 366 : 365
        if rule.weeks.isEmpty, rule.yearDays.isEmpty {
            if rule.monthDays.isEmpty, rule.weekdays.isEmpty {
                return (rule.months.isEmpty ? [startDay.month] : rule.months).compactMap { month in
                    let date = CivilDate(year: year, month: month, day: startDay.day)
                    return date.isValid ? date.daysSince1970 : nil
                }
            }
            // Numbered weekdays are counted within the month where months are named, else within the year.
            if !rule.months.isEmpty || rule.weekdays.isEmpty {
                return (rule.months.isEmpty ? Array(1...12) : rule.months).flatMap { daysOfMonth($0, year) }
            }
            let span = first..<first + length
            return span.filter { isWeekday($0, within: span) && isAllowedMonthDay(CivilDate(daysSince1970: $0)) }
        }
        // A week may have days in the year before and after.
        let weeks = rule.weeks.isEmpty ? nil : daysOfWeeks(year)
        let span = first..<first + length
        return (weeks ?? Array(span)).filter { day in
            let date = CivilDate(daysSince1970: day)
            let yearDay = day - first + 1
            let isYearDay =
                rule.yearDays.isEmpty
                || span.contains(day) && rule.yearDays.contains { $0 > 0 ? $0 == yearDay : length + 1 + $0 == yearDay }
            let isDay =
                rule.weekdays.isEmpty
                ? rule.weeks.isEmpty || !rule.yearDays.isEmpty || !rule.monthDays.isEmpty
                    || date.weekday == startDay.weekday
                : isWeekday(day, within: span)
            return isYearDay && isDay && isAllowedMonthDay(date)
                && (rule.months.isEmpty || rule.months.contains(date.month))
        }
    }

    /// The days of BYWEEKNO: week 1 is the first with at least four days in the year (ISO 8601).
    private func daysOfWeeks(_ year: Int) -> [Int] {
        func firstWeek(_ year: Int) -> Int {
            let first = CivilDate(year: year, month: 1, day: 1).daysSince1970
            let offset = (CivilDate(daysSince1970: first).weekday - rule.weekStart + 7) % 7
            return offset <= 3 ? first - offset : first + 7 - offset
        }
        let start = firstWeek(year)
        let count = (firstWeek(year + 1) - start) / 7
        let numbers = Set(rule.weeks.map { $0 > 0 ? $0 : count + 1 + $0 }).filter { (1...count).contains($0) }.sorted()
        return numbers.flatMap { number in start + (number - 1) * 7..<start + number * 7 }
    }
}
