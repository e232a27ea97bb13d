/// Takes a date apart into words, past comments and commas.
struct DateScanner {
    enum Word {
        case number(Int, digits: Int)
        case time(Int, Int, Int)
        /// Seconds east of Greenwich.
        case offset(Int)
        /// In lower case.
        case name(String)
    }

    private let text: ArraySlice<UInt8>
    private var position: Int
    /// A sign is an offset's only behind the time; before, it joins `12-Jan-2020`.
    private var hasTime = false

    init(_ text: ArraySlice<UInt8>) {
        self.text = text
        position = text.startIndex
    }

    /// The next word; a number out of all bounds for what is written wrongly.
    mutating func next() -> Word? {
        while position < text.endIndex {
            let octet = text[position]
            if octet == UInt8(ascii: "(") {
                skipComment()
            } else if octet.isDigit {
                return number()
            } else if octet.isLetter || octet >= 0x80 {
                let name = take { $0.isLetter || $0 >= 0x80 }
                return .name(String(decoding: name.map(\.lowercased), as: UTF8.self))
            } else if hasTime, octet == UInt8(ascii: "+") || octet == UInt8(ascii: "-"), let word = offset() {
                return word
            } else {
                position += 1
            }
        }
        return nil
    }

    private mutating func take(_ isPart: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let taken = text[position...].prefix(while: isPart)
        position = taken.endIndex
        return taken
    }

    private mutating func digits() -> (value: Int, count: Int) {
        let digits = take(\.isDigit)
        guard digits.count <= 6 else { return (Int(Int32.max), digits.count) }
        return (digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }, digits.count)
    }

    private mutating func number() -> Word {
        let (value, count) = digits()
        guard count <= 2, position < text.endIndex, text[position] == UInt8(ascii: ":") else {
            return .number(value, digits: count)
        }
        hasTime = true
        let minute = part(after: ":") ?? 99
        let second = part(after: ":") ?? 0
        if position < text.endIndex, text[position] == UInt8(ascii: ".") {
            // Fractions of a second.
            position += 1
            _ = take(\.isDigit)
        }
        return .time(value, minute, second)
    }

    private mutating func part(after separator: Unicode.Scalar) -> Int? {
        guard position < text.endIndex, text[position] == UInt8(ascii: separator) else { return nil }
        position += 1
        let (value, count) = digits()
        return (1...2).contains(count) ? value : 99
    }

    /// `+0200`, `+02:00`, `+2`.
    private mutating func offset() -> Word? {
        let sign = text[position] == UInt8(ascii: "-") ? -1 : 1
        guard position + 1 < text.endIndex, text[position + 1].isDigit else { return nil }
        position += 1
        var (value, count) = digits()
        if count <= 2 { value = value * 100 + (part(after: ":") ?? 0) }
        let isOffset = count <= 4 && count != 3 && value / 100 <= 23 && value % 100 <= 59
        // What no clock shows makes the whole date void.
        return isOffset ? .offset(sign * (value / 100 * 3600 + value % 100 * 60)) : .number(.max, digits: 9)
    }

    private mutating func skipComment() {
        var depth = 0
        while position < text.endIndex {
            let octet = text[position]
            position += 1
            if octet == UInt8(ascii: "(") { depth += 1 }
            if octet == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return }
        }
    }
}
