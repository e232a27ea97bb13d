/// Reads when a business is open, as an operator writes it: `mon-fri 08:00-12:00 13:00-17:00, sat 9-13, sun closed`, `daily 24h`.
///
/// Entries are separated by commas, semicolons or line ends. An entry of days alone shares the times of the next one, an entry of times
/// alone adds to the days before it; days that are never named are closed.
struct BusinessHours {
    private var days: [[Range<Int>]] = Array(repeating: [], count: 7)
    /// The days of the entry that is being read.
    private var current: [Int] = []
    private var hasTimes = false
    private var isClosed = false

    /// - Throws: ``AtlasError`` `not_configured` that names the variable and the words that are wrong.
    static func read(_ text: String) throws(AtlasError) -> WeeklyHours {
        var hours = BusinessHours()
        var plain = text.cleaned(keepingLines: true).lowercased()
        for dash in ["–", "—", "−", " to "] { plain = plain.replacing(dash, with: "-") }
        for _ in 0..<8 where plain.contains(" -") || plain.contains("- ") {
            plain = plain.replacing(" -", with: "-").replacing("- ", with: "-")
        }
        guard plain.utf8.count <= 1000 else { throw wrong("it is too long") }
        for entry in plain.split(whereSeparator: { ",;\n".contains($0) }) { try hours.read(entry: entry) }
        guard hours.current.isEmpty || hours.hasTimes || hours.isClosed else {
            throw wrong("the last days have no times")
        }
        let week = hours.days.map { $0.merged() }
        guard week.contains(where: { !$0.isEmpty }) else { throw wrong("it names no times at all") }
        return WeeklyHours(days: week)
    }

    private mutating func read(entry: Substring) throws(AtlasError) {
        for word in entry.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
            if let days = Self.days(word) {
                if hasTimes || isClosed { (current, hasTimes, isClosed) = ([], false, false) }
                current += days
            } else if word == "closed" {
                guard !current.isEmpty else { throw Self.wrong("\"closed\" stands after no day") }
                for day in current { days[day] = [] }
                isClosed = true
            } else if let span = Self.span(word) {
                guard !current.isEmpty else { throw Self.wrong("\"\(word.prefix(20))\" stands after no day") }
                for day in current { days[day].append(span) }
                hasTimes = true
            } else {
                throw Self.wrong("\"\(word.prefix(20))\" is neither days nor times")
            }
        }
    }

    private static func wrong(_ words: String) -> AtlasError {
        AtlasError(
            .notConfigured,
            "\(ConfigurationKey.businessHours.name) must say when you are open, like mon-fri 08:00-18:00, sat 09:00-13:00: \(words)."
        )
    }

    // MARK: Words

    private static let names = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// `mon`, `mon-fri`, `fri-mon`, `daily`.
    private static func days(_ word: Substring) -> [Int]? {
        switch word {
        case "daily", "everyday": return Array(0..<7)
        case "weekdays": return Array(1...5)
        case "weekends", "weekend": return [6, 0]
        default: break
        }
        let ends = word.split(separator: "-", omittingEmptySubsequences: false).map(day)
        guard let first = ends.first.flatMap(\.self), let last = ends.last.flatMap(\.self), ends.count <= 2 else {
            return nil
        }
        return (0...(last - first).floorRemainder(by: 7)).map { (first + $0) % 7 }
    }

    private static func day(_ word: Substring) -> Int? {
        let word = word.hasSuffix(":") || word.hasSuffix(".") ? word.dropLast() : word
        guard word.count >= 3 else { return nil }
        return names.firstIndex { $0.hasPrefix(word) }
    }

    /// `08:00-18:00`, `8-18`, `8am-6pm`, `24h`.
    private static func span(_ word: Substring) -> Range<Int>? {
        if word == "24h" { return 0..<1440 }
        let ends = word.split(separator: "-", omittingEmptySubsequences: false).map(minutes)
        guard ends.count == 2, let start = ends[0], let end = ends[1], start < end else { return nil }
        return start..<end
    }

    private static func minutes(_ word: Substring) -> Int? {
        let half = word.hasSuffix("am") ? 0 : word.hasSuffix("pm") ? 12 : nil
        let clock = half == nil ? word : word.dropLast(2)
        let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...2).contains(parts[0].utf8.count),
            parts.count == 1 || parts[1].utf8.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }),
            var hour = Int(parts[0]), let minute = parts.count == 2 ? Int(parts[1]) : 0, minute < 60
        else { return nil }
        if let half {
            guard (1...12).contains(hour) else { return nil }
            hour = hour % 12 + half
        }
        let minutes = hour * 60 + minute
        return minutes <= 1440 ? minutes : nil
    }
}
