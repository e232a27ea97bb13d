/// English words for days, in lower case.
enum CalendarWord {
    private static let weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
    private static let weekdaysCutShort: [String: Int] = [
        "sun": 0, "mon": 1, "tue": 2, "tues": 2, "wed": 3, "weds": 3, "thu": 4, "thur": 4, "thurs": 4, "fri": 5,
        "sat": 6,
    ]
    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let ordinals = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
        "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth",
        "twentieth", "twenty-first", "twenty-second", "twenty-third", "twenty-fourth", "twenty-fifth", "twenty-sixth",
        "twenty-seventh", "twenty-eighth", "twenty-ninth", "thirtieth", "thirty-first",
    ]

    /// 0 for Sunday … 6 for Saturday.
    ///
    /// - Parameter inFull: whether `sat` and `sun` are other words, as they may be in a conversation.
    static func weekday(_ word: String, inFull: Bool = false) -> Int? {
        if let weekday = weekdays.firstIndex(of: word) { return weekday }
        return inFull ? nil : weekdaysCutShort[word]
    }

    /// 1…12, of `january`, `jan` and `sept`.
    static func month(_ word: String) -> Int? {
        guard word.utf8.count == 3 || word == "sept" else { return months.firstIndex(of: word).map { $0 + 1 } }
        return months.firstIndex { $0.hasPrefix(word) }.map { $0 + 1 }
    }

    /// 1…31, of `20th` and `twentieth`.
    static func ordinal(_ word: String) -> Int? {
        if let index = ordinals.firstIndex(of: word) { return index + 1 }
        let digits = word.prefix { ("0"..."9").contains($0) }
        guard digits.count <= 2, ["st", "nd", "rd", "th"].contains(word.dropFirst(digits.count)),
            let day = Int(digits), (1...31).contains(day)
        else { return nil }
        return day
    }

    /// What a word counts: `3`, `three`, `twenty-one`.
    static func count(_ word: String) -> Int? {
        guard word.utf8.count <= 20 else { return nil }
        if word.utf8.allSatisfy({ $0 &- 0x30 < 10 }) { return word.utf8.count <= 4 ? Int(word) : nil }
        // Digits that are dictated one after the other are no count, but for the minutes in "nine oh five".
        guard !word.contains("-") || word.contains("ty-") || word.hasPrefix("o"),
            let digits = SpokenNumber.digits(of: word, before: nil)?.digits, digits.utf8.count <= 2
        else { return nil }
        return Int(digits)
    }
}
