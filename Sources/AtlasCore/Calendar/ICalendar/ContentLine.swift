/// One content line of an iCalendar object (RFC 5545, 3.1), unfolded, with the octets that it came as.
///
/// Lines that nobody changes are written back as they came: that is why the octets are kept, and why reading a line never fails.
struct ContentLine: Sendable, Equatable {
    struct Parameter: Sendable, Equatable {
        /// In upper case.
        let name: String
        let values: [String]
    }

    /// As it came, folds and line end included.
    let octets: [UInt8]
    /// In upper case, without a group.
    let name: String
    let parameters: [Parameter]
    /// As it stands there: escaped.
    let value: String

    /// The values of a parameter, or none.
    func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.values.first }
}

extension ContentLine {
    /// - Parameter octets: one logical line, folds and line end included.
    init(_ octets: [UInt8]) {
        self.octets = octets
        var reader = Reader(rest: Self.unfolded(octets)[...])
        name = reader.name()
        var parameters: [Parameter] = []
        while reader.take(UInt8(ascii: ";")), parameters.count < 64 { parameters.append(reader.parameter()) }
        self.parameters = parameters
        _ = reader.take(UInt8(ascii: ":"))
        value = String(decoding: reader.rest, as: UTF8.self)
    }

    /// Without line ends, and without the blank that begins each folded part (RFC 5545, 3.1).
    private static func unfolded(_ octets: [UInt8]) -> [UInt8] {
        if !octets.dropLast(2).contains(where: { $0 == 0x0A || $0 == 0x0D }) {
            return octets.last == 0x0A || octets.last == 0x0D
                ? Array(octets[..<(octets.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? 0)]) : octets
        }
        var text: [UInt8] = []
        text.reserveCapacity(octets.count)
        var index = 0
        while index < octets.count {
            guard octets[index] == 0x0D || octets[index] == 0x0A else {
                text.append(octets[index])
                index += 1
                continue
            }
            while index < octets.count, octets[index] == 0x0D || octets[index] == 0x0A { index += 1 }
            if index < octets.count, octets[index] == 0x20 || octets[index] == 0x09 { index += 1 }
        }
        return text
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ octet: UInt8) -> Bool {
            guard rest.first == octet else { return false }
            rest.removeFirst()
            return true
        }

        mutating func text(until isEnd: (UInt8) -> Bool) -> String {
            let part = rest.prefix { !isEnd($0) }
            rest = rest[part.endIndex...]
            return String(decoding: part, as: UTF8.self)
        }

        mutating func name() -> String {
            let name = text { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":") }.uppercased()
            // A group, as vCard has them, is none of iCalendar's, but some write it.
            return name.split(separator: ".").last.map(String.init) ?? name
        }

        mutating func parameter() -> Parameter {
            let name = text { [UInt8(ascii: "="), UInt8(ascii: ";"), UInt8(ascii: ":")].contains($0) }.uppercased()
            var values: [String] = []
            if take(UInt8(ascii: "=")) {
                repeat {
                    if take(UInt8(ascii: "\"")) {
                        values.append(text { $0 == UInt8(ascii: "\"") })
                        _ = take(UInt8(ascii: "\""))
                        _ = text { [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":")].contains($0) }
                    } else {
                        values.append(text { [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":")].contains($0) })
                    }
                } while take(UInt8(ascii: ",")) && values.count < 64
            }
            return Parameter(name: name, values: values)
        }
    }
}

extension ContentLine {
    /// A line of ours, folded at 75 octets.
    ///
    /// - Parameters:
    ///   - parameters: values without quotation marks and controls in them.
    ///   - value: as it is to stand there.
    init(_ name: String, _ parameters: [(String, String)] = [], _ value: String, lineEnd: [UInt8] = [0x0D, 0x0A]) {
        var text = name
        for (name, value) in parameters {
            let plain = String(value.unicodeScalars.filter { $0 != "\"" && $0.value >= 0x20 && $0.value != 0x7F })
            text += ";\(name)=" + (plain.contains { ":;,".contains($0) } ? "\"\(plain)\"" : plain)
        }
        text +=
            ":" + String(String.UnicodeScalarView(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
        self.init(Self.folded(Array(text.utf8), lineEnd))
    }

    /// Folds without splitting a character (RFC 5545, 3.1).
    private static func folded(_ octets: [UInt8], _ lineEnd: [UInt8]) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(octets.count + octets.count / 70 * 3 + 2)
        var start = 0
        var room = 75
        while octets.count - start > room {
            var end = start + room
            while end > start + 1, octets[end] & 0xC0 == 0x80 { end -= 1 }
            folded += octets[start..<end]
            folded += lineEnd
            folded.append(0x20)
            start = end
            room = 74
        }
        folded += octets[start...]
        return folded + lineEnd
    }
}

extension [ContentLine] {
    /// The most octets and lines of an object that are read: an event is some kilobytes.
    static var mostOctets: Int { 8 << 20 }
    static var mostLines: Int { 200_000 }

    /// - Returns: nil when it is too large.
    init?(parsing octets: [UInt8]) {
        guard octets.count <= Self.mostOctets else { return nil }
        self = []
        var start = 0
        var index = 0
        while index < octets.count {
            guard octets[index] == 0x0A || octets[index] == 0x0D else {
                index += 1
                continue
            }
            index += octets[index] == 0x0D && index + 1 < octets.count && octets[index + 1] == 0x0A ? 2 : 1
            // A blank at the beginning of the next line continues this one.
            if index < octets.count, octets[index] == 0x20 || octets[index] == 0x09 { continue }
            guard count < Self.mostLines else { return nil }
            append(ContentLine(Array<UInt8>(octets[start..<index])))
            start = index
        }
        if start < octets.count { append(ContentLine(Array<UInt8>(octets[start...]))) }
    }
}
