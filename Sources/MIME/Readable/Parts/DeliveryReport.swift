/// What a report says of a message that was sent: for whom it failed and why (RFC 3464), or who has read it (RFC 8098).
enum DeliveryReport {
    private static let mostRecipients = 20

    static func summary(of text: String) -> String {
        var lines: [String] = []
        var more = 0
        for group in text.withLineFeeds.lineSlices.split(whereSeparator: \.isBlankLine) {
            let fields = fields(group)
            guard let recipient = fields["final-recipient"] ?? fields["original-recipient"] else { continue }
            if lines.count < mostRecipients { lines.append(line(withoutType(recipient), fields)) } else { more += 1 }
        }
        if more > 0 { lines.append("… and \(more) more recipients.") }
        return lines.joined(separator: "\n")
    }

    private static func line(_ recipient: String, _ fields: [String: String]) -> String {
        if let disposition = fields["disposition"] {
            let kind = disposition.split(separator: ";").last.map { $0.trimmedBlanks } ?? disposition
            return "Receipt from \(recipient): \(kind)"
        }
        var parts = ["Delivery to \(recipient): \(fields["action"]?.lowercased() ?? "unknown")"]
        if let status = fields["status"] { parts.append("status \(status)") }
        if let diagnostic = fields["diagnostic-code"] { parts.append(String(withoutType(diagnostic).prefix(500))) }
        return parts.joined(separator: ", ")
    }

    /// Unfolded, by their names in lower case, the first of each.
    private static func fields(_ lines: ArraySlice<Substring>) -> [String: String] {
        var fields: [String: String] = [:]
        var last: String?
        for line in lines.prefix(100) {
            if let first = line.utf8.first, first.isSpace {
                if let last, let value = fields[last], value.utf8.count < 2000 {
                    fields[last] = value + " " + line.trimmedBlanks
                }
            } else if let colon = line.firstIndex(of: ":") {
                let name = line[..<colon].lowercased()
                last = fields[name] == nil ? name : nil
                if last != nil { fields[name] = line[line.index(after: colon)...].trimmedBlanks }
            }
        }
        return fields
    }

    /// `rfc822; bob@example.com` and `smtp; 550 …` without the type.
    private static func withoutType(_ value: String) -> String {
        guard let semicolon = value.firstIndex(of: ";") else { return value }
        return value[value.index(after: semicolon)...].trimmedBlanks
    }
}
