/// What a clock on the wall shows, as it is written: `9`, `9:30`, `14:30`, `2pm`, `noon`.
struct ClockReading: Sendable, Equatable {
    enum Half: Sendable { case am, pm }

    let hour: Int
    let minute: Int
    var half: Half?
    /// Whether minutes or the half of the day are said: a bare number may count anything.
    let isTold: Bool
    /// Whether the hour is written with a zero before it, as those do who count to 24.
    let isPadded: Bool

    init?(_ text: String) {
        var rest = text.filter { !$0.isWhitespace && $0 != "." }
        switch rest {
        case "noon": rest = "12pm"
        case "midnight": rest = "12am"
        default: break
        }
        if rest.hasSuffix("am") { half = .am }
        if rest.hasSuffix("pm") { half = .pm }
        if half != nil { rest.removeLast(2) }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), (1...2).contains(parts[0].utf8.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { $0 &- 0x30 < 10 } }), let hour = Int(parts[0])
        else { return nil }
        var minute = 0
        if parts.count == 2 {
            guard parts[1].utf8.count == 2, let given = Int(parts[1]) else { return nil }
            minute = given
        }
        guard minute < 60, half == nil ? hour < 24 : (1...12).contains(hour) else { return nil }
        self.hour = hour
        self.minute = minute
        isTold = half != nil || parts.count == 2
        isPadded = parts[0].hasPrefix("0")
    }

    /// Since midnight; nil where the half of the day belongs to no such hour.
    var minutes: Int? {
        guard let half else { return hour * 60 + minute }
        guard (1...12).contains(hour) else { return nil }
        return (hour % 12 + (half == .pm ? 12 : 0)) * 60 + minute
    }
}
