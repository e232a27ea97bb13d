#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Changes single lines of a component; those of components within it, like alarms, stay.
struct LineEditor {
    private(set) var lines: [ContentLine]
    /// Which of the lines are the component's own.
    private var isOwn: [Bool]
    private let lineEnd: [UInt8]

    init(_ component: ICalendarComponent, in object: ICalendarObject) {
        lines = Array(object.lines[component.range])
        let own = Set(component.own)
        isOwn = component.range.map { own.contains($0) }
        lineEnd = object.lineEnd
    }

    private func index(of name: String) -> Int? { lines.indices.first { isOwn[$0] && lines[$0].name == name } }

    /// Puts a line in the place of the first of its name; else behind one of another name, or at the end.
    mutating func put(_ name: String, _ line: ContentLine, after: String? = nil) {
        if let index = index(of: name) {
            lines[index] = line
            return
        }
        insert(line, at: after.flatMap { index(of: $0) }.map { $0 + 1 } ?? end)
    }

    /// Adds a line behind the last of the first of these names that there is.
    mutating func add(_ line: ContentLine, after names: [String]) {
        for name in names {
            if let last = lines.indices.last(where: { isOwn[$0] && lines[$0].name == name }) {
                return insert(line, at: last + 1)
            }
        }
        insert(line, at: end)
    }

    mutating func remove(_ name: String) {
        for index in lines.indices.reversed() where isOwn[index] && lines[index].name == name {
            lines.remove(at: index)
            isOwn.remove(at: index)
        }
    }

    mutating func mapOwn(_ change: (ContentLine) -> ContentLine) {
        for index in lines.indices where isOwn[index] { lines[index] = change(lines[index]) }
    }

    /// Behind the last of the component's own lines.
    private var end: Int { (lines.indices.last { isOwn[$0] } ?? 0) + 1 }

    private mutating func insert(_ line: ContentLine, at index: Int) {
        lines.insert(line, at: index)
        isOwn.insert(true, at: index)
    }

    /// Writes the texts that a change names; a blank one takes the line away.
    mutating func write(_ change: EventChange) {
        for (name, text) in [
            ("SUMMARY", change.summary), ("LOCATION", change.location), ("DESCRIPTION", change.description),
        ] {
            guard let text else { continue }
            let old = index(of: name).map { ICalendarText.unescaped(lines[$0].value) }
            if old == text { continue }
            if text.isEmpty {
                remove(name)
            } else {
                put(name, ContentLine(name, [], ICalendarText.escaped(text), lineEnd: lineEnd))
            }
            // What says the same in HTML, or in another language, says it no longer.
            if name == "DESCRIPTION" { remove("X-ALT-DESC") }
            if name == "LOCATION" {
                remove("X-APPLE-STRUCTURED-LOCATION")
                remove("GEO")
            }
        }
    }

    /// Says that the component was changed (RFC 5545, 3.8.7).
    mutating func touch(_ now: Date) {
        let stamp = ICalendarObject.stamp(now)
        put("DTSTAMP", ContentLine("DTSTAMP", [], stamp, lineEnd: lineEnd))
        put("LAST-MODIFIED", ContentLine("LAST-MODIFIED", [], stamp, lineEnd: lineEnd))
        let sequence = index(of: "SEQUENCE").flatMap { Int(lines[$0].value.trimmed) } ?? 0
        let next = (0..<1_000_000_000).contains(sequence) ? sequence + 1 : 1
        put("SEQUENCE", ContentLine("SEQUENCE", [], String(next), lineEnd: lineEnd))
    }
}

extension ContentLine {
    /// The line with another value, its parameters as they are.
    func with(value: String, _ lineEnd: [UInt8]) -> ContentLine {
        guard value != self.value else { return self }
        let parameters = parameters.map { ($0.name, $0.values.joined(separator: ",")) }
        return ContentLine(name, parameters, value, lineEnd: lineEnd)
    }

    /// The line with another time of the same kind; one of another form gets the parameters of that.
    func with(_ time: ICalendarTime, _ lineEnd: [UInt8]) -> ContentLine {
        guard let old = self.time, old.form == time.form else { return ContentLine(name, time, lineEnd: lineEnd) }
        return with(value: time.text, lineEnd)
    }
}
