extension BusinessZone {
    /// The zone that a VTIMEZONE describes (RFC 5545, 3.6.5): its onsets as transitions, up to the year 2100.
    ///
    /// - Returns: nil when nothing in it can be read.
    init?(_ component: ICalendarComponent) {
        struct Onset {
            var instant: Int
            var to: Int
            var name: String
        }
        var onsets: [Onset] = []
        var before: (wall: Int, offset: Int)?
        for observance in component.components.prefix(200) where ["STANDARD", "DAYLIGHT"].contains(observance.name) {
            guard let start = observance.property("DTSTART").flatMap({ ICalendarTime($0.value) }),
                let from = observance.property("TZOFFSETFROM").flatMap({ Self.offset($0.value) }),
                let to = observance.property("TZOFFSETTO").flatMap({ Self.offset($0.value) })
            else { continue }
            if before.map({ start.wall < $0.wall }) ?? true { before = (start.wall, from) }
            var walls = [start.wall]
            for property in observance.properties("RDATE") {
                walls += property.value.split(separator: ",").prefix(500).compactMap { ICalendarTime($0)?.wall }
            }
            for property in observance.properties("RRULE").prefix(4) {
                guard let parts = try? RecurrenceParts(reading: property.value) else { continue }
                let until = parts.until.map { $0.form == .utc ? $0.wall + from : $0.wall }
                let end = CivilDate(year: 2100, month: 1, day: 1).daysSince1970 * 86400
                let rule = RecurrenceExpansion(parts, start: ICalendarTime(.floating, wall: start.wall), until: until)
                let found = try? rule.walls(in: start.wall..<max(end, start.wall + 1), limit: 400)
                walls += found?.walls ?? []
            }
            let name = observance.property("TZNAME")?.text.cleaned() ?? ""
            onsets += walls.map { Onset(instant: $0 - from, to: to, name: String(name.prefix(20))) }
        }
        guard let before else { return nil }
        onsets.sort { $0.instant < $1.instant }
        var transitions: [Int] = []
        var periods: [ZoneRule.Period] = []
        for onset in onsets where transitions.last != onset.instant {
            transitions.append(onset.instant)
            periods.append(.init(offset: onset.to, abbreviation: onset.name))
        }
        self.init(
            name: component.property("TZID")?.text ?? "", transitions: transitions, periods: periods, rule: nil,
            first: .init(offset: before.offset, abbreviation: ""))
    }

    /// A UTC-OFFSET (3.3.14), in seconds.
    private static func offset(_ text: String) -> Int? {
        let text = text.trimmed
        let digits = Array(text.utf8.dropFirst())
        guard let sign = text.utf8.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
            digits.count == 4 || digits.count == 6, digits.allSatisfy({ $0 &- 0x30 < 10 })
        else { return nil }
        func pair(_ index: Int) -> Int {
            index < digits.count ? Int(digits[index]) * 10 + Int(digits[index + 1]) - 528 : 0
        }
        let (hours, minutes, rest) = (pair(0), pair(2), pair(4))
        guard hours < 24, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60 + min(rest, 59)
        return sign == UInt8(ascii: "-") ? -seconds : seconds
    }
}
