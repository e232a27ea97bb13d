#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Range<Date> {
    enum Rounding { case inward, outward }

    /// The same in whole seconds since 1970 UTC; moments outside of the years 1 to 9999 become their ends.
    func wholeSeconds(rounding: Rounding) -> Range<Int> {
        let years = -62_135_596_800.0...253_402_300_800.0
        func whole(_ date: Date, _ rule: FloatingPointRoundingRule) -> Int {
            let seconds = date.timeIntervalSince1970.rounded(rule)
            // What is no number is no moment: the comparison puts it at the beginning.
            return Int(seconds > years.lowerBound ? Swift.min(seconds, years.upperBound) : years.lowerBound)
        }
        let start = whole(lowerBound, rounding == .inward ? .up : .down)
        let end = whole(upperBound, rounding == .inward ? .down : .up)
        return start..<Swift.max(start, end)
    }
}

extension [Range<Int>] {
    /// The same numbers in ranges that are sorted and neither overlap nor touch.
    func merged() -> [Range<Int>] {
        var found: [Range<Int>] = []
        found.reserveCapacity(count)
        for range in sorted(by: { $0.lowerBound < $1.lowerBound }) where !range.isEmpty {
            if let last = found.last, range.lowerBound <= last.upperBound {
                found[found.count - 1] = last.lowerBound..<Swift.max(last.upperBound, range.upperBound)
            } else {
                found.append(range)
            }
        }
        return found
    }
}
