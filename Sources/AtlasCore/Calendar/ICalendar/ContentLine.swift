/// One content line of iCalendar (RFC 5545, 3.1), with the octets it was read from.
///
/// The octets are what is written again, folds and line end included: nothing that we do not change comes out otherwise than it
/// came in.
struct ContentLine: Sendable, Equatable {
    private(set) var octets: [UInt8]
    /// In upper case; blank when the line is none, such as an empty one.
    private(set) var name: String

    init(octets: some Collection<UInt8>) {
        self.octets = Array(octets)
        let isMark = octets.starts(with: [0xEF, 0xBB, 0xBF])
        let name = octets.dropFirst(isMark ? 3 : 0).prefix { $0 != Self.colon && $0 != Self.semicolon && $0 > 0x20 }
        let isName = name.count < octets.count && name.count <= 128 && name.allSatisfy(Self.isNameOctet)
        self.name = isName ? String(decoding: name.map(Self.upper), as: UTF8.self) : ""
    }

    /// A line of ours, folded at 75 octets, never inside a character.
    init(_ head: String, _ value: String, ending: LineEnding) {
        self.init(unfolded: Array("\(head):\(value)".utf8), ending: ending)
    }

    private init(unfolded: [UInt8], ending: LineEnding) {
        var folded: [UInt8] = []
        folded.reserveCapacity(unfolded.count + unfolded.count / 60 * 3 + 2)
        var width = 0
        var index = 0
        while index < unfolded.count {
            var end = index + 1
            while end < unfolded.count, end < index + 4, unfolded[end] & 0xC0 == 0x80 { end += 1 }
            if width + end - index > 75 {
                folded += ending.octets + [0x20]
                width = 1
            }
            folded += unfolded[index..<end]
            width += end - index
            index = end
        }
        self.init(octets: folded + ending.octets)
    }

    /// The line without its folds and its end (3.1).
    var unfolded: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(octets.count)
        var index = octets.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while index < octets.count {
            let octet = octets[index]
            index += 1
            if octet == Self.newline
                || (octet == Self.carriage && index < octets.count && octets[index] == Self.newline)
            {
                if octet == Self.carriage { index += 1 }
                // What follows the line end is the blank of the fold.
                index += 1
                continue
            }
            result.append(octet)
        }
        return result
    }

    /// The same line with another value: what stands before the value stays, folded anew.
    func with(value: String, ending: LineEnding) -> ContentLine {
        let unfolded = unfolded
        let head = unfolded.prefix(Self.endOfHead(unfolded) ?? 0)
        return ContentLine(unfolded: head + [Self.colon] + Array(value.utf8), ending: ending)
    }

    /// Where the colon stands that ends name and parameters: the first outside of quotes.
    static func endOfHead(_ unfolded: [UInt8]) -> Int? {
        var isQuoted = false
        for (index, octet) in unfolded.enumerated() {
            if octet == quote { isQuoted.toggle() }
            if octet == colon, !isQuoted { return index }
        }
        // A quote that nobody closed: the first colon is the best guess.
        return unfolded.firstIndex(of: colon)
    }

    static let colon = UInt8(ascii: ":")
    static let semicolon = UInt8(ascii: ";")
    static let quote = UInt8(ascii: "\"")
    static let newline = UInt8(ascii: "\n")
    static let carriage = UInt8(ascii: "\r")

    private static func upper(_ octet: UInt8) -> UInt8 { octet &- 0x61 < 26 ? octet - 0x20 : octet }

    private static func isNameOctet(_ octet: UInt8) -> Bool {
        (octet | 0x20) &- 0x61 < 26 || octet &- 0x30 < 10 || octet == UInt8(ascii: "-") || octet == UInt8(ascii: "_")
            || octet == UInt8(ascii: ".")
    }
}

/// How the lines of an object end: as RFC 5545 wants it, or as some programs write it.
enum LineEnding: Sendable {
    case crlf, lf

    var octets: [UInt8] { self == .crlf ? [0x0D, 0x0A] : [0x0A] }

    /// As the first line ends.
    init(of octets: [UInt8]) {
        guard let first = octets.firstIndex(of: ContentLine.newline) else {
            self = .crlf
            return
        }
        self = first > 0 && octets[first - 1] == ContentLine.carriage ? .crlf : .lf
    }
}

extension ContentLine {
    /// All lines of a text, folded ones as one.
    static func lines(of octets: [UInt8]) -> [ContentLine] {
        var lines: [ContentLine] = []
        var start = 0
        var index = 0
        while index < octets.count {
            defer { index += 1 }
            guard octets[index] == newline else { continue }
            let next = index + 1 < octets.count ? octets[index + 1] : 0
            // An empty line is never continued: what follows one would hide in it.
            let isEmpty = index == start || (index == start + 1 && octets[start] == carriage)
            if next == 0x20 || next == 0x09, !isEmpty { continue }
            lines.append(ContentLine(octets: octets[start...index]))
            start = index + 1
        }
        if start < octets.count { lines.append(ContentLine(octets: octets[start...])) }
        return lines
    }
}
