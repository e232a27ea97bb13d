/// What a content line says: name, parameters and value (RFC 5545, 3.1 and 3.2).
struct ContentProperty: Sendable {
    let name: String
    /// Names in upper case.
    let parameters: [(name: String, value: String)]
    /// As written, escapes included.
    let value: String

    /// Nil for a line that is none.
    init?(_ line: ContentLine) {
        guard !line.name.isEmpty else { return nil }
        let unfolded = line.unfolded
        guard let end = ContentLine.endOfHead(unfolded) else { return nil }
        name = line.name
        value = String(decoding: unfolded[(end + 1)...], as: UTF8.self)
        var parameters: [(name: String, value: String)] = []
        var isQuoted = false
        var start = 0
        for index in 0...end {
            let octet = index == end ? ContentLine.semicolon : unfolded[index]
            if octet == ContentLine.quote { isQuoted.toggle() }
            guard octet == ContentLine.semicolon, !isQuoted || index == end else { continue }
            defer { start = index + 1 }
            guard start > 0, parameters.count < 64 else { continue }
            let text = String(decoding: unfolded[start..<index], as: UTF8.self)
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            parameters.append((parts[0].uppercased(), parts[1].filter { $0 != "\"" }))
        }
        self.parameters = parameters
    }

    subscript(_ name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The value as TEXT (3.3.11), without its escapes.
    var text: String { Self.unescaped(value) }

    static func unescaped(_ value: String) -> String {
        guard value.utf8.contains(UInt8(ascii: "\\")) else { return value }
        var result: [UInt8] = []
        var isEscaped = false
        for octet in value.utf8 {
            if isEscaped {
                result.append(octet == UInt8(ascii: "n") || octet == UInt8(ascii: "N") ? ContentLine.newline : octet)
                isEscaped = false
            } else if octet == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                result.append(octet)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `text` as a TEXT value. A line break becomes an escape, so no text can begin a line of its own.
    static func escaped(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            defer { previous = scalar }
            switch scalar {
            case "\\", ";", ",":
                result.append("\\")
                result.append(scalar)
            case "\n" where previous == "\r": continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                result.append("\\")
                result.append("n")
            case "\t": result.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{7F}": continue
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
