/// What a calendar part says, in a few lines (RFC 5545; the methods are those of RFC 5546).
enum Invitation {
    static let mostEvents = 5
    private static let mostDescription = 4000

    /// - Parameter withDescription: false where the mail says it in words of its own.
    /// - Returns: nil when no event is in it.
    static func summary(of text: String, method: String?, withDescription: Bool) -> String? {
        let lines = ContentLine.list(text)
        let method = (lines.first { $0.name == "METHOD" }?.text ?? method ?? "").trimmedBlanks.uppercased()
        var summaries: [String] = []
        var events = 0
        var event: [ContentLine]?
        // Alarms stand within events, and have names of the same kind.
        var depth = 0
        for line in lines {
            let component = line.value.trimmedBlanks.uppercased()
            if line.name == "BEGIN" {
                if event != nil { depth += 1 } else if component == "VEVENT" { event = [] }
            } else if line.name == "END", event != nil {
                if depth > 0 {
                    depth -= 1
                } else if let whole = event {
                    events += 1
                    if events <= mostEvents {
                        summaries.append(summary(of: whole, method: method, withDescription: withDescription))
                    }
                    event = nil
                }
            } else if depth == 0 {
                event?.append(line)
            }
        }
        guard !summaries.isEmpty else { return nil }
        if events > mostEvents { summaries.append("… and \(events - mostEvents) more events.") }
        return summaries.joined(separator: "\n\n")
    }

    private static func summary(of event: [ContentLine], method: String, withDescription: Bool) -> String {
        func line(_ name: String) -> ContentLine? { event.first { $0.name == name } }
        func text(_ name: String) -> String? {
            guard let text = line(name)?.text.trimmedBlanks, !text.isEmpty else { return nil }
            return text.replacing("\n", with: " ")
        }
        let status = text("STATUS")?.uppercased()
        var lines = [title(method, status: status)]
        if let what = text("SUMMARY") { lines.append("What: \(what)") }
        if let start = line("DTSTART").flatMap({ CalendarTime($0) }) {
            lines.append("When: \(CalendarTime.text(from: start, to: line("DTEND").flatMap { CalendarTime($0) }))")
        }
        if let rule = text("RRULE") { lines.append("Repeats: \(rule)") }
        if let place = text("LOCATION") { lines.append("Where: \(place)") }
        if let organizer = line("ORGANIZER") { lines.append("Organizer: \(person(organizer))") }
        let attendees = event.filter { $0.name == "ATTENDEE" }
        if method == "REPLY" {
            for attendee in attendees.prefix(5) {
                let answer = attendee.parameters["PARTSTAT"]?.lowercased().replacing("-", with: " ") ?? "no answer"
                lines.append("Answer of \(person(attendee)): \(answer)")
            }
        } else if !attendees.isEmpty {
            lines.append("Attendees: \(attendees.count)")
        }
        if let status, method != "CANCEL" { lines.append("Status: \(status.lowercased())") }
        if let comment = text("COMMENT") { lines.append("Comment: \(comment)") }
        if withDescription, let description = line("DESCRIPTION")?.text.trimmedBlanks, !description.isEmpty {
            lines += ["", String(description.prefix(mostDescription))]
        }
        return lines.joined(separator: "\n")
    }

    private static func title(_ method: String, status: String?) -> String {
        if status == "CANCELLED" { return "Calendar event, cancelled" }
        return switch method {
        case "REQUEST": "Calendar invitation"
        case "CANCEL": "Calendar event, cancelled"
        case "REPLY": "Answer to a calendar invitation"
        case "COUNTER": "Calendar invitation, another time proposed"
        default: "Calendar event"
        }
    }

    private static func person(_ line: ContentLine) -> String {
        var address = line.value.trimmedBlanks
        if address.lowercased().hasPrefix("mailto:") { address = String(address.dropFirst(7)) }
        guard let name = line.parameters["CN"]?.trimmedBlanks, !name.isEmpty, name != address else { return address }
        return "\(name) <\(address)>"
    }
}
