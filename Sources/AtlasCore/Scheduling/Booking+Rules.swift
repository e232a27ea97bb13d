#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When a visit may be.
extension Booking {
    /// The time that a caller means, if a visit may be then by the rules; whether it is free is another question.
    ///
    /// - Throws: `invalid_argument`.
    func slot(date: String, time text: String, minutes: Int) throws(AtlasError) -> Range<Date> {
        var problems = Problems()
        let now = now()
        let moment: Date?
        // A whole timestamp says which of two it is, on the night on which the clocks go back.
        if ISO8601Text(text)?.secondsOfDay != nil {
            moment = problems.note { () throws(AtlasError) in try time.read(text, parameter: "time").start }
            let day = problems.note { () throws(AtlasError) in
                try SpokenDate.read(date, now: now, time: time, parameter: "date")
            }
            if let moment, let day, time.day(of: moment) != day {
                throw AtlasError(.invalidArgument, "date and time name two different days.", parameter: "time")
            }
        } else {
            let day = problems.note { () throws(AtlasError) in
                try SpokenDate.read(date, now: now, time: time, parameter: "date")
            }
            let clock = problems.note { () throws(AtlasError) in try SpokenTime.read(text, parameter: "time") }
            moment =
                if let day, let clock {
                    problems.note { () throws(AtlasError) in try self.moment(day, clock) }
                } else { nil }
        }
        try problems.check()
        guard let moment else { throw AtlasError(.internal, "A time could not be read.") }
        let slot = moment..<moment.addingTimeInterval(Double(minutes * 60))
        try check(slot)
        return slot
    }

    /// What the clocks show on a day, as a moment.
    private func moment(_ day: CivilDate, _ minutes: Int) throws(AtlasError) -> Date {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(minutes / 60)):\(two(minutes % 60))"
        return try time.read("\(day.text)T\(clock)", parameter: "time").start
    }

    /// Business hours, notice and horizon.
    private func check(_ slot: Range<Date>) throws(AtlasError) {
        let now = now()
        let start = slot.lowerBound
        let when = time.span(from: start, to: slot.upperBound)
        guard start > now else {
            throw AtlasError(.invalidArgument, "\(when) is in the past.", parameter: "date")
        }
        guard start >= earliest else {
            throw AtlasError(
                .invalidArgument,
                "\(when) is too soon: visits are booked at least \(policy.notice) minutes ahead.", parameter: "time")
        }
        guard time.day(of: start) <= lastDay else {
            throw AtlasError(
                .invalidArgument,
                "\(when) is too far ahead: visits are booked at most \(policy.horizon) days ahead, until "
                    + "\(BusinessTime.longDate(lastDay)).", parameter: "date")
        }
        guard policy.hours.cover(slot, zone: time.zone) else {
            let day = time.day(of: start)
            let hours = policy.hours.words(on: day)
            let words = hours.isEmpty ? "closed" : "open \(hours.joined(separator: " and "))"
            throw AtlasError(
                .invalidArgument, "\(when) is outside business hours: on \(BusinessTime.longDate(day)) it is \(words).",
                parameter: "time")
        }
    }

    /// The first moment that can be booked.
    var earliest: Date { now().addingTimeInterval(Double(policy.notice * 60)) }

    /// The last day that can be booked.
    var lastDay: CivilDate { CivilDate(daysSince1970: time.day(of: now()).daysSince1970 + policy.horizon) }

    /// What must be free for a visit.
    func margin(of slot: Range<Date>) -> Range<Date> {
        let buffer = Double(policy.buffer * 60)
        return slot.lowerBound.addingTimeInterval(-buffer)..<slot.upperBound.addingTimeInterval(buffer)
    }
}
