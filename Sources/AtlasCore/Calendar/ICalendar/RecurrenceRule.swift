/// The rule of a series (RFC 5545, 3.3.10), daily or rarer.
struct RecurrenceRule: Sendable, Equatable {
    enum Frequency: String, Sendable { case daily = "DAILY", weekly = "WEEKLY", monthly = "MONTHLY", yearly = "YEARLY" }

    /// A day of the week, maybe the nth of its month or year; 0 for every one.
    struct Weekday: Sendable, Hashable {
        var nth: Int
        /// 0 for Sunday.
        var day: Int
    }

    var frequency: Frequency
    var interval = 1
    var count: Int?
    var until: ICalendarTime?
    var months: [Int] = []
    var weeks: [Int] = []
    var yearDays: [Int] = []
    var monthDays: [Int] = []
    var weekdays: [Weekday] = []
    var positions: [Int] = []
    /// On the wall clock.
    var hours: [Int] = []
    var minutes: [Int] = []
    var seconds: [Int] = []
    /// On which day a week starts, 0 for Sunday.
    var weekStart = 1
}

extension RecurrenceRule {
    /// Why a text is no rule that is followed, in words for the caller.
    struct Refusal: Error { let words: String }

    /// - Throws: ``Refusal``.
    init(_ text: String) throws(Refusal) {
        var rest = text.trimmed.uppercased()
        if rest.hasPrefix("RRULE:") { rest.removeFirst(6) }
        guard rest.utf8.count <= 2_000 else { throw Refusal(words: "is too long") }
        var parts: [String: String] = [:]
        for part in rest.split(separator: ";") {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                String($0).trimmed
            }
            guard pair.count == 2, !pair[1].isEmpty, parts[pair[0]] == nil else {
                throw Refusal(words: "has a part that is no NAME=VALUE: \(part.prefix(40))")
            }
            parts[pair[0]] = pair[1]
        }
        guard let named = parts.removeValue(forKey: "FREQ") else { throw Refusal(words: "names no FREQ") }
        if ["SECONDLY", "MINUTELY", "HOURLY"].contains(named) {
            throw Refusal(words: "repeats more often than daily, which no event of a calendar does")
        }
        guard let frequency = Frequency(rawValue: named) else {
            throw Refusal(words: "has a FREQ that is none of DAILY, WEEKLY, MONTHLY and YEARLY")
        }
        self.frequency = frequency

        func numbers(_ name: String, _ range: ClosedRange<Int>, negative: Bool = false) throws(Refusal) -> [Int] {
            guard let text = parts.removeValue(forKey: name) else { return [] }
            var numbers: [Int] = []
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Int(part), range.contains(number) || negative && range.contains(-number) else {
                    throw Refusal(
                        words:
                            "has a \(name) that is not of \(negative ? "±" : "")\(range.lowerBound) to \(range.upperBound)"
                    )
                }
                if !numbers.contains(number) { numbers.append(number) }
            }
            return numbers
        }
        if let number = try numbers("INTERVAL", 1...10_000).first { interval = number }
        count = try numbers("COUNT", 1...1_000_000).first
        months = try numbers("BYMONTH", 1...12).sorted()
        weeks = try numbers("BYWEEKNO", 1...53, negative: true)
        yearDays = try numbers("BYYEARDAY", 1...366, negative: true)
        monthDays = try numbers("BYMONTHDAY", 1...31, negative: true)
        positions = try numbers("BYSETPOS", 1...366, negative: true)
        hours = try numbers("BYHOUR", 0...23).sorted()
        minutes = try numbers("BYMINUTE", 0...59).sorted()
        seconds = try numbers("BYSECOND", 0...60).map { min($0, 59) }.sorted()
        if let text = parts.removeValue(forKey: "UNTIL") {
            guard let time = ICalendarTime(text) else {
                throw Refusal(words: "has an UNTIL that is no time like 20261231T235959Z")
            }
            until = time
        }
        if let text = parts.removeValue(forKey: "WKST") {
            guard let day = Self.days.firstIndex(of: text) else {
                throw Refusal(words: "has a WKST that is no weekday")
            }
            weekStart = day
        }
        for text in (parts.removeValue(forKey: "BYDAY") ?? "").split(separator: ",") {
            guard let day = Self.days.firstIndex(of: String(text.suffix(2))),
                let nth = text.count == 2 ? 0 : Int(text.dropLast(2)), (-53...53).contains(nth),
                text.count == 2 || nth != 0
            else { throw Refusal(words: "has a BYDAY that is no weekday like MO or -1FR") }
            if !weekdays.contains(Weekday(nth: nth, day: day)) { weekdays.append(Weekday(nth: nth, day: day)) }
        }
        // RSCALE (RFC 7529) of the Gregorian calendar says nothing new.
        if parts["RSCALE"] == "GREGORIAN" { parts["RSCALE"] = nil }
        if let unknown = parts.keys.min() { throw Refusal(words: "has an unknown part, \(unknown.prefix(20))") }
        try checkCombinations()
    }

    private static let days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]

    /// What RFC 5545 forbids to stand together.
    private func checkCombinations() throws(Refusal) {
        if !weeks.isEmpty, frequency != .yearly { throw Refusal(words: "has a BYWEEKNO that is for YEARLY only") }
        if !yearDays.isEmpty, frequency != .yearly { throw Refusal(words: "has a BYYEARDAY that is for YEARLY only") }
        if !monthDays.isEmpty, frequency == .weekly { throw Refusal(words: "has a BYMONTHDAY that is not for WEEKLY") }
        let isNumbered = weekdays.contains { $0.nth != 0 }
        if isNumbered, frequency == .daily || frequency == .weekly || !weeks.isEmpty {
            throw Refusal(words: "has a numbered BYDAY that is for MONTHLY and YEARLY only")
        }
        if frequency == .monthly, weekdays.contains(where: { abs($0.nth) > 5 }) {
            throw Refusal(words: "has a numbered BYDAY beyond the fifth of a month")
        }
        let others =
            [months, weeks, yearDays, monthDays, hours, minutes, seconds].contains { !$0.isEmpty } || !weekdays.isEmpty
        if !positions.isEmpty, !others { throw Refusal(words: "has a BYSETPOS without another BY part") }
    }
}

extension RecurrenceRule {
    /// The rule as it is stored: `RRULE:` taken off, upper case.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` naming `recurrence`, for what is no rule, one that repeats more than daily, and
    ///   one that never matches.
    static func checked(_ text: String) throws(AtlasError) -> String {
        func refused(_ words: String) -> AtlasError {
            AtlasError(
                .invalidArgument, "recurrence \(words). Give a rule of RFC 5545 like FREQ=WEEKLY;BYDAY=TU;COUNT=10.",
                parameter: "recurrence")
        }
        let rule: RecurrenceRule
        do {
            rule = try RecurrenceRule(text)
        } catch {
            throw refused(error.words)
        }
        if rule.count != nil, rule.until != nil { throw refused("has both COUNT and UNTIL") }
        guard rule.everMatches else { throw refused("never matches a day") }
        var stored = text.trimmed.uppercased()
        if stored.hasPrefix("RRULE:") { stored.removeFirst(6) }
        return stored
    }

    /// Whether there is a day at all that the rule means, wherever its series starts: the Gregorian calendar repeats every 400 years,
    /// its weekdays of month days every 28 within a century.
    private var everMatches: Bool {
        var rule = self
        rule.interval = 1
        rule.count = nil
        rule.until = nil
        let start = CivilDate(year: 2000, month: 1, day: 1).daysSince1970
        guard frequency == .monthly || frequency == .yearly else {
            // Of the days of four years each pair of month day and weekday is one for a daily rule.
            return RecurrenceDays(rule, start: start * 86400).contains(before: (start + 28 * 366) * 86400)
        }
        return RecurrenceDays(rule, start: start * 86400).contains(before: (start + 40 * 366) * 86400)
    }
}
