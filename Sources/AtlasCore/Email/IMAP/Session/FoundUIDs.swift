/// What a search or a sort found.
struct FoundUIDs: Sendable, Equatable {
    /// Those asked for, newest first.
    var newest: [UInt32]
    var total: Int
    /// A set says four thousand million numbers in twelve octets.
    private static let most = 500_000

    /// Whether more may be found than `total` says.
    var isTotalLowerBound = false

    init(newest: [UInt32], total: Int, isTotalLowerBound: Bool) {
        self.newest = newest
        self.total = total
        self.isTotalLowerBound = isTotalLowerBound
    }

    /// Reads the answer to UID SEARCH, with RETURN or without, or to UID SORT in reverse order.
    ///
    /// - Parameter limit: how many are wanted.
    init(_ reply: IMAPReply, limit: Int) {
        let limit = min(limit, Self.most)
        newest = []
        total = 0
        // RFC 4731: an extended answer has a count, and the numbers as a set.
        if let answer = reply.data("ESEARCH").last?.values {
            read(extended: answer, limit: limit)
        } else if let sorted = reply.data("SORT").last?.values {
            let numbers = sorted.compactMap(Self.uid)
            newest = Array(numbers.prefix(limit))
            total = numbers.count
        } else {
            // RFC 3501 says one answer; some servers write several.
            let found = IMAPSet(reply.data("SEARCH").flatMap { $0.values.compactMap(Self.uid) })
            newest = found.numbers(limit: limit).reversed()
            total = found.count
        }
    }

    private mutating func read(extended values: [IMAPValue], limit: Int) {
        var found: IMAPSet?
        var sorted: [UInt32]?
        var counted: Int?
        for (name, value) in zip(values, values.dropFirst()) {
            if name.isAtom("COUNT") { counted = value.number }
            if name.isAtom("ALL") { found = value.text.flatMap { IMAPSet($0) } }
            if name.isAtom("PARTIAL"), let set = value.list?.last?.text, let ranges = IMAPSet.ordered(set) {
                sorted = []
                for range in ranges where (sorted?.count ?? 0) < limit { sorted? += range.prefix(limit) }
            }
        }
        newest = sorted.map { Array($0.prefix(limit)) } ?? found?.numbers(limit: limit).reversed() ?? []
        total = max(counted ?? found?.count ?? 0, newest.count)
    }

    private static func uid(_ value: IMAPValue) -> UInt32? { value.number.flatMap { UInt32(exactly: $0) } }
}
