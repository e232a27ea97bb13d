extension SpokenDate {
    var readings: Readings { relative ?? weekday ?? ofMonth ?? numeric }

    private func day(after days: Int) -> CivilDate { CivilDate(daysSince1970: today.daysSince1970 + days) }

    // MARK: Counted from today

    private var relative: Readings {
        switch words {
        case ["today"], ["tonight"]: return [today]
        case ["tomorrow"]: return [day(after: 1)]
        case ["day", "after", "tomorrow"], ["the", "day", "after", "tomorrow"]: return [day(after: 2)]
        case ["yesterday"]: return [day(after: -1)]
        default: break
        }
        if words.count == 3, words[0] == "in" { return days(words[1], words[2]).map { [day(after: $0)] } }
        guard words.count >= 4, words[2] == "from",
            let days = days(words[0], words[1])
        else { return nil }
        if words.count == 4, words[3] == "now" { return [day(after: days)] }
        let start = SpokenDate(words: Array(words[3...]), today: today)
        // A week from Monday, said on a Monday, may be a week from this one or from the next.
        return (start.relative ?? start.weekday)?.map { CivilDate(daysSince1970: $0.daysSince1970 + days) }
    }

    /// `3 days`, `two weeks`, `a week`.
    private func days(_ count: String, _ unit: String) -> Int? {
        guard let number = ["a", "an"].contains(count) ? 1 : CalendarWord.count(count), (1...3660).contains(number)
        else { return nil }
        switch unit {
        case "day", "days": return number
        case "week", "weeks": return number * 7
        default: return nil
        }
    }

    // MARK: Days of the week

    private var weekday: Readings {
        guard let weekday = words.last.flatMap({ CalendarWord.weekday($0) }) else { return nil }
        let ahead = (weekday - today.weekday).floorRemainder(by: 7)
        let coming = day(after: ahead)
        let weekLater = day(after: ahead + 7)
        switch words.dropLast() {
        case [], ["this"], ["the"]:
            // On that day of the week itself it may be today, or the one to come.
            return ahead == 0 ? [coming, weekLater] : [coming]
        case ["coming"], ["this", "coming"], ["the", "coming"]: return [ahead == 0 ? weekLater : coming]
        case ["next"], ["the", "next"]:
            if ahead == 0 { return [weekLater] }
            // While this week's is still ahead, some mean that one and some the one of next week; a week begins on Sunday for some
            // and on Monday for others.
            func monday(_ weekday: Int) -> Int { (weekday + 6) % 7 }
            let isAhead = weekday > today.weekday || monday(weekday) > monday(today.weekday)
            return isAhead ? [coming, weekLater] : [coming]
        default: return nil
        }
    }

    // MARK: Days of a month

    /// `the 20th`, `Jan 20`, `January 20th 2027`, `20 January`, `the 20th of January, 2027`.
    private var ofMonth: Readings {
        var rest = words.filter { $0 != "of" }
        if let the = rest.firstIndex(of: "the") { rest.remove(at: the) }
        if rest.count == 1 { return CalendarWord.ordinal(rest[0]).map(next) }
        guard (2...3).contains(rest.count) else { return nil }
        let ends = (rest[0], rest[1])
        guard
            let (month, named) = CalendarWord.month(ends.0).map({ ($0, ends.1) })
                ?? CalendarWord.month(ends.1).map({ ($0, ends.0) }),
            let day = CalendarWord.ordinal(named) ?? CalendarWord.count(named)
        else { return nil }
        guard rest.count == 3 else { return next(month: month, day: day) }
        return year(rest[2]).map { existing(year: $0, month: month, day: day) }
    }

    /// `12/5`, `12/05/2026`, `5.12.2026`, `2026/12/05`: some write the month first and some the day.
    private var numeric: Readings {
        guard words.count == 1 else { return nil }
        for mark: Character in ["/", "-", "."] {
            let parts = words[0].split(separator: mark, omittingEmptySubsequences: false).map(String.init)
            guard (2...3).contains(parts.count), mark == "/" || parts.count == 3,
                parts.allSatisfy({ !$0.isEmpty && $0.utf8.count <= 4 && $0.utf8.allSatisfy { $0 &- 0x30 < 10 } })
            else { continue }
            let numbers = parts.compactMap { Int($0) }
            if parts.count == 3, parts[0].utf8.count == 4 {
                guard let year = year(parts[0]) else { return nil }
                return existing(year: year, month: numbers[1], day: numbers[2])
            }
            let ways = [(numbers[0], numbers[1]), (numbers[1], numbers[0])]
            var found: [CivilDate] = []
            for (month, day) in ways {
                if parts.count == 2 {
                    found += next(month: month, day: day)
                } else {
                    guard let year = year(parts[2]) else { return nil }
                    found += existing(year: year, month: month, day: day)
                }
            }
            return found.count == 2 && found[0] == found[1] ? [found[0]] : found
        }
        return nil
    }

    /// `2027`, `27`.
    private func year(_ word: String) -> Int? {
        guard word.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(word) else { return nil }
        switch word.utf8.count {
        case 2: return 2000 + number
        case 4: return (1900...2199).contains(number) ? number : nil
        default: return nil
        }
    }

    private func existing(year: Int, month: Int, day: Int) -> [CivilDate] {
        let date = CivilDate(year: year, month: month, day: day)
        return date.isValid ? [date] : []
    }

    /// The next to come, today included; 29 February may be years ahead.
    private func next(month: Int, day: Int) -> [CivilDate] {
        let years = (today.year...today.year + 8).flatMap { existing(year: $0, month: month, day: day) }
        return years.first { $0 >= today }.map { [$0] } ?? []
    }

    /// The next day of that number to come; when today has it, today or the one after.
    private func next(day: Int) -> [CivilDate] {
        let months = (0..<12).flatMap { step in
            let month = today.year * 12 + today.month - 1 + step
            return existing(year: month / 12, month: month % 12 + 1, day: day)
        }
        return Array(months.filter { $0 >= today }.prefix(day == today.day ? 2 : 1))
    }
}
