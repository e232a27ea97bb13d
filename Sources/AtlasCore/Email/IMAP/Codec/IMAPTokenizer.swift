/// Reads the values of a response (RFC 3501, 9), with a stack of its own instead of calls in calls.
struct IMAPTokenizer {
    private let octets: [UInt8]
    private let limits: IMAPLimits
    private(set) var position: Int
    private var count = 0

    init(_ octets: [UInt8], from position: Int = 0, limits: IMAPLimits = IMAPLimits()) {
        self.octets = octets
        self.limits = limits
        self.position = position
    }

    /// All values up to the end; with `closing`, up to that octet, which is passed over.
    mutating func values(upTo closing: UInt8? = nil) throws(IMAPProtocolError) -> [IMAPValue] {
        var open: [[IMAPValue]] = []
        var values: [IMAPValue] = []
        while position < octets.count {
            let octet = octets[position]
            if octet == closing {
                position += 1
                guard open.isEmpty else { throw .malformed }
                return values
            }
            switch octet {
            case UInt8(ascii: " "), UInt8(ascii: "\r"), UInt8(ascii: "\n"): position += 1
            case UInt8(ascii: "("):
                guard open.count < limits.depth else { throw .tooDeep }
                try increment()
                open.append(values)
                values = []
                position += 1
            case UInt8(ascii: ")"):
                guard var outer = open.popLast() else { throw .malformed }
                outer.append(.list(values))
                values = outer
                position += 1
            case UInt8(ascii: "\""):
                try increment()
                values.append(.string(try quoted()))
            case UInt8(ascii: "{"):
                try increment()
                values.append(.string(try literal()))
            case UInt8(ascii: "~") where position + 1 < octets.count && octets[position + 1] == UInt8(ascii: "{"):
                position += 1
                try increment()
                values.append(.string(try literal()))
            default:
                try increment()
                values.append(word(upTo: closing))
            }
        }
        guard open.isEmpty, closing == nil else { throw .malformed }
        return values
    }

    private mutating func increment() throws(IMAPProtocolError) {
        count += 1
        if count > limits.values { throw .tooManyValues }
    }

    private mutating func quoted() throws(IMAPProtocolError) -> ArraySlice<UInt8> {
        let start = position + 1
        var index = start
        var isEscaped = false
        while index < octets.count, octets[index] != UInt8(ascii: "\"") {
            if octets[index] == UInt8(ascii: "\\") {
                isEscaped = true
                index += 1
            }
            index += 1
        }
        guard index < octets.count else { throw .malformed }
        position = index + 1
        guard isEscaped else { return octets[start..<index] }
        var plain: [UInt8] = []
        var next = start
        while next < index {
            if octets[next] == UInt8(ascii: "\\") { next += 1 }
            plain.append(octets[next])
            next += 1
        }
        return plain[...]
    }

    private mutating func literal() throws(IMAPProtocolError) -> ArraySlice<UInt8> {
        var index = position + 1
        var count = 0
        var digits = 0
        while index < octets.count, (0x30...0x39).contains(octets[index]) {
            count = count * 10 + Int(octets[index] - 0x30)
            if count > limits.literal { throw .literalTooLong }
            digits += 1
            index += 1
        }
        if index < octets.count, octets[index] == UInt8(ascii: "+") { index += 1 }
        guard digits > 0, index < octets.count, octets[index] == UInt8(ascii: "}") else { throw .malformed }
        index += 1
        if index < octets.count, octets[index] == UInt8(ascii: "\r") { index += 1 }
        guard index < octets.count, octets[index] == UInt8(ascii: "\n") else { throw .malformed }
        index += 1
        guard octets.count - index >= count else { throw .malformed }
        position = index + count
        return octets[index..<position]
    }

    /// A word up to a blank or a parenthesis. What stands in brackets belongs to it whole: the section of `BODY[…]` has both.
    private mutating func word(upTo closing: UInt8?) -> IMAPValue {
        let start = position
        var isInBrackets = false
        var isQuoted = false
        scan: while position < octets.count {
            let octet = octets[position]
            switch octet {
            case UInt8(ascii: "\"") where isInBrackets: isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: "[") where closing == nil: isInBrackets = true
            case UInt8(ascii: "]") where isInBrackets: isInBrackets = false
            case _ where isInBrackets: break
            case closing: break scan
            case UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                break scan
            default: break
            }
            position += 1
        }
        let word = String(decoding: octets[start..<position], as: UTF8.self)
        return word.utf8.count == 3 && word.uppercased() == "NIL" ? .nil : .atom(word)
    }
}
