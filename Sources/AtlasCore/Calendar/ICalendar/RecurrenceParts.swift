/// The parts of a recurrence rule (RFC 5545, 3.3.10), read.
struct RecurrenceParts: Sendable, Equatable {
    enum Frequency: String, Sendable, CaseIterable {
        case secondly = "SECONDLY"
        case minutely = "MINUTELY"
        case hourly = "HOURLY"
        case daily = "DAILY"
        case weekly = "WEEKLY"
        case monthly = "MONTHLY"
        case yearly = "YEARLY"
    }

    /// A day of the week, 0 is Sunday; the how-manieth of its month or year, from the end where negative, 0 for each.
    struct Weekday: Sendable, Hashable {
        var ordinal = 0
        var day: Int
    }

    var frequency: Frequency
    var interval = 1
    var count: Int?
    var until: ICalendarTime?
    var weekStart = 1
    var months: [Int] = []
    var monthDays: [Int] = []
    var yearDays: [Int] = []
    var weeks: [Int] = []
    var weekdays: [Weekday] = []
    var hours: [Int] = []
    var minutes: [Int] = []
    var seconds: [Int] = []
    var positions: [Int] = []

    /// Why a text is no rule, in words that go on from "recurrence".
    struct Problem: Error { let words: String }

    static let dayNames = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"]

    init(_ frequency: Frequency) { self.frequency = frequency }

    init(reading text: some StringProtocol) throws(Problem) {
        guard text.utf8.count <= 2048 else { throw Problem(words: "is too long") }
        var values: [(name: String, value: String)] = []
        for part in text.uppercased().split(separator: ";", omittingEmptySubsequences: true) {
            let pieces = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard pieces.count == 2 else {
                throw Problem(words: "has \"\(part.prefix(40))\", which is no part of a rule")
            }
            let name = String(pieces[0]).trimmed
            guard !values.contains(where: { $0.name == name }) else {
                throw Problem(words: "has \(name.prefix(20)) twice")
            }
            values.append((name, String(pieces[1]).trimmed))
        }
        guard let given = values.first(where: { $0.name == "FREQ" }) else { throw Problem(words: "has no FREQ") }
        guard let frequency = Frequency(rawValue: given.value) else {
            throw Problem(
                words: "has FREQ=\(given.value.prefix(20)), which is none of DAILY, WEEKLY, MONTHLY and YEARLY")
        }
        self.frequency = frequency
        for (name, value) in values where name != "FREQ" { try read(name, value) }
    }

    private mutating func read(_ name: String, _ value: String) throws(Problem) {
        let wrong = Problem(words: "has \(name.prefix(20))=\(value.prefix(40)), which is not a value of that part")
        func numbers(_ range: ClosedRange<Int>, negative: Bool = false) throws(Problem) -> [Int] {
            var found: [Int] = []
            for text in value.split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Int(text), text.utf8.count <= 4,
                    range.contains(number) || (negative && range.contains(-number))
                else { throw wrong }
                if !found.contains(number) { found.append(number) }
            }
            return found
        }
        switch name {
        case "INTERVAL":
            guard let number = Int(value), (1...9999).contains(number) else { throw wrong }
            interval = number
        case "COUNT":
            guard let number = Int(value), (1...1_000_000).contains(number) else { throw wrong }
            count = number
        case "UNTIL":
            guard let time = ICalendarTime(value) else { throw wrong }
            until = time
        case "WKST":
            guard let day = Self.dayNames.firstIndex(of: value) else { throw wrong }
            weekStart = day
        case "BYMONTH": months = try numbers(1...12)
        case "BYMONTHDAY": monthDays = try numbers(1...31, negative: true)
        case "BYYEARDAY": yearDays = try numbers(1...366, negative: true)
        case "BYWEEKNO": weeks = try numbers(1...53, negative: true)
        case "BYHOUR": hours = try numbers(0...23)
        case "BYMINUTE": minutes = try numbers(0...59)
        case "BYSECOND": seconds = try numbers(0...60).map { min($0, 59) }
        case "BYSETPOS": positions = try numbers(1...366, negative: true)
        case "BYDAY":
            for text in value.split(separator: ",", omittingEmptySubsequences: false) {
                guard let day = Self.dayNames.firstIndex(of: String(text.suffix(2))) else { throw wrong }
                let digits = text.dropLast(2)
                guard let ordinal = digits.isEmpty ? 0 : Int(digits), digits.isEmpty || ordinal != 0,
                    digits.utf8.count <= 3, (-53...53).contains(ordinal)
                else { throw wrong }
                let weekday = Weekday(ordinal: ordinal, day: day)
                if !weekdays.contains(weekday) { weekdays.append(weekday) }
            }
        default: throw Problem(words: "has \(name.prefix(20)), which is no part of a rule")
        }
    }

    /// The parts as a rule is written, in the usual order.
    var text: String {
        var parts = ["FREQ=\(frequency.rawValue)"]
        if let count { parts.append("COUNT=\(count)") }
        if let until { parts.append("UNTIL=\(until.text)") }
        if interval != 1 { parts.append("INTERVAL=\(interval)") }
        func add(_ name: String, _ numbers: [Int]) {
            if !numbers.isEmpty { parts.append("\(name)=\(numbers.map(String.init).joined(separator: ","))") }
        }
        add("BYSECOND", seconds)
        add("BYMINUTE", minutes)
        add("BYHOUR", hours)
        if !weekdays.isEmpty {
            let days = weekdays.map { ($0.ordinal == 0 ? "" : String($0.ordinal)) + Self.dayNames[$0.day] }
            parts.append("BYDAY=\(days.joined(separator: ","))")
        }
        add("BYMONTHDAY", monthDays)
        add("BYYEARDAY", yearDays)
        add("BYWEEKNO", weeks)
        add("BYMONTH", months)
        add("BYSETPOS", positions)
        if weekStart != 1 { parts.append("WKST=\(Self.dayNames[weekStart])") }
        return parts.joined(separator: ";")
    }

    /// How often it is on a day that it is on.
    var timesPerDay: Int { max(hours.count, 1) * max(minutes.count, 1) * max(seconds.count, 1) }

    /// Whether it repeats within the day by its frequency.
    var isSubDaily: Bool { [.secondly, .minutely, .hourly].contains(frequency) }
}
