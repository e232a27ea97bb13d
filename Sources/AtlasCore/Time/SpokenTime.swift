/// A time of day as people say it: `14:30`, `2 p.m.`, `noon`, `quarter to three in the afternoon`.
///
/// Hours from one to seven are of the morning for some and of the afternoon for others; nobody is booked on a guess.
struct SpokenTime {
    /// After midnight.
    let minutes: Int
    /// Whether the half of the day is said, or goes without saying.
    let isCertain: Bool

    /// - Returns: minutes after midnight on the wall clock.
    /// - Throws: ``AtlasError`` `invalid_argument` naming `parameter`: no time, more than one, and one that may be in either half of the
    ///   day, with both readings.
    static func read(_ text: String, parameter: String = "time") throws(AtlasError) -> Int {
        let said = text.cleaned()
        let quoted = "\"\(said.cutShort(at: 40))\""
        func wrong(_ words: String) -> AtlasError {
            AtlasError(.invalidArgument, "\(parameter) \(words)", parameter: parameter)
        }
        guard said.utf8.count <= 80 else { throw wrong("is too long for a time. Give one like 14:30 or 2:30 pm.") }
        let words = words(of: said)
        guard !isVague(words) else {
            throw wrong("must be one exact time, got \(quoted). Give the start, like 14:30 or 2:30 pm.")
        }
        guard let time = SpokenTime(words) else {
            throw wrong("must be a time of day like 14:30, 2:30 pm or noon, got \(quoted).")
        }
        guard !time.isCertain else { return time.minutes }
        throw wrong(
            "\(quoted) can be read as \(clock(time.minutes)) or \(clock(time.minutes + 720)). Give one of these times.")
    }

    private static func clock(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// In lower case, `a.m.` as `am`, and that a word of its own.
    private static func words(of text: String) -> [String] {
        var plain = text.lowercased() + " "
        for (mark, word) in [
            ("\u{2019}", "'"), (",", " "), ("–", "-"), ("—", "-"), ("−", "-"), ("a.m", "am"), ("p.m", "pm"),
            ("am.", "am"), ("pm.", "pm"),
        ] {
            plain = plain.replacing(mark, with: word)
        }
        var words: [String] = []
        for word in plain.split(separator: " ") {
            if word.hasSuffix("am") || word.hasSuffix("pm"), let before = word.dropLast(2).last, before.isNumber {
                words += [String(word.dropLast(2)), String(word.suffix(2))]
            } else {
                words.append(String(word))
            }
        }
        if words.first == "at" { words.removeFirst() }
        if words.last == "sharp" { words.removeLast() }
        return words
    }

    /// Whether it says a part of the day, or from when to when, and not one time.
    private static func isVague(_ words: [String]) -> Bool {
        let beginnings: Set<String> = [
            "from", "after", "before", "around", "about", "by", "any", "anytime", "lunchtime", "morning", "afternoon",
            "evening", "early", "late",
        ]
        if let first = words.first, beginnings.contains(first) { return true }
        if words.contains(where: { ["between", "until", "or", "-"].contains($0) }) { return true }
        if words.contains(where: { $0.contains("-") && $0.contains(where: \.isNumber) }) { return true }
        // "ten to two" is said of a time and of a span; "quarter to two" and "ten minutes to two" only of a time.
        guard let to = words.firstIndex(of: "to") else { return false }
        return to == 0 || !["quarter", "minutes", "twenty", "twenty-five"].contains(words[to - 1])
    }
}
