/// Cuts the stream of a server into its responses (RFC 3501, 2.2.2): a line each, with the literals that belong to it.
///
/// A literal is passed over by its count and never looked at: it is what a stranger wrote, and may look like anything.
struct IMAPFrames {
    private let limits: IMAPLimits
    private var buffer: [UInt8] = []
    /// Where the response under way begins.
    private var start = 0
    /// Where the line of it under way begins: after the last literal.
    private var line = 0
    /// How far the line was searched for its end.
    private var scanned = 0

    init(limits: IMAPLimits = IMAPLimits()) { self.limits = limits }

    mutating func append(_ octets: [UInt8]) {
        if start == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 1 << 20)
            (start, line, scanned) = (0, 0, 0)
        }
        buffer += octets
    }

    /// The next whole response without the line's end; nil when more must come first.
    mutating func next() throws(IMAPProtocolError) -> [UInt8]? {
        while true {
            guard scanned < buffer.count else { return nil }
            guard let newline = buffer[scanned...].firstIndex(of: UInt8(ascii: "\n")) else {
                scanned = buffer.count
                if buffer.count - line > limits.line { throw .lineTooLong }
                return nil
            }
            if newline - line > limits.line { throw .lineTooLong }
            // RFC 3501 wants CRLF; a bare LF is what some small servers write.
            let end = newline > line && buffer[newline - 1] == UInt8(ascii: "\r") ? newline - 1 : newline
            guard let count = try announcedLiteral(before: end) else { return finish(end, after: newline + 1) }
            if newline + 1 + count - start > limits.response { throw .responseTooLong }
            line = newline + 1 + count
            scanned = line
            if count > 1 << 16 { buffer.reserveCapacity(line + 1 << 12) }
        }
    }

    private mutating func finish(_ end: Int, after next: Int) -> [UInt8] {
        let response = Array(buffer[start..<end])
        (start, line, scanned) = (next, next, next)
        // What was read goes when it is the larger part, so that each octet is moved a few times at most.
        if start > 1 << 16, start * 2 > buffer.count {
            buffer.removeFirst(start)
            (start, line, scanned) = (0, 0, 0)
        }
        return response
    }

    /// The count of a literal that the line ending at `end` announces: `{310}`, `{310+}`, `~{310}`.
    private func announcedLiteral(before end: Int) throws(IMAPProtocolError) -> Int? {
        guard end > line, buffer[end - 1] == UInt8(ascii: "}"), !isText else { return nil }
        var index = end - 2
        if index >= line, buffer[index] == UInt8(ascii: "+") { index -= 1 }
        let last = index
        while index >= line, (0x30...0x39).contains(buffer[index]) { index -= 1 }
        guard index >= line, buffer[index] == UInt8(ascii: "{"), index < last else { return nil }
        var count = 0
        for digit in buffer[(index + 1)...last] {
            count = count * 10 + Int(digit - 0x30)
            if count > limits.literal { throw .literalTooLong }
        }
        return count
    }

    /// Whether the response is one whose line ends in text for people, which may end in anything.
    private var isText: Bool {
        let head = buffer[start..<min(start + 16, buffer.count)]
        guard let first = head.first else { return false }
        if first == UInt8(ascii: "+") { return true }
        // A tagged response has nothing but text.
        guard first == UInt8(ascii: "*") else { return true }
        let word = head.dropFirst().drop { $0 == 0x20 }.prefix { (0x41...0x5A).contains($0 & 0xDF) }
        return IMAPStatus.Kind(word: word) != nil
    }
}
