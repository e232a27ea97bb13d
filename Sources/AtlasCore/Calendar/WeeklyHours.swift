#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// When work is done: for each day of the week, spans of minutes on the wall clock.
public struct WeeklyHours: Sendable, Equatable {
    /// Sunday first; spans of minutes after midnight within 0..<1440, upper bound up to 1440, sorted, apart from each other.
    public var days: [[Range<Int>]]

    public init(days: [[Range<Int>]]) { self.days = days }

    /// The same hours on every day.
    public init(from start: Int, to end: Int) {
        days = Array(repeating: start < end ? [start * 60..<end * 60] : [], count: 7)
    }

    /// Whether all of `slot` is working time, whatever the clocks do meanwhile.
    public func cover(_ slot: Range<Date>, zone: BusinessZone) -> Bool {
        let slot = slot.wholeSeconds(rounding: .outward)
        var reached = slot.lowerBound
        for piece in pieces(of: slot, zone: zone) where piece.range.lowerBound == reached {
            reached = piece.range.upperBound
        }
        return !slot.isEmpty && reached == slot.upperBound
    }

    /// The working time within `range`, in pieces of one offset each, by time.
    ///
    /// An hour that is skipped is in no piece and one that is repeated in two, because the clocks are asked in each stretch of time
    /// between their changes anew. Pieces touch where work goes on: at a change of the clocks, and at midnight where one day's hours
    /// end with it and the next day's begin.
    func pieces(of range: Range<Int>, zone: BusinessZone) -> [BusinessZone.Stretch] {
        let week = days.map { spans in
            spans.map { $0.clamped(to: 0..<1440) }.merged().map { $0.lowerBound * 60..<$0.upperBound * 60 }
        }
        var found: [BusinessZone.Stretch] = []
        for stretch in zone.stretches(of: range) {
            let wall = stretch.range.lowerBound + stretch.offset..<stretch.range.upperBound + stretch.offset
            var midnight = wall.lowerBound - wall.lowerBound.floorRemainder(by: 86400)
            while midnight < wall.upperBound {
                // 1 January 1970 was a Thursday.
                let weekday = (midnight / 86400 + 4).floorRemainder(by: 7)
                for span in weekday < week.count ? week[weekday] : [] {
                    let hours = (midnight + span.lowerBound..<midnight + span.upperBound).clamped(to: wall)
                    guard !hours.isEmpty else { continue }
                    found.append(
                        BusinessZone.Stretch(
                            range: hours.lowerBound - stretch.offset..<hours.upperBound - stretch.offset,
                            offset: stretch.offset))
                }
                midnight += 86400
            }
        }
        return found
    }
}
