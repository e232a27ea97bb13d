#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A day as people say it: `tomorrow`, `next Tuesday`, `a week from Monday`, `Jan 20`, `12/05/2026`.
///
/// What can be meant in two ways is never guessed at, because a visit on the wrong day is worse than a question.
struct SpokenDate {
    /// Days that a text can mean; none when there is no such day, nil when the text says none.
    typealias Readings = [CivilDate]?

    let words: [String]
    let today: CivilDate

    /// - Returns: the day; a day without a year is the next to come, one with a year may be past.
    /// - Throws: ``AtlasError`` `invalid_argument` naming `parameter`: no day, a day that does not exist, and one that can be read in
    ///   two ways, with both of them.
    static func read(_ text: String, now: Date, time: BusinessTime, parameter: String = "date") throws(AtlasError)
        -> CivilDate
    {
        let said = text.cleaned()
        func wrong(_ words: String) -> AtlasError {
            AtlasError(.invalidArgument, "\(parameter) \(words)", parameter: parameter)
        }
        let quoted = "\"\(said.cutShort(at: 40))\""
        let examples = "Give a day like 2026-11-24, Jan 20, next Friday or tomorrow"
        guard said.utf8.count <= 80 else { throw wrong("is too long for a day. \(examples).") }
        if ISO8601Text(said)?.secondsOfDay != nil {
            throw wrong("must be a day without a time, got \(quoted).")
        }
        let date = SpokenDate(words: words(of: said), today: time.day(of: now))
        let (weekday, found) = date.readings.map { (nil, $0) } ?? date.dayWithWeekday ?? (nil, nil)
        guard let days = found?.sorted() else {
            throw wrong("is no day that could be understood, got \(quoted). \(examples).")
        }
        guard let first = days.first else { throw wrong("\(quoted) is no day of the calendar. \(examples).") }
        let fitting = days.filter { weekday == nil || $0.weekday == weekday }
        switch fitting.count {
        case 1: return fitting[0]
        case 0:
            throw wrong(
                "\(quoted) contradicts itself: \(first.iso8601) is a \(first.weekdayName). Give the right date.")
        default:
            let both = fitting.map { "\($0.iso8601) (\($0.weekdayName))" }.joined(separator: " or ")
            throw wrong("\(quoted) can be read as \(both). Give one of these dates.")
        }
    }

    /// In lower case, without the marks around them; `twenty first` is one word.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        for part in text.lowercased().replacing(",", with: " ").split(separator: " ") {
            var word = part[...]
            while let last = word.last, ".()".contains(last) { word.removeLast() }
            while let first = word.first, first == "(" { word.removeFirst() }
            guard !word.isEmpty else { continue }
            if let last = words.last, last == "twenty" || last == "thirty",
                CalendarWord.ordinal("\(last)-\(word)") != nil
            {
                words[words.count - 1] = "\(last)-\(word)"
            } else {
                words.append(String(word))
            }
        }
        if words.first == "on" { words.removeFirst() }
        return words
    }

    /// A day that is said with its weekday, before or after it: `Monday, Jan 20`.
    private var dayWithWeekday: (weekday: Int?, days: Readings)? {
        func rest(_ words: ArraySlice<String>) -> [CivilDate]? {
            SpokenDate(words: Array(words), today: today).readings
        }
        let named = words.drop { ["this", "next", "coming", "the"].contains($0) }
        if let weekday = named.first.flatMap({ CalendarWord.weekday($0) }), let days = rest(named.dropFirst()) {
            return (weekday, days)
        }
        if let weekday = words.last.flatMap({ CalendarWord.weekday($0) }), let days = rest(words.dropLast()) {
            return (weekday, days)
        }
        return nil
    }
}
