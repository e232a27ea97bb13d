/// Cuts replies out of what an SMTP server sends, of any size and in any pieces.
struct SMTPReplyParser {
    /// What came is no reply, or no end of it.
    struct Nonsense: Error, Equatable {}

    /// RFC 5321, 4.5.3.1.5 has lines of 512 octets; servers write longer ones.
    static let longestLine = 4096
    static let mostLines = 128

    private var rest: [UInt8] = []
    private var code: Int?
    private var lines: [String] = []

    /// Whether octets are here that belong to no reply yet.
    var isWithin: Bool { !rest.isEmpty || code != nil }

    mutating func append(_ octets: [UInt8]) { rest += octets }

    /// The next reply that is here whole.
    mutating func next() throws(Nonsense) -> SMTPReply? {
        while let end = rest.firstIndex(of: 0x0A) {
            guard end <= Self.longestLine, lines.count < Self.mostLines else { throw Nonsense() }
            var line = rest[..<end]
            if line.last == 0x0D { line = line.dropLast() }
            let isLast = try take(line)
            rest.removeFirst(end + 1)
            guard isLast, let code else { continue }
            defer { (self.code, self.lines) = (nil, []) }
            return SMTPReply(code: code, lines: lines)
        }
        guard rest.count <= Self.longestLine else { throw Nonsense() }
        return nil
    }

    /// - Returns: whether it is the last line of its reply.
    private mutating func take(_ line: ArraySlice<UInt8>) throws(Nonsense) -> Bool {
        let digits = line.prefix(3)
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { throw Nonsense() }
        let number = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let mark = line.dropFirst(3).first
        guard (200..<600).contains(number), code == nil || code == number,
            mark == nil || mark == UInt8(ascii: " ") || mark == UInt8(ascii: "-")
        else { throw Nonsense() }
        code = number
        lines.append(String(decoding: line.dropFirst(4), as: UTF8.self))
        return mark != UInt8(ascii: "-")
    }
}
