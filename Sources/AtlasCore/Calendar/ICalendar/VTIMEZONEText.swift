extension ICalendarComponent {
    /// The VTIMEZONE of a zone, as it is from now on: the rule at the end of the zone's data as one observance or two.
    ///
    /// Readers know IANA names and use their own data; who does not is served by the current rule, for events that we write lie ahead. Where
    /// the clocks follow the moon (Morocco, Gaza) no rule holds the years to come, and they are left to that data.
    /// - Parameter name: TZID
    init(timeZone zone: BusinessZone, name tzid: String, at instant: Int, ending: LineEnding) {
        func observance(_ name: String, from: Int, to: ZoneRule.Period, _ onset: ZoneRule.Onset) -> Item {
            var lines = [
                ("DTSTART", ICalendarTime(.floating, wall: onset.wall).text), ("TZOFFSETFROM", Self.offset(from)),
                ("TZOFFSETTO", Self.offset(to.offset)), ("TZNAME", ContentProperty.escaped(to.abbreviation)),
            ]
            if let rule = onset.rule { lines.append(("RRULE", rule)) }
            if !onset.others.isEmpty {
                let others = onset.others.map { ICalendarTime(.floating, wall: $0).text }.joined(separator: ",")
                lines.append(("RDATE", others))
            }
            return .component(
                ICalendarComponent(
                    name: name, items: lines.map { .line(ContentLine($0.0, $0.1, ending: ending)) }, ending: ending))
        }
        var items: [Item] = [.line(ContentLine("TZID", ContentProperty.escaped(tzid), ending: ending))]
        let standard = zone.rule?.standard ?? zone.period(at: instant)
        if let daylight = zone.rule?.daylight {
            let (a, b) = (standard, daylight.period)
            // Who calls its summer time standard (Ireland) is still written the way every reader expects.
            let isAhead = b.offset >= a.offset
            items.append(
                observance(isAhead ? "DAYLIGHT" : "STANDARD", from: a.offset, to: b, ZoneRule.Onset(daylight.start)))
            items.append(
                observance(isAhead ? "STANDARD" : "DAYLIGHT", from: b.offset, to: a, ZoneRule.Onset(daylight.end)))
        } else {
            items.append(observance("STANDARD", from: standard.offset, to: standard, ZoneRule.Onset()))
        }
        self.init(name: "VTIMEZONE", items: items, ending: ending)
    }

    private static func offset(_ seconds: Int) -> String {
        let (sign, east) = (seconds < 0 ? "-" : "+", abs(seconds))
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let end = east % 60 == 0 ? "" : two(east % 60)
        return "\(sign)\(two(east / 3600))\(two(east / 60 % 60))\(end)"
    }
}

extension ZoneRule {
    /// A change of the clocks, every year, as iCalendar says it.
    struct Onset {
        /// The first one, on the clock before the change.
        var wall = 0
        /// Nil for what never happens again, and where no rule can say it.
        var rule: String?
        /// The ones that no rule can say, for as long as it matters.
        var others: [Int] = []

        init() {}

        init(_ change: Change) {
            let days = change.time.floorDivided(by: 86400)
            let walls = (1970..<2070).map { change.wall(in: $0) }
            wall = walls[0]
            switch change.day {
            case .monthWeek(let month, let week, let weekday):
                let day = RecurrenceParts.dayNames[(weekday + days).floorRemainder(by: 7)]
                if days == 0 {
                    rule = "FREQ=YEARLY;BYMONTH=\(month);BYDAY=\(week == 5 ? -1 : week)\(day)"
                    return
                }
                // The day after the fourth Thursday is a Friday, but not always the fourth.
                let first = week == 5 ? -7 + days : (week - 1) * 7 + 1 + days
                let last = first + 6
                if week == 5 ? last < 0 && first >= -28 : first > 0 && last <= 28 {
                    let monthDays = (first...last).map(String.init).joined(separator: ",")
                    rule = "FREQ=YEARLY;BYMONTH=\(month);BYDAY=\(day);BYMONTHDAY=\(monthDays)"
                    return
                }
            case .julian(let number) where days == 0:
                let date = CivilDate(
                    daysSince1970: CivilDate(year: 1970, month: 1, day: 1).daysSince1970 + number - 1)
                rule = "FREQ=YEARLY;BYMONTH=\(date.month);BYMONTHDAY=\(date.day)"
                return
            case .zeroBased(let number) where days == 0 && number < 365:
                rule = "FREQ=YEARLY;BYYEARDAY=\(number + 1)"
                return
            default: break
            }
            others = Array(walls.dropFirst())
        }
    }
}
