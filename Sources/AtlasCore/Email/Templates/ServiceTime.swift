/// A time of day as a client is told it, in the words of whoever arranged it: `9:00`, `14:30`, `2pm`, `9 AM - 11 AM`.
struct ServiceTime: Sendable, Equatable {
    let text: String

    /// - Throws: ``AtlasError`` `invalid_argument` for what is no time, or ends before it begins.
    init(_ given: String, parameter: String = "service_time") throws(AtlasError) {
        let text = given.cleaned()
        let ends = Self.ends(of: text)
        guard text.utf8.count <= 40, (1...2).contains(ends.count), let last = ClockReading(ends[ends.count - 1]) else {
            throw Self.wrong(text, parameter)
        }
        if ends.count == 1 {
            guard last.isTold else { throw Self.wrong(text, parameter) }
        } else {
            guard last.isTold, var first = ClockReading(ends[0]) else { throw Self.wrong(text, parameter) }
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
}
