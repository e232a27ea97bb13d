/// The rule of a series (RFC 5545, 3.3.10).
enum RecurrenceRule {
    /// The rule as it is stored: `RRULE:` taken off, upper case.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming `recurrence`, for what is no rule, one that repeats more than daily, and
    ///   one that never matches.
    static func checked(_ text: String) throws(AtlasError) -> String {
        var rule = text.trimmed.uppercased()
        if rule.hasPrefix("RRULE:") { rule = String(rule.dropFirst(6)).trimmed }
        do throws(RecurrenceParts.Problem) {
            let parts = try RecurrenceParts(reading: rule)
            if let words = problem(of: parts) { throw RecurrenceParts.Problem(words: words) }
        } catch {
            throw AtlasError(
                .invalidArgument,
                "recurrence \(error.words.cleaned()). Give a rule of RFC 5545 like FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10 or FREQ=MONTHLY;BYDAY=1FR.",
                parameter: "recurrence")
        }
        // A trailing semicolon is a slip that the readers of others may not forgive.
        return rule.split(separator: ";").map { String($0).trimmed }.joined(separator: ";")
    }

    /// What is wrong with parts that are each sound.
    private static func problem(of parts: RecurrenceParts) -> String? {
        if parts.isSubDaily { return "has FREQ=\(parts.frequency.rawValue), but events repeat daily at most" }
        if parts.timesPerDay > RecurrenceExpansion.timesPerDay {
            return "repeats \(parts.timesPerDay) times a day; \(RecurrenceExpansion.timesPerDay) is the most"
        }
        if parts.count != nil, parts.until != nil { return "has both COUNT and UNTIL: choose one" }
        let hasOrdinals = parts.weekdays.contains { $0.ordinal != 0 }
        switch parts.frequency {
        case .daily, .weekly:
            if hasOrdinals { return "has a number before a day in BYDAY, which only MONTHLY and YEARLY may have" }
            if parts.frequency == .weekly, !parts.monthDays.isEmpty {
                return "has BYMONTHDAY, which WEEKLY may not have"
            }
        case .monthly:
            if parts.weekdays.contains(where: { abs($0.ordinal) > 5 }) {
                return "has a day of a week in BYDAY that no month has"
            }
        default:
            if hasOrdinals, !parts.weeks.isEmpty { return "has a number before a day in BYDAY together with BYWEEKNO" }
        }
        if parts.frequency != .yearly {
            if !parts.weeks.isEmpty { return "has BYWEEKNO, which only YEARLY may have" }
            if !parts.yearDays.isEmpty { return "has BYYEARDAY, which only YEARLY may have" }
        }
        let hasSet =
            !(parts.months.isEmpty && parts.monthDays.isEmpty && parts.yearDays.isEmpty && parts.weeks.isEmpty
            && parts.weekdays.isEmpty && parts.hours.isEmpty && parts.minutes.isEmpty && parts.seconds.isEmpty)
        if !parts.positions.isEmpty, !hasSet { return "has BYSETPOS without another BY part to choose from" }
        return RecurrenceCalendar(parts).everMatches ? nil : "never matches a day"
    }
}
