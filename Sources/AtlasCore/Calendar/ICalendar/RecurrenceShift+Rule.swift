extension RecurrenceShift {
    /// The rule where it names the day or the hour that the start moves away from: a series of Tuesdays becomes one of Wednesdays.
    ///
    /// - Returns: nil where the rule can stay as it is written.
    /// - Throws: ``AtlasError`` `invalid_argument` where the rule names more than the start's own day, and no rule would say the same.
    func ruleOnNewDay(_ parts: RecurrenceParts) throws(AtlasError) -> RecurrenceParts? {
        var moved = parts
        let isMoved = clock(&moved) && (dayShift == 0 || days(&moved))
        guard isMoved else {
            throw AtlasError(
                .invalidArgument,
                "start cannot be moved there: the series repeats by days or hours that its rule names (\(parts.text.prefix(200))). Keep its day and hour, or make a new series.",
                parameter: "start")
        }
        return moved == parts ? nil : moved
    }

    private func clock(_ parts: inout RecurrenceParts) -> Bool {
        if new.form == .day { (parts.hours, parts.minutes, parts.seconds) = ([], [], []) }
        func field(_ numbers: inout [Int], _ unit: Int, _ size: Int) -> Bool {
            let (before, after) = (old.wall / unit % size, new.wall / unit % size)
            if numbers.isEmpty || before == after { return true }
            guard numbers == [before] else { return false }
            numbers = [after]
            return true
        }
        return field(&parts.hours, 3600, 24) && field(&parts.minutes, 60, 60) && field(&parts.seconds, 1, 60)
    }

    private func days(_ parts: inout RecurrenceParts) -> Bool {
        let (before, after) = (old.day, new.day)
        guard parts.yearDays.isEmpty, parts.weeks.isEmpty else { return false }
        let names = !(parts.weekdays.isEmpty && parts.monthDays.isEmpty && parts.months.isEmpty)
        if !names { return true }
        if parts.frequency == .daily || parts.frequency == .weekly {
            return parts.months.isEmpty && parts.monthDays.isEmpty && rotate(&parts)
        }
        guard parts.positions.isEmpty, parts.weekdays.count + parts.monthDays.count <= 1 else { return false }
        if before.month != after.month, !parts.months.isEmpty {
            guard parts.months == [before.month] else { return false }
            parts.months = [after.month]
        }
        if let day = parts.monthDays.first {
            guard day == before.day else { return false }
            parts.monthDays = [after.day]
        }
        if let weekday = parts.weekdays.first {
            // Every Tuesday of a month becomes every Wednesday; the first one of a year is another matter.
            let shifted = (weekday.day + dayShift).floorRemainder(by: 7)
            if weekday.ordinal == 0 {
                parts.weekdays = [.init(day: shifted)]
                return parts.months.isEmpty
            }
            guard parts.frequency == .monthly || !parts.months.isEmpty else { return false }
            let length = CivilDate.days(inMonth: after.month, of: after.year)
            let fromEnd = -((length - after.day) / 7 + 1)
            let fromStart = (after.day - 1) / 7 + 1
            parts.weekdays = [.init(ordinal: weekday.ordinal < 0 || fromStart == 5 ? fromEnd : fromStart, day: shifted)]
        }
        return true
    }

    /// Moves the days of a week along.
    private func rotate(_ parts: inout RecurrenceParts) -> Bool {
        let shift = dayShift.floorRemainder(by: 7)
        if parts.interval > 1 || !parts.positions.isEmpty, parts.weekdays.count > 1 {
            // Days that would fall into another week than they did would swap their weeks.
            let places = parts.weekdays.map { ($0.day - parts.weekStart).floorRemainder(by: 7) + shift }
            guard Set(places.map { $0 / 7 }).count == 1 else { return false }
        }
        parts.weekdays = parts.weekdays.map { .init(ordinal: $0.ordinal, day: ($0.day + shift).floorRemainder(by: 7)) }
        return true
    }
}
