#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarComponent {
    private func index(of name: String) -> Int? {
        items.firstIndex { if case .line(let line) = $0 { line.name == name } else { false } }
    }

    /// Puts a line behind the last one of the first of these names that there is; else at the top.
    mutating func insert(_ line: ContentLine, after names: [String]) {
        for name in names {
            let last = items.lastIndex { if case .line(let line) = $0 { line.name == name } else { false } }
            if let last {
                items.insert(.line(line), at: last + 1)
                return
            }
        }
        items.insert(.line(line), at: 0)
    }

    mutating func removeLines(_ names: [String]) {
        items.removeAll { if case .line(let line) = $0 { names.contains(line.name) } else { false } }
    }

    /// Writes another time into a property; parameters that we do not know stay.
    mutating func replace(_ name: String, with time: ICalendarTime, ending: LineEnding) {
        guard let index = index(of: name), case .line(let line) = items[index], let property = ContentProperty(line)
        else {
            insert(ContentLine(name + time.parameters, time.text, ending: ending), after: ["DTSTART"])
            return
        }
        if ICalendarEvent.times(property) == [time] { return }
        items[index] = .line(line.with(time, of: property, ending: ending))
    }

    /// Writes a text, or takes its line away where it is blank.
    mutating func replace(_ name: String, withText text: String, ending: LineEnding) {
        guard !text.trimmed.isEmpty else {
            removeLines([name])
            return
        }
        let value = ContentProperty.escaped(text)
        guard let index = index(of: name), case .line(let line) = items[index] else {
            insert(ContentLine(name, value, ending: ending), after: ["SUMMARY", "DTEND", "DTSTART"])
            return
        }
        if ContentProperty(line)?.value != value { items[index] = .line(line.with(value: value, ending: ending)) }
    }

    mutating func applyTexts(_ change: EventChange, ending: LineEnding) {
        for (name, text) in [
            ("SUMMARY", change.summary), ("LOCATION", change.location), ("DESCRIPTION", change.description),
        ] {
            guard let text else { continue }
            // The same description in HTML would go on saying what was.
            if name == "DESCRIPTION", property(name)?.value != ContentProperty.escaped(text) {
                removeLines(["X-ALT-DESC"])
            }
            replace(name, withText: text, ending: ending)
        }
    }

    /// Moves an event. A DURATION stays where the length does.
    mutating func move(
        _ event: ICalendarEvent, to new: (start: ICalendarTime, end: ICalendarTime), isLengthGiven: Bool,
        ending: LineEnding
    ) {
        replace("DTSTART", with: new.start, ending: ending)
        if case .end = event.length {
            replace("DTEND", with: new.end, ending: ending)
        } else if isLengthGiven || new.start.form != event.start.form {
            removeLines(["DURATION", "DTEND"])
            replace("DTEND", with: new.end, ending: ending)
        }
    }

    /// A revision (RFC 5545, 3.8.7): its number and its moment.
    mutating func stamp(_ now: Date, ending: LineEnding) {
        let sequence = property("SEQUENCE").flatMap { Int($0.value.trimmed) } ?? 0
        let moment = ICalendarTime.utc(now).text
        for (name, value) in [
            ("SEQUENCE", String(min(max(sequence, 0), Int(Int32.max) - 1) + 1)), ("DTSTAMP", moment),
            ("LAST-MODIFIED", moment),
        ] {
            guard let index = index(of: name), case .line(let line) = items[index] else {
                insert(ContentLine(name, value, ending: ending), after: ["DTSTAMP", "UID"])
                continue
            }
            items[index] = .line(line.with(value: value, ending: ending))
        }
    }

    func hasZone(_ name: String) -> Bool {
        components.contains { $0.name == "VTIMEZONE" && $0.property("TZID")?.text == name }
    }
}

extension ContentLine {
    /// The line with another time. Its head stays where the time is of the same form.
    func with(_ time: ICalendarTime, of property: ContentProperty, ending: LineEnding) -> ContentLine {
        let old = ICalendarTime(property.value.split(separator: ",").first ?? "", tzid: property["TZID"])
        if old?.form == time.form { return with(value: time.text, ending: ending) }
        let others = property.parameters.filter { !["TZID", "VALUE"].contains($0.name) }
            .map { ";\($0.name)=\"\($0.value)\"" }.joined()
        return ContentLine(property.name + time.parameters + others, time.text, ending: ending)
    }
}
