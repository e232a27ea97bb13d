/// How far a series is moved on its wall clock.
struct SeriesShift {
    let seconds: Int
    /// Where it started.
    let start: ICalendarTime
    let zones: ICalendarZones

    /// From which day to which it goes.
    var days: Int { (start.wall + seconds).floorDivided(by: 86400) - start.wall.floorDivided(by: 86400) }

    /// A time that refers to an occurrence, moved along, in its own form.
    func moved(_ time: ICalendarTime) -> ICalendarTime {
        if time.isDate { return ICalendarTime(wall: time.wall + days * 86400, form: .date) }
        let wall = zones.time(at: zones.instant(of: time), like: start).wall + seconds
        let instant = zones.instant(of: ICalendarTime(wall: wall, form: start.form))
        return zones.time(at: instant, like: time)
    }

    /// The rule with its UNTIL moved along.
    func until(_ rule: String) -> String {
        mapped(rule) { name, value in
            guard name == "UNTIL", let until = ICalendarTime(value) else { return value }
            return until.isDate && !start.isDate
                ? ICalendarTime(wall: until.wall + days * 86400, form: .date).text : moved(until).text
        }
    }

    /// The rule with the days that it names moved along.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` when the days it means cannot be told after the move.
    func rule(_ text: String) throws(AtlasError) -> String {
        let unclear = AtlasError(
            .invalidArgument,
            "The rule of this series names its days (\(text.cleaned().prefix(80))), so it cannot be moved to another day. Delete it and create a new one.",
            parameter: "start")
        guard let rule = try? RecurrenceRule(text) else { throw unclear }
        let names = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]
        let (old, new) = (start.day, CivilDate(daysSince1970: start.day.daysSince1970 + days))
        guard rule.weeks.isEmpty, rule.yearDays.isEmpty, rule.positions.isEmpty else { throw unclear }
        if rule.frequency == .weekly {
            guard rule.months.isEmpty else { throw unclear }
            let moved = rule.weekdays.map { names[($0.day + days).floorRemainder(by: 7)] }
            return mapped(text) { name, value in name == "BYDAY" ? moved.joined(separator: ",") : value }
        }
        if rule.weekdays.isEmpty, rule.monthDays.isEmpty, rule.months.isEmpty { return text }
        guard rule.frequency != .daily, rule.weekdays.isEmpty, rule.monthDays.isEmpty || rule.monthDays == [old.day],
            rule.months.isEmpty || rule.months == [old.month]
        else { throw unclear }
        return mapped(text) { name, value in
            switch name {
            case "BYMONTHDAY": String(new.day)
            case "BYMONTH": String(new.month)
            default: value
            }
        }
    }

    private func mapped(_ rule: String, _ change: (String, String) -> String) -> String {
        rule.split(separator: ";", omittingEmptySubsequences: false).map { part in
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return String(part) }
            let (name, value) = (String(pair[0]), String(pair[1]))
            return "\(name)=\(change(name.trimmed.uppercased(), value))"
        }.joined(separator: ";")
    }
}
