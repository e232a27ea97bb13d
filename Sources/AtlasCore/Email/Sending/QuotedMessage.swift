import MIME

/// The message that is answered, below the answer.
struct QuotedMessage: Sendable {
    private let introduction: String
    private let lines: [String]

    /// In octets.
    private static let longest = 20 << 10

    init(_ message: RepliedMessage, time: BusinessTime) {
        let writer = message.from.first.map { ($0.name ?? $0.address).cleaned() } ?? ""
        introduction = "On \(time.moment(message.date)), \(writer.isEmpty ? "somebody" : writer) wrote:"
        var lines: [String] = []
        var octets = 0
        for line in message.text.cleaned(keepingLines: true).split(separator: "\n", omittingEmptySubsequences: false) {
            octets += line.utf8.count + 1
            guard octets <= Self.longest else {
                lines.append("[…]")
                break
            }
            lines.append(String(line))
        }
        self.lines = lines
    }

    /// `body` with it, each line after `> `.
    func below(_ body: String) -> String {
        let quoted = lines.map { $0.isEmpty || $0.hasPrefix(">") ? ">" + $0 : "> " + $0 }
        return body + "\n\n" + introduction + "\n" + quoted.joined(separator: "\n") + "\n"
    }

    /// A page with it, inside of its body where it has one.
    func belowHTML(_ html: String) -> String {
        let quoted = lines.map(\.escapedForHTML).joined(separator: "<br>\n")
        let block = """

            <div>\(introduction.escapedForHTML)</div>
            <blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">\(quoted)</blockquote>

            """
        guard let end = html.lastRange(ofTag: "</body") ?? html.lastRange(ofTag: "</html") else { return html + block }
        return html[..<end] + block + html[end...]
    }
}

extension String {
    /// For text and attribute values of HTML.
    var escapedForHTML: String {
        var escaped = ""
        escaped.reserveCapacity(utf8.count)
        for scalar in unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Where the last `</body` begins, in any case.
    fileprivate func lastRange(ofTag tag: StaticString) -> String.Index? {
        let wanted = Array(tag.description.utf8)
        let octets = Array(utf8)
        guard octets.count >= wanted.count else { return nil }
        for start in stride(from: octets.count - wanted.count, through: 0, by: -1) {
            let isHere = wanted.indices.allSatisfy { index in
                let octet = octets[start + index]
                return (octet >= 0x41 && octet <= 0x5A ? octet | 0x20 : octet) == wanted[index]
            }
            if isHere { return utf8.index(utf8.startIndex, offsetBy: start) }
        }
        return nil
    }
}
