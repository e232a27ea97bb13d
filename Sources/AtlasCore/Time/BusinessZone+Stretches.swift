extension BusinessZone {
    /// A stretch of time in which the clocks are not changed.
    struct Stretch: Sendable, Equatable {
        /// Instants, in seconds since 1970 UTC.
        var range: Range<Int>
        /// Seconds east of Greenwich.
        var offset: Int
    }

    /// `range` cut where the offset changes, so that who goes through a range need not ask for every moment of it.
    func stretches(of range: Range<Int>) -> [Stretch] {
        guard !range.isEmpty else { return [] }
        var found = [Stretch(range: range, offset: offset(at: range.lowerBound))]
        var probe = range.lowerBound
        while probe < range.upperBound - 1 {
            // No zone changes its clocks and changes them back within a day.
            let next = min(probe + 86400, range.upperBound - 1)
            let last = found.count - 1
            let offset = offset(at: next)
            if offset != found[last].offset {
                let change = change(from: found[last].offset, in: probe..<next)
                found[last].range = found[last].range.lowerBound..<change
                found.append(Stretch(range: change..<range.upperBound, offset: offset))
            }
            probe = next
        }
        return found
    }

    /// The first instant of another offset, where the range's first one has `offset` and its upper bound has not.
    private func change(from offset: Int, in range: Range<Int>) -> Int {
        var (before, after) = (range.lowerBound, range.upperBound)
        while after - before > 1 {
            let middle = before + (after - before) / 2
            if self.offset(at: middle) == offset { before = middle } else { after = middle }
        }
        return after
    }
}
