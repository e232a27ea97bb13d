import MIME

/// The rows of a table in CSV (RFC 4180), as octets come: also separated by semicolons or tabs, and with any line ends.
///
/// Ours, because SwiftCSV (0.10) wants the whole file as one text, knows no line numbers, and gives up at a stray quotation mark.
/// Text that is no UTF-8 is read as windows-1252, as e-mail's is; a file that begins with a byte order mark of UTF-16 is what it says.
public struct CSVReader {
    /// One row, and the line on which it begins, from 1.
    public struct Record: Sendable, Equatable {
        public var line: Int
        public var fields: [String]
    }

    /// Gives the next octets of the file; none at its end.
    public typealias Source = () throws -> [UInt8]

    /// Longer ones are no table of people: a quote that nobody closed swallows the rest of a file.
    static let longestField = 1 << 20
    static let mostFields = 2000

    private let source: Source
    private var buffer: [UInt8] = []
    private var position = 0
    private var hasEnded = false
    private var line = 1
    private var separator: UInt8

    /// - Parameter separator: nil for the one of `,` `;` tab `|` that the first line has most of.
    /// - Throws: what `source` throws.
    public init(separator: Character? = nil, _ source: @escaping Source) throws {
        self.source = source
        self.separator = separator?.asciiValue ?? 0
        while buffer.count < 4, try more() {}
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
        } else if buffer.starts(with: [0xFF, 0xFE]) || buffer.starts(with: [0xFE, 0xFF]) {
            try readUTF16(isBigEndian: buffer[0] == 0xFE)
        }
        if self.separator == 0 { self.separator = try guess() }
    }

    /// The next row that is not blank; nil at the end.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` when a field or a row is longer than any table's.
    public mutating func next() throws -> Record? {
        while let record = try record() {
            if record.fields.contains(where: { !$0.isEmpty }) { return record }
        }
        return nil
    }

    private mutating func record() throws -> Record? {
        guard try position < buffer.count || more() else { return nil }
        let first = line
        var fields: [String] = []
        fields.reserveCapacity(16)
        while true {
            let (field, end) = try field(from: first)
            fields.append(field)
            guard end == .separator else { return Record(line: first, fields: fields) }
            guard fields.count < Self.mostFields else {
                throw Self.malformed("The row at line \(first) has more than \(Self.mostFields) fields.")
            }
        }
    }

    private enum End { case separator, row }

    private mutating func field(from first: Int) throws -> (String, End) {
        guard try position < buffer.count || more() else { return ("", .row) }
        if buffer[position] == Self.quote { return try quotedField(from: first) }
        var start = position
        while true {
            while position < buffer.count {
                let octet = buffer[position]
                if octet == separator || octet == Self.newline || octet == Self.carriage {
                    let text = Self.text(buffer[start..<position])
                    return (text, try end())
                }
                position += 1
            }
            if position - start > Self.longestField { throw Self.tooLong(first) }
            let length = position - start
            guard try more(keeping: start) else { return (Self.text(buffer[(position - length)..<position]), .row) }
            start = position - length
        }
    }

    private mutating func quotedField(from first: Int) throws -> (String, End) {
        var octets: [UInt8] = []
        position += 1
        while true {
            let start = position
            while position < buffer.count, buffer[position] != Self.quote {
                if buffer[position] == Self.newline { line += 1 }
                position += 1
            }
            octets += buffer[start..<position]
            if octets.count > Self.longestField { throw Self.tooLong(first) }
            if position == buffer.count {
                guard try more() else { return (Self.text(octets[...]), .row) }
                continue
            }
            position += 1
            guard try position < buffer.count || more() else { return (Self.text(octets[...]), .row) }
            if buffer[position] == Self.quote {
                octets.append(Self.quote)
                position += 1
                continue
            }
            // What follows a closing quote belongs to the field all the same, as other readers have it.
            while try position < buffer.count || more() {
                let octet = buffer[position]
                if octet == separator || octet == Self.newline || octet == Self.carriage {
                    return (Self.text(octets[...]), try end())
                }
                octets.append(octet)
                position += 1
                if octets.count > Self.longestField { throw Self.tooLong(first) }
            }
            return (Self.text(octets[...]), .row)
        }
    }

    /// Steps over the separator or the line end that stands here.
    private mutating func end() throws -> End {
        let octet = buffer[position]
        position += 1
        if octet == separator { return .separator }
        line += 1
        if octet == Self.carriage, try position < buffer.count || more(), buffer[position] == Self.newline {
            position += 1
        }
        return .row
    }

    // MARK: Octets

    /// Reads on, and forgets what lies before `kept` (or before the position).
    private mutating func more(keeping kept: Int? = nil) throws -> Bool {
        guard !hasEnded else { return false }
        let octets = try source()
        hasEnded = octets.isEmpty
        let start = min(kept ?? position, buffer.count)
        buffer.removeFirst(start)
        position -= start
        buffer += octets
        return !hasEnded
    }

    private mutating func readUTF16(isBigEndian: Bool) throws {
        while try more(keeping: 0) {
            guard buffer.count <= 256 << 20 else {
                throw Self.malformed("The file is too large for UTF-16; save it as UTF-8.")
            }
        }
        let units = stride(from: 2, to: buffer.count - 1, by: 2).map { index -> UInt16 in
            let first = UInt16(buffer[index])
            let second = UInt16(buffer[index + 1])
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        buffer = Array(String(decoding: units, as: UTF16.self).utf8)
        position = 0
    }

    private mutating func guess() throws -> UInt8 {
        var counts: [UInt8: Int] = [:]
        var isQuoted = false
        var index = position
        while try index < buffer.count || more(keeping: 0) {
            let octet = buffer[index]
            if octet == Self.quote { isQuoted.toggle() }
            if !isQuoted {
                if octet == Self.newline || octet == Self.carriage { break }
                if Self.separators.contains(octet) { counts[octet, default: 0] += 1 }
            }
            index += 1
            if index > Self.longestField { break }
        }
        let best = Self.separators.max { counts[$0, default: 0] < counts[$1, default: 0] }
        return best.flatMap { counts[$0] == nil ? nil : $0 } ?? UInt8(ascii: ",")
    }

    private static let separators = Array("|\t;,".utf8)
    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")
    private static let carriage = UInt8(ascii: "\r")

    private static func text(_ octets: ArraySlice<UInt8>) -> String {
        String(validating: octets, as: UTF8.self) ?? Charset.guess(octets)
    }

    private static func tooLong(_ line: Int) -> AtlasError {
        malformed("A field of the row at line \(line) never ends: a quotation mark is opened and not closed.")
    }

    private static func malformed(_ message: String) -> AtlasError { AtlasError(.invalidArgument, message) }
}
