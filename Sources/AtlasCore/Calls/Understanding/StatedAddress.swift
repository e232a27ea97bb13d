/// The street address that a caller gives.
enum StatedAddress {
    private static let suffixes: Set<String> = [
        "street", "st", "avenue", "ave", "road", "rd", "drive", "dr", "lane", "ln", "court", "ct", "boulevard", "blvd",
        "way",
        "place", "pl", "terrace", "circle", "cir", "parkway", "pkwy", "highway", "hwy", "trail", "square", "alley",
        "close",
        "crescent", "row", "loop", "plaza",
    ]
    private static let introductions: [[String]] = [
        ["address", "is"], ["live", "at"], ["located", "at"], ["house", "is", "at"], ["place", "is", "at"],
        ["come", "to"],
        ["i'm", "at"], ["we're", "at"], ["it's", "at"], ["over", "at"], ["address", "would", "be"], ["out", "to"],
        ["moved", "to"],
    ]
    private static let states: Set<String> = [
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA",
        "ME", "MD",
        "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
        "RI", "SC",
        "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC",
    ]

    static func find(in turns: [SpokenTurn]) -> String? {
        for turn in turns {
            for index in turn.words.indices {
                for introduction in introductions where turn.has(introduction, at: index) {
                    if let end = end(turn, index + introduction.count, needsSuffix: introduction[0] != "address") {
                        return String(turn.text(index + introduction.count..<end).prefix(300))
                    }
                }
            }
        }
        for turn in turns {
            for index in turn.words.indices {
                if let end = end(turn, index, needsSuffix: true) { return String(turn.text(index..<end).prefix(300)) }
            }
        }
        return nil
    }

    /// Where the address that begins with a house number at `start` ends.
    private static func end(_ turn: SpokenTurn, _ start: Int, needsSuffix: Bool) -> Int? {
        var index = start
        while index < turn.words.count, isNumber(turn.words[index]), index - start < 4 {
            index += 1
            if turn.words[index - 1].endsClause { return nil }
        }
        guard index > start, index < turn.words.count else { return nil }
        let street = index
        while index < turn.words.count, index - street < 6 {
            let word = turn.words[index]
            if index > street, suffixes.contains(word.lower) {
                return tail(turn, index + 1)
            }
            guard
                word.startsUpper || isDirection(word.lower) || word.lower.first?.isNumber == true
                    || isOrdinal(word.lower)
                    || suffixes.contains(turn.words[min(index + 1, turn.words.count - 1)].lower)
            else { break }
            if word.endsClause { index += 1; break }
            index += 1
        }
        guard !needsSuffix, index > street, turn.words[street].startsUpper else { return nil }
        return tail(turn, index)
    }

    /// Town, state, code, apartment: what follows the street between commas.
    private static func tail(_ turn: SpokenTurn, _ start: Int) -> Int {
        var end = start
        while end < turn.words.count, end - start < 10 {
            let word = turn.words[end]
            let follows = turn.words[end - 1].endsClause
            let isSentenceEnd = word.sentence > turn.words[end - 1].sentence
            if isSentenceEnd { break }
            let isUnit = ["apartment", "apt", "unit", "suite", "number", "floor"].contains(word.lower)
            let isPlace = word.startsUpper && !stops.contains(word.lower)
            let isCode =
                word.core.allSatisfy { $0.isNumber || $0 == "-" } && word.core.count >= 1
                && (word.core.count == 5 || word.core.count == 10 || isUnitBefore(turn, end))
            let isSpokenUnit = isUnitBefore(turn, end) && (SpokenNumber.isNumber(word.lower) || word.core.count <= 3)
            if word.lower == "in", !follows, end + 1 < turn.words.count, turn.words[end + 1].startsUpper {
                end += 1
                continue
            }
            guard isUnit || isPlace || isCode || isSpokenUnit || states.contains(String(word.core)) else { break }
            end += 1
        }
        // "in" and "number" alone belong to what comes next.
        while end > start, ["in", "number"].contains(turn.words[end - 1].lower) { end -= 1 }
        return end
    }

    private static let stops: Set<String> = [
        "i", "i'm", "i'd", "my", "and", "it", "it's", "we", "can", "could", "the", "please", "thanks", "thank", "yes",
        "no", "okay",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "phone", "email", "call",
        "that's", "great",
    ]

    private static func isUnitBefore(_ turn: SpokenTurn, _ index: Int) -> Bool {
        index > 0 && ["apartment", "apt", "unit", "suite", "number", "floor"].contains(turn.words[index - 1].lower)
    }

    private static func isNumber(_ word: SpokenWord) -> Bool {
        if SpokenNumber.isNumber(word.lower) { return true }
        let digits = word.core.prefix { $0.isNumber }
        return (1...6).contains(digits.count) && digits.count >= word.core.count - 1
            && word.core.dropFirst(digits.count).allSatisfy(\.isLetter)
    }

    private static func isDirection(_ word: String) -> Bool {
        ["north", "south", "east", "west", "n", "s", "e", "w", "northeast", "northwest", "southeast", "southwest"]
            .contains(word)
    }

    private static func isOrdinal(_ word: String) -> Bool {
        word.hasSuffix("th") || ["first", "second", "third"].contains(word)
    }
}
