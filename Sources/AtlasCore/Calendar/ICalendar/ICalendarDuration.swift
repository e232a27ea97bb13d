/// A DURATION (RFC 5545, 3.3.6): days are of the wall clock, the rest is exact.
struct ICalendarDuration: Sendable, Equatable {
    var days = 0
    var seconds = 0

    /// Nil for what is none. A negative one counts as none at all: an event does not end before it starts.
    init?(_ text: some StringProtocol) {
        var rest = text.uppercased().utf8[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        guard rest.popFirst() == UInt8(ascii: "P") else { return nil }
        var isTime = false
        var isEmpty = true
        while let octet = rest.first {
            if octet == UInt8(ascii: "T"), !isTime {
                isTime = true
                rest.removeFirst()
                continue
            }
            let digits = rest.prefix { $0 &- 0x30 < 10 }
            guard !digits.isEmpty, digits.count <= 8 else { return nil }
            rest = rest.dropFirst(digits.count)
            let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
            switch (rest.popFirst(), isTime) {
            case (UInt8(ascii: "W"), false): days += number * 7
            case (UInt8(ascii: "D"), false): days += number
            case (UInt8(ascii: "H"), true): seconds += number * 3600
            case (UInt8(ascii: "M"), true): seconds += number * 60
            case (UInt8(ascii: "S"), true): seconds += number
            default: return nil
            }
            isEmpty = false
        }
        guard !isEmpty else { return nil }
        if isNegative { (days, seconds) = (0, 0) }
        // Longer than a century is a mistake, or malice.
        guard days <= 36_525, seconds <= 36_525 * 86400 else { return nil }
    }
}
