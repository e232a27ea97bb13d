extension SpokenTime {
    init?(_ words: [String]) {
        switch words {
        case ["noon"], ["midday"], ["12", "noon"], ["twelve", "noon"]:
            (minutes, isCertain) = (720, true)
            return
        case ["midnight"], ["12", "midnight"], ["twelve", "midnight"]:
            (minutes, isCertain) = (0, true)
            return
        default: break
        }
        var rest = words[...]
        let part = PartOfDay(takenFrom: &rest)
        var half: ClockReading.Half?
        if let last = rest.last, last == "am" || last == "pm" {
            half = last == "am" ? .am : .pm
            rest.removeLast()
        }
        if rest.last == "o'clock" || rest.last == "oclock" { rest.removeLast() }
        guard let (shown, isPadded) = Self.written(rest) ?? Self.past(rest) ?? Self.numbers(rest) else { return nil }

        // `14:30 pm` says the same twice, `14:30 am` is no time.
        let isOnce = shown < 60 || shown >= 780
        let ways = isOnce ? [shown] : [shown % 720, shown % 720 + 720]
        let fitting = ways.filter { way in
            (half.map { $0 == (way < 720 ? .am : .pm) } ?? true) && (part?.holds(way) ?? true)
        }
        guard let first = fitting.first else { return nil }
        let isTold = fitting.count == 1
        minutes = isTold ? first : shown
        isCertain = isTold || isPadded || shown >= 480
    }

    /// `in the afternoon`, `at night`.
    private enum PartOfDay: String {
        case morning, afternoon, evening, night

        init?(takenFrom words: inout ArraySlice<String>) {
            for (lead, word) in [
                (["in", "the"], "morning"), (["in", "the"], "afternoon"), (["in", "the"], "evening"), (["at"], "night"),
            ] where words.count > lead.count + 1 && words.suffix(lead.count + 1) == (lead + [word])[...] {
                words.removeLast(lead.count + 1)
                self.init(rawValue: word)
                return
            }
            return nil
        }

        func holds(_ minutes: Int) -> Bool {
            switch self {
            case .morning: minutes < 720
            case .afternoon: (720..<1140).contains(minutes)
            case .evening: minutes >= 960
            case .night: minutes >= 1080 || minutes < 300
            }
        }
    }

    private typealias Shown = (minutes: Int, isPadded: Bool)

    /// `9`, `9:30`, `14:30:00`, `2.30`, `14h30`, `14h`, `1430`.
    private static func written(_ words: ArraySlice<String>) -> Shown? {
        guard words.count == 1, var text = words.first, text.utf8.count <= 8,
            text.utf8.allSatisfy({ $0 &- 0x30 < 10 || ":.h".utf8.contains($0) }), text.utf8.first ?? 0 < 0x3A
        else { return nil }
        if text.hasSuffix("h") { text += "00" }
        text = text.replacing("h", with: ":").replacing(".", with: ":")
        if text.utf8.count >= 7, text.hasSuffix(":00") { text.removeLast(3) }
        if !text.contains(":"), text.utf8.count >= 3 { text = "\(text.dropLast(2)):\(text.suffix(2))" }
        return ClockReading(text).flatMap { reading in reading.minutes.map { ($0, reading.isPadded) } }
    }

    /// `half past two`, `a quarter to three`, `ten minutes past nine`.
    private static func past(_ words: ArraySlice<String>) -> Shown? {
        var words = words.filter { $0 != "minutes" }
        if words.first == "a" { words.removeFirst() }
        guard words.count == 3, let hour = CalendarWord.count(words[2]), (1...12).contains(hour) else { return nil }
        let distance =
            switch words[0] {
            case "half": words[1] == "past" ? 30 : nil
            case "quarter": 15
            default: CalendarWord.count(words[0])
            }
        guard let distance, (1..<60).contains(distance) else { return nil }
        switch words[1] {
        case "past", "after": return (hour * 60 + distance, false)
        case "to", "of": return ((hour == 1 ? 13 : hour) * 60 - distance, false)
        default: return nil
        }
    }

    /// `nine`, `two thirty`, `nine oh five`, `two forty five`.
    private static func numbers(_ words: ArraySlice<String>) -> Shown? {
        guard let first = words.first, (1...4).contains(words.count), let hour = CalendarWord.count(first),
            (1...12).contains(hour)
        else { return nil }
        let rest = words.dropFirst().joined(separator: "-")
        if rest.isEmpty { return (hour * 60, false) }
        guard rest.utf8.allSatisfy({ $0 &- 0x30 >= 10 }), let minute = CalendarWord.count(rest),
            (1..<60).contains(minute), minute >= 10 || rest.hasPrefix("oh-") || rest.hasPrefix("o-")
        else { return nil }
        return (hour * 60 + minute, false)
    }
}
