/// Sequence sets of RFC 3501, 9: `1:4,7`. They stay ranges, since a server may write `1:4294967295`.
struct IMAPSet: Sendable, Equatable {
    /// In rising order, neither overlapping nor touching.
    private(set) var ranges: [ClosedRange<UInt32>] = []

    init(_ numbers: some Sequence<UInt32>) { self.init(joining: numbers.filter { $0 > 0 }.map { $0...$0 }) }

    private init(joining unordered: [ClosedRange<UInt32>]) {
        for range in unordered.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = ranges.last, UInt64(range.lowerBound) <= UInt64(last.upperBound) + 1 {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                ranges.append(range)
            }
        }
    }

    /// Reads a set of numbers; `*` is none, as only clients write it.
    ///
    /// - Returns: nil when it is none, or has more than a million ranges.
    init?(_ text: some StringProtocol) {
        guard let ordered = Self.ordered(text) else { return nil }
        self.init(joining: ordered)
    }

    /// The ranges in the order they are written in, each from its lower end up: COPYUID (RFC 4315) pairs two sets by their order.
    static func ordered(_ text: some StringProtocol) -> [ClosedRange<UInt32>]? {
        var ranges: [ClosedRange<UInt32>] = []
        var numbers: [UInt32] = []
        var number: UInt64?
        for octet in Array(text.utf8) + [UInt8(ascii: ",")] {
            switch octet {
            case 0x30...0x39:
                let next = (number ?? 0) * 10 + UInt64(octet - 0x30)
                guard next > 0, next <= UInt32.max else { return nil }
                number = next
            case UInt8(ascii: ":"), UInt8(ascii: ","):
                guard let end = number, numbers.count < 2 else { return nil }
                numbers.append(UInt32(end))
                number = nil
                if octet == UInt8(ascii: ":") {
                    guard numbers.count == 1 else { return nil }
                } else {
                    guard let low = numbers.min(), let high = numbers.max(), ranges.count < 1_000_000 else {
                        return nil
                    }
                    ranges.append(low...high)
                    numbers = []
                }
            default: return nil
            }
        }
        return ranges
    }

    /// How many numbers are in it.
    var count: Int { ranges.reduce(0) { $0 + Int($1.upperBound - $1.lowerBound) + 1 } }

    /// Its numbers in rising order, at most `limit`, and then the highest: the newest messages.
    func numbers(limit: Int) -> [UInt32] {
        var numbers: [UInt32] = []
        for range in ranges.reversed() {
            let room = limit - numbers.count
            guard room > 0 else { break }
            numbers += range.reversed().prefix(room)
        }
        return numbers.reversed()
    }

    func contains(_ number: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < number { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(number)
    }

    /// As RFC 3501 writes it; empty when it is empty, which no command allows.
    var text: String { texts(longest: .max).first ?? "" }

    /// The same in several sets of at most `longest` octets each, because servers limit the length of a command (RFC 7162, 4: 8192).
    func texts(longest: Int = 4096) -> [String] {
        var texts: [String] = []
        for range in ranges {
            let written =
                range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound):\(range.upperBound)"
            if let last = texts.last, last.utf8.count + 1 + written.utf8.count <= longest {
                texts[texts.count - 1] += ",\(written)"
            } else {
                texts.append(written)
            }
        }
        return texts
    }
}
