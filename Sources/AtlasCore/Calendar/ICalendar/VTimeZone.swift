/// The VTIMEZONE component (RFC 5545, 3.6.5).
enum VTimeZone {
    /// A zone from its observances.
    ///
    /// - Returns: nil when none of them can be read.
    static func read(
        _ zone: ICalendarComponent, _ lines: [ContentLine], id: String, components: [ICalendarComponent]
    ) -> BusinessZone? {
        var changes: [(instant: Int, period: ZoneRule.Period)] = []
        var first: (wall: Int, offset: Int)?
        let observances = components.filter {
            zone.range.contains($0.range.lowerBound) && ($0.name == "STANDARD" || $0.name == "DAYLIGHT")
        }
        for observance in observances.prefix(200) {
            guard let start = observance.first("DTSTART", in: lines)?.time,
                let from = observance.text("TZOFFSETFROM", in: lines).flatMap(offset),
                let to = observance.text("TZOFFSETTO", in: lines).flatMap(offset)
            else { continue }
            if first.map({ start.wall < $0.wall }) ?? true { first = (start.wall, from) }
            let period = ZoneRule.Period(
                offset: to, abbreviation: observance.text("TZNAME", in: lines).map { String($0.prefix(12)) } ?? sign(to)
            )
            var onsets = [start.wall]
            for line in observance.every("RDATE", in: lines).prefix(50) { onsets += line.times(most: 200).map(\.wall) }
            if let rule = observance.first("RRULE", in: lines).flatMap({ try? RecurrenceRule($0.value) }) {
                onsets += self.onsets(of: rule, from: start.wall, offset: from)
            }
            changes += onsets.map { ($0 - from, period) }
        }
        guard let first, !changes.isEmpty else { return nil }
        changes.sort { $0.instant < $1.instant }
        var transitions: [Int] = []
        var periods: [ZoneRule.Period] = []
        for change in changes where transitions.last != change.instant {
            transitions.append(change.instant)
            periods.append(change.period)
        }
        return BusinessZone(
            name: id, transitions: transitions, periods: periods, rule: nil,
            first: ZoneRule.Period(offset: first.offset, abbreviation: sign(first.offset)))
    }

    private static let last = CivilDate(year: 2100, month: 1, day: 1).daysSince1970 * 86400

    private static func onsets(of rule: RecurrenceRule, from start: Int, offset: Int) -> [Int] {
        var onsets: [Int] = []
        for wall in RecurrenceDays(rule, start: start, mostSteps: 600) {
            if wall > last || onsets.count >= rule.count ?? 600 { break }
            // UNTIL of an observance is in UTC.
            if let until = rule.until, wall - offset > until.wall { break }
            onsets.append(wall)
        }
        return onsets
    }

    /// `-0600`, `+053000` in seconds.
    private static func offset(_ text: String) -> Int? {
        guard let first = text.first, first == "+" || first == "-" else { return nil }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard digits.count == 4 || digits.count == 6, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let number = Int(digits.count == 4 ? digits + "00" : digits)
        else { return nil }
        let seconds = number / 10_000 * 3600 + number / 100 % 100 * 60 + number % 100
        return seconds <= 24 * 3600 ? (first == "-" ? -seconds : seconds) : nil
    }

    static func sign(_ offset: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let east = abs(offset)
        let seconds = east % 60 == 0 ? "" : two(east % 60)
        return (offset < 0 ? "-" : "+") + two(east / 3600) + two(east / 60 % 60) + seconds
    }
}

extension VTimeZone {
    /// The component for a zone, as far as an event from `instant` on needs it: the rules of today, not the history since 1883.
    static func lines(of zone: BusinessZone, id: String, from instant: Int, lineEnd: [UInt8]) -> [ContentLine] {
        func line(_ name: String, _ value: String) -> ContentLine { ContentLine(name, [], value, lineEnd: lineEnd) }
        let year = CivilDate(daysSince1970: instant.floorDivided(by: 86400)).year
        var changes = changes(of: zone, years: year - 1...year + 12)
        if changes.isEmpty {
            let period = zone.period(at: instant)
            changes = [Change(instant: 0, from: period.offset, to: period)]
        }
        var lines = [line("BEGIN", "VTIMEZONE"), line("TZID", id)]
        for group in grouped(changes) {
            guard let first = group.first else { continue }
            // Clocks that go forward begin summer time, whichever of the two a country calls standard.
            let kind = first.to.offset > first.from ? "DAYLIGHT" : "STANDARD"
            lines += [
                line("BEGIN", kind), line("DTSTART", onset(first)), line("TZOFFSETFROM", sign(first.from)),
                line("TZOFFSETTO", sign(first.to.offset)), line("TZNAME", first.to.abbreviation),
            ]
            if group.count > 1 {
                if let rule = rule(of: group) {
                    lines.append(line("RRULE", rule))
                } else {
                    lines.append(line("RDATE", group.dropFirst().map(onset).joined(separator: ",")))
                }
            }
            lines.append(line("END", kind))
        }
        return lines + [line("END", "VTIMEZONE")]
    }

    private struct Change {
        let instant: Int
        let from: Int
        let to: ZoneRule.Period
        /// On the clocks before the change.
        var wall: Int { instant + from }
    }

    private static func onset(_ change: Change) -> String { ICalendarTime(wall: change.wall, form: .floating).text }

    /// Every change of the clocks in some years.
    private static func changes(of zone: BusinessZone, years: ClosedRange<Int>) -> [Change] {
        var changes: [Change] = []
        var at = CivilDate(year: years.lowerBound, month: 1, day: 1).daysSince1970 * 86400
        let end = CivilDate(year: years.upperBound + 1, month: 1, day: 1).daysSince1970 * 86400
        while at < end {
            let next = at + 7 * 86400
            if zone.period(at: at) != zone.period(at: next) {
                var (low, high) = (at, next)
                while high - low > 1 {
                    let middle = (low + high) / 2
                    if zone.period(at: middle) == zone.period(at: at) { low = middle } else { high = middle }
                }
                changes.append(Change(instant: high, from: zone.offset(at: low), to: zone.period(at: high)))
                at = high
            } else {
                at = next
            }
        }
        return changes
    }

    /// Changes that do the same, together.
    private static func grouped(_ changes: [Change]) -> [[Change]] {
        var groups: [[Change]] = []
        for change in changes {
            if let index = groups.firstIndex(where: { $0[0].from == change.from && $0[0].to == change.to }) {
                groups[index].append(change)
            } else {
                groups.append([change])
            }
        }
        return groups
    }

    /// The yearly rule that a group of changes follows, if it follows one.
    private static func rule(of group: [Change]) -> String? {
        let days = group.map { CivilDate(daysSince1970: $0.wall.floorDivided(by: 86400)) }
        guard group.count > 10, Set(group.map { $0.wall.floorRemainder(by: 86400) }).count == 1,
            Set(days.map(\.month)).count == 1, Set(days.map(\.weekday)).count == 1, let first = days.first,
            zip(days, days.dropFirst()).allSatisfy({ $0.year + 1 == $1.year })
        else { return nil }
        let name = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"][first.weekday]
        let isLast = days.allSatisfy { $0.day + 7 > CivilDate.days(inMonth: $0.month, of: $0.year) }
        let weeks = Set(days.map { ($0.day - 1) / 7 + 1 })
        if isLast { return "FREQ=YEARLY;BYMONTH=\(first.month);BYDAY=-1\(name)" }
        return weeks.count == 1 ? "FREQ=YEARLY;BYMONTH=\(first.month);BYDAY=\((first.day - 1) / 7 + 1)\(name)" : nil
    }
}
