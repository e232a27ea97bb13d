/// A time of day as a client is told it, in the words of whoever arranged it: `9:00`, `14:30`, `2pm`, `9 AM - 11 AM`.
struct ServiceTime: Sendable, Equatable {
    let text: String

    /// - Throws: ``AtlasError`` `invalid_argument` for what is no time, or ends before it begins.
    init(_ given: String, parameter: String = "service_time") throws(AtlasError) {
        let text = given.cleaned()
        let ends = Self.ends(of: text)
        guard text.utf8.count <= 40, (1...2).contains(ends.count), let last = Clock(ends[ends.count - 1]) else {
            throw Self.wrong(text, parameter)
        }
        if ends.count == 1 {
            guard last.isTold else { throw Self.wrong(text, parameter) }
        } else {
            guard last.isTold, var first = Clock(ends[0]) else { throw Self.wrong(text, parameter) }
            // `9-11am` begins in the morning, and so does `11-1pm`.
            if first.half == nil, let half = last.half, first.hour <= 12 {
                first.half = half
                if first.minutes ?? 0 >= last.minutes ?? 0 { first.half = half == .pm ? .am : half }
            }
            guard let start = first.minutes, let end = last.minutes, start < end else {
                throw AtlasError(
                    .invalidArgument, "\(parameter) ends before it begins: \"\(text)\".", parameter: parameter)
            }
        }
        self.text = text
    }

    private static func wrong(_ text: String, _ parameter: String) -> AtlasError {
        AtlasError(
            .invalidArgument,
            "\(parameter) must be a time of day like 9:00, 14:30, 2pm or 9 AM - 11 AM, got \"\(text.cutShort(at: 40))\".",
            parameter: parameter)
    }

    private static func ends(of text: String) -> [String] {
        var plain = text.lowercased()
        for dash in ["–", "—", "−", " to ", " until "] { plain = plain.replacing(dash, with: "-") }
        return plain.split(separator: "-", omittingEmptySubsequences: false).map { String($0).trimmed }
    }

    /// What a clock on the wall shows.
    private struct Clock {
        enum Half { case am, pm }

        let hour: Int
        let minute: Int
        var half: Half?
        /// Whether minutes or the half of the day are said: a bare number is a time only before another one.
        let isTold: Bool

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
        }

        /// Since midnight; nil where the half of the day belongs to no such hour.
        var minutes: Int? {
            guard let half else { return hour * 60 + minute }
            guard (1...12).contains(hour) else { return nil }
            return (hour % 12 + (half == .pm ? 12 : 0)) * 60 + minute
        }
    }
}
