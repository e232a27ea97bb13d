#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where time is left between what is busy.
public struct FreeSlots: Sendable, Equatable {
    public struct Question: Sendable, Equatable {
        public var range: Range<Date>
        public var minutes: Int
        public var hours: WeeklyHours
        /// Minutes to be left free before and after what is busy.
        public var buffer: Int

        public init(range: Range<Date>, minutes: Int, hours: WeeklyHours, buffer: Int = 0) {
            self.range = range
            self.minutes = minutes
            self.hours = hours
            self.buffer = buffer
        }
    }

    /// The first ones, by start.
    public var slots: [Range<Date>]
    /// How many there are.
    public var total: Int

    /// The slots that begin on a quarter of the hour on the wall clock, lie in the range and in working time, and keep the buffer
    /// to everything busy. Slots of one answer overlap each other: each is a place for the one visit that is asked for.
    ///
    /// - Parameters:
    ///   - busy: in any order; they may overlap.
    ///   - limit: how many of the slots are given back; the others are counted only.
    public static func find(_ question: Question, busy: [Range<Date>], zone: BusinessZone, limit: Int = 20) -> FreeSlots
    {
        var found = FreeSlots(slots: [], total: 0)
        guard (1...Int(Int32.max)).contains(question.minutes) else { return found }
        let length = question.minutes * 60
        let range = question.range.wholeSeconds(rounding: .inward)
        let free = free(in: range, busy: busy, buffer: question.buffer)
        let pieces = question.hours.pieces(of: range, zone: zone)
        let ends = ends(of: pieces)
        var next = 0
        for (piece, end) in zip(pieces, ends) {
            while next < free.count, free[next].upperBound <= piece.range.lowerBound { next += 1 }
            for gap in free[next...].prefix(while: { $0.lowerBound < piece.range.upperBound }) {
                let last = min(piece.range.upperBound - 1, min(gap.upperBound, end) - length)
                found.add(
                    from: max(piece.range.lowerBound, gap.lowerBound), through: last, offset: piece.offset,
                    length: length, limit: limit)
            }
        }
        return found
    }

    /// Whether a visit can be at `slot`, which may begin at any minute: in working time, and with the buffer to everything busy.
    public static func isFree(
        _ slot: Range<Date>, hours: WeeklyHours, buffer: Int = 0, busy: [Range<Date>], zone: BusinessZone
    ) -> Bool {
        let seconds = slot.wholeSeconds(rounding: .outward)
        return hours.cover(slot, zone: zone) && free(in: seconds, busy: busy, buffer: buffer) == [seconds]
    }

    /// What is neither busy nor nearer to it than the buffer.
    private static func free(in range: Range<Int>, busy: [Range<Date>], buffer: Int) -> [Range<Int>] {
        let distance = max(0, min(buffer, Int(Int32.max))) * 60
        var taken: [Range<Int>] = []
        taken.reserveCapacity(busy.count)
        for busy in busy where busy.lowerBound < busy.upperBound {
            let seconds = busy.wholeSeconds(rounding: .outward)
            taken.append((seconds.lowerBound - distance..<seconds.upperBound + distance).clamped(to: range))
        }
        var free: [Range<Int>] = []
        var reached = range.lowerBound
        for taken in taken.merged() {
            if reached < taken.lowerBound { free.append(reached..<taken.lowerBound) }
            reached = taken.upperBound
        }
        if reached < range.upperBound { free.append(reached..<range.upperBound) }
        return free
    }

    /// Of each piece, when the working time ends that goes on from it without a break.
    private static func ends(of pieces: [BusinessZone.Stretch]) -> [Int] {
        var ends = pieces.map(\.range.upperBound)
        for index in pieces.indices.dropLast().reversed()
        where pieces[index].range.upperBound == pieces[index + 1].range.lowerBound {
            ends[index] = ends[index + 1]
        }
        return ends
    }

    /// Counts the quarters of the wall clock from one instant through another, and keeps the slots that begin at the first ones.
    private mutating func add(from first: Int, through last: Int, offset: Int, length: Int, limit: Int) {
        let quarter = 900
        let aligned = first + (-(first + offset)).floorRemainder(by: quarter)
        guard aligned <= last else { return }
        total += (last - aligned) / quarter + 1
        for start in stride(from: aligned, through: last, by: quarter).prefix(max(0, limit - slots.count)) {
            let start = Date(timeIntervalSince1970: Double(start))
            slots.append(start..<start.addingTimeInterval(Double(length)))
        }
    }
}
