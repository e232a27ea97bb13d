/// The day and the time that a caller asks for, in their own words.
struct WantedTime {
    private(set) var date: String?
    private(set) var time: String?

    init(_ turns: [SpokenTurn]) {
        var best = Int.min
        var bestTime = Int.min
        for turn in turns {
            var index = 0
            while index < turn.words.count {
                if let end = Self.dateEnd(turn, index) {
                    let weight = Self.weight(turn, index)
                    if weight > best, weight > -2 { (date, best) = (turn.text(index..<end), weight) }
                    index = end
                } else if let end = Self.timeEnd(turn, index) {
                    let weight = Self.weight(turn, index)
                    if weight > bestTime, weight > -2 { (time, bestTime) = (turn.text(index..<end), weight) }
                    index = end
                } else {
                    index += 1
                }
            }
        }
    }

    /// Written out, `sat` and `sun` are other words; visits on a day of every week are told in the plural.
    private static func isWeekday(_ word: String) -> Bool {
        CalendarWord.weekday(word.hasSuffix("s") ? String(word.dropLast()) : word, inFull: true) != nil
    }

    /// How much the words before speak for a wish, and not for what is booked, was, or cannot be.
    private static func weight(_ turn: SpokenTurn, _ index: Int) -> Int {
        let before = turn.lowered(max(0, index - 4)..<index)
        let last = turn.words[index...].prefix(6).firstIndex(where: \.endsClause) ?? index + 5
        let after = turn.lowered(index..<min(turn.words.count, last + 1))
        let wishes = [
            " to ", " prefer ", " instead ", " how about ", " can you do ", " maybe ", " let's do ", " let's say ",
            " make it ",
            " could you do ", " available ", " rather ", " would like ",
        ]
        let others = [
            " from ", " my ", " scheduled for ", " booked for ", " booked on ", " was ", " last ", " can't make ",
            " not ", " since ",
            " except ", " appointment on ", " appointment for ", " appointment this ", " appointment is ", " isn't ",
            " our ", " cancel ",
        ]
        let wish = wishes.compactMap { before.range(ofLast: $0) }.max() ?? -1
        let other = others.compactMap { before.range(ofLast: $0) }.max() ?? -1
        var weight = wish > other ? 2 : other >= 0 ? -1 : 0
        if after.contains(" works ") || after.contains(" instead ") || after.contains(" would be ") { weight += 2 }
        if after.contains(" doesn't work ") || after.contains(" won't work ") { weight -= 3 }
        if turn.has(["last"], at: index - 1) { weight -= 4 }
        return weight
    }

    // MARK: - Days

    private static func dateEnd(_ turn: SpokenTurn, _ start: Int) -> Int? {
        func word(_ index: Int) -> String { index < turn.words.count ? turn.words[index].lower : "" }
        func follows(_ index: Int) -> Bool { index < turn.words.count }
        let first = word(start)
        if first == "day", turn.has(["day", "after", "tomorrow"], at: start) { return start + 3 }
        if ["tomorrow", "tonight"].contains(first) { return start + 1 }
        if first == "today" { return start + 1 }
        if ["next", "this", "coming"].contains(first) {
            var index = start + 1
            if word(index) == "coming" { index += 1 }
            if isWeekday(word(index)) { return weekdayEnd(turn, index) }
            if ["week", "weekend", "month"].contains(word(index)) { return index + 1 }
            return nil
        }
        if isWeekday(first) { return weekdayEnd(turn, start) }
        if isMonth(first), first != "may" && first != "march" || turn.words[start].startsUpper,
            isDay(word(start + 1))
        {
            let hasYear = word(start + 2).count == 4 && Int(word(start + 2)) != nil && word(start + 2).hasPrefix("20")
            return start + (hasYear ? 3 : 2)
        }
        if first == "the", isOrdinal(word(start + 1)), !["first", "second", "third"].contains(word(start + 1)) {
            return word(start + 2) == "of" && isMonth(word(start + 3)) ? start + 4 : start + 2
        }
        if isNumericDate(first) { return start + 1 }
        return nil
    }

    private static func weekdayEnd(_ turn: SpokenTurn, _ start: Int) -> Int {
        func word(_ index: Int) -> String { index < turn.words.count ? turn.words[index].lower : "" }
        if word(start + 1) == "the", isOrdinal(word(start + 2)) { return start + 3 }
        if isMonth(word(start + 1)), isDay(word(start + 2)) { return start + 3 }
        return start + 1
    }

    private static func isDay(_ word: String) -> Bool {
        isOrdinal(word) || (Int(word).map { (1...31).contains($0) } ?? false)
    }

    private static func isOrdinal(_ word: String) -> Bool { CalendarWord.ordinal(word) != nil }
    private static func isMonth(_ word: String) -> Bool { CalendarWord.month(word) != nil }

    /// `12/5`, `12/05/2026`, `2026-12-05`
    private static func isNumericDate(_ word: String) -> Bool {
        for separator: Character in ["/", "-"] {
            let parts = word.split(separator: separator, omittingEmptySubsequences: false).map { Int($0) ?? -1 }
            if separator == "/", parts.count == 2 || parts.count == 3, (1...31).contains(parts[0]),
                (1...31).contains(parts[1])
            {
                return true
            }
            if parts.count == 3, (2000...2100).contains(parts[0]), (1...12).contains(parts[1]),
                (1...31).contains(parts[2])
            {
                return true
            }
        }
        return false
    }

    // MARK: - Times

    private static let halves: Set<String> = ["am", "pm", "a.m", "p.m", "o'clock"]
    private static let leads: Set<String> = ["around", "after", "before", "about", "by"]

    private static func timeEnd(_ turn: SpokenTurn, _ start: Int) -> Int? {
        func word(_ index: Int) -> String { index < turn.words.count ? turn.words[index].lower : "" }
        let first = word(start)
        if [
            "morning", "mornings", "afternoon", "afternoons", "evening", "evenings", "noon", "midday", "anytime",
            "lunchtime",
        ].contains(first) {
            return word(start - 1 < 0 ? Int.max : start - 1) == "good" ? nil : start + 1
        }
        if first == "any", word(start + 1) == "time" { return start + 2 }
        if first == "between", let middle = clockEnd(turn, start + 1), word(middle) == "and",
            let end = clockEnd(turn, middle + 1)
        {
            return end
        }
        if leads.contains(first) {
            if ["noon", "lunch", "work"].contains(word(start + 1)) { return start + 2 }
            guard let end = clockEnd(turn, start + 1), end <= start + 3 else { return nil }
            return isClock(turn, start + 1, end)
                || ["after", "before", "around"].contains(first) && isFreeStanding(turn, end) ? end : nil
        }
        guard let end = clockEnd(turn, start) else { return nil }
        if isClock(turn, start, end) { return end }
        // A bare hour only after "at".
        return word(start - 1 < 0 ? Int.max : start - 1) == "at" && isFreeStanding(turn, end) ? end : nil
    }

    /// The end of `9`, `9:30`, `nine thirty`, `2 pm`, `nine in the morning`.
    private static func clockEnd(_ turn: SpokenTurn, _ start: Int) -> Int? {
        func word(_ index: Int) -> String { index < turn.words.count ? turn.words[index].lower : "" }
        let first = word(start)
        var end = start
        let digits = first.prefix { $0.isNumber }
        let rest = first.dropFirst(digits.count)
        if let hour = Int(digits), (0...23).contains(hour), digits.count <= 2 {
            guard rest.isEmpty || halves.contains(String(rest)) || rest.hasPrefix(":") else { return nil }
            end = start + 1
        } else if let said = SpokenNumber.digits(of: first, before: nil)?.digits, let hour = Int(said),
            (1...12).contains(hour)
        {
            end = start + 1
            if ["fifteen", "thirty", "forty-five"].contains(word(end)) { end += 1 }
        } else if first == "noon" {
            return start + 1
        } else {
            return nil
        }
        if !turn.words[end - 1].endsClause {
            if halves.contains(word(end)) {
                end += 1
            } else if turn.has(["in", "the"], at: end), ["morning", "afternoon", "evening"].contains(word(end + 2)) {
                end += 3
            }
        }
        return end
    }

    private static func isClock(_ turn: SpokenTurn, _ start: Int, _ end: Int) -> Bool {
        let words = turn.words[start..<end].map(\.lower)
        return words[0].contains(":") || words[0].hasSuffix("am") || words[0].hasSuffix("pm")
            || words.dropFirst().contains {
                halves.contains($0) || $0 == "morning" || $0 == "afternoon" || $0 == "evening"
            }
    }

    /// Whether the hour is no house number and no count: a sentence, a clause or a small word ends it.
    private static func isFreeStanding(_ turn: SpokenTurn, _ end: Int) -> Bool {
        guard end < turn.words.count, !turn.words[end - 1].endsClause else { return true }
        return [
            "on", "or", "and", "if", "would", "works", "please", "tomorrow", "today", "is", "for", "next", "this",
            "instead",
        ].contains(
            turn.words[end].lower)
    }
}
