/// A line of iCalendar (RFC 5545, 3.1): a name, parameters, a value.
struct ContentLine {
    var name: String
    var parameters: [String: String]
    /// As it stands, escapes and all.
    var value: String

    static let mostLines = 2000
    static let longestLine = 8000

    /// The lines of a text, unfolded, those that are none passed over.
    static func list(_ text: String) -> [ContentLine] {
        var unfolded: [[UInt8]] = []
        for line in text.withLineFeeds.lineSlices where unfolded.count <= mostLines {
            if let first = line.utf8.first, first == 0x20 || first == 0x09, let last = unfolded.indices.last {
                if unfolded[last].count < longestLine { unfolded[last] += line.utf8.dropFirst() }
            } else if !line.isEmpty {
                unfolded.append(Array(line.utf8.prefix(longestLine)))
            }
        }
        return unfolded.prefix(mostLines).compactMap { ContentLine($0) }
    }

    private init?(_ octets: [UInt8]) {
        var parts: [ArraySlice<UInt8>] = []
        var start = 0
        var isQuoted = false
        var end: Int?
        for (index, octet) in octets.enumerated() {
            if octet == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if !isQuoted, octet == UInt8(ascii: ";") || octet == UInt8(ascii: ":") {
                parts.append(octets[start..<index])
                start = index + 1
                if octet == UInt8(ascii: ":") {
                    end = index
                    break
                }
            }
        }
        guard let end, let name = parts.first else { return nil }
        self.name = String(decoding: name, as: UTF8.self).uppercased()
        parameters = [:]
        for part in parts.dropFirst().prefix(30) {
            guard let equals = part.firstIndex(of: UInt8(ascii: "=")) else { continue }
            parameters[String(decoding: part[..<equals], as: UTF8.self).uppercased()] = String(
                decoding: part[(equals + 1)...].filter { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
        }
        value = String(decoding: octets[(end + 1)...], as: UTF8.self)
    }

    /// The value as text (RFC 5545, 3.3.11).
    var text: String {
        var text: [UInt8] = []
        var isEscaped = false
        for octet in value.utf8 {
            if isEscaped {
                text.append(octet == UInt8(ascii: "n") || octet == UInt8(ascii: "N") ? 0x0A : octet)
                isEscaped = false
            } else if octet == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                text.append(octet)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
