#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarObject {
    /// A new event, its time zone written out (VTIMEZONE).
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` when the rule has no occurrence.
    init(_ draft: EventDraft, zone: BusinessZone, now: Date = Date()) throws(AtlasError) {
        let lineEnd: [UInt8] = [0x0D, 0x0A]
        func line(_ name: String, _ value: String) -> ContentLine { ContentLine(name, [], value, lineEnd: lineEnd) }
        func text(_ name: String, _ value: String) -> ContentLine { line(name, ICalendarText.escaped(value)) }
        let stamp = Self.stamp(now)
        var event = [line("BEGIN", "VEVENT"), text("UID", draft.uid), line("DTSTAMP", stamp), line("CREATED", stamp)]
        event += [line("LAST-MODIFIED", stamp), line("SEQUENCE", "0")]
        let (times, zoneLines) = Self.times(draft.span, zone: zone, recurs: draft.recurrence != nil, lineEnd: lineEnd)
        event += times
        if let rule = draft.recurrence {
            event.append(line("RRULE", Self.rule(rule, isTimed: draft.span.isTimed, zone)))
        }
        event.append(text("SUMMARY", draft.summary))
        if let location = draft.location { event.append(text("LOCATION", location)) }
        if let description = draft.description { event.append(text("DESCRIPTION", description)) }
        for address in draft.attendees {
            event.append(
                ContentLine(
                    "ATTENDEE", [("ROLE", "REQ-PARTICIPANT"), ("PARTSTAT", "NEEDS-ACTION"), ("RSVP", "TRUE")],
                    "mailto:\(address)", lineEnd: lineEnd))
        }
        event += [line("STATUS", "CONFIRMED"), line("TRANSP", "OPAQUE"), line("END", "VEVENT")]
        try self.init(
            lines: [line("BEGIN", "VCALENDAR"), line("VERSION", "2.0"), line("PRODID", "-//Atlas//Atlas//EN")]
                + zoneLines + event + [line("END", "VCALENDAR")])
        guard draft.recurrence == nil || recurs(zone) else {
            throw AtlasError(
                .invalidArgument, "recurrence has no occurrence from start on. Check UNTIL and the days that it names.",
                parameter: "recurrence")
        }
    }

    /// Whether the series has an occurrence at all that its rule gives.
    private func recurs(_ zone: BusinessZone) -> Bool {
        let set = RecurrenceSet(self, zones(zone))
        guard let master = set.master, let rule = set.rules.first,
            let first = RecurrenceDays(rule, start: master.start.wall, mostSteps: 20_000).first(where: { _ in true })
        else { return false }
        guard let until = rule.until else { return true }
        return until.wall + 86400 >= first
    }

    /// `20261124T090000Z`
    static func stamp(_ date: Date) -> String {
        ICalendarTime(wall: Int(date.timeIntervalSince1970.rounded(.down)), form: .utc).text
    }

    /// UNTIL of a series in a zone is in UTC, of whole days a date (RFC 5545, 3.3.10): people write it without either.
    private static func rule(_ rule: String, isTimed: Bool, _ zone: BusinessZone) -> String {
        guard let parsed = try? RecurrenceRule(rule), let until = parsed.until else { return rule }
        let fitting: ICalendarTime
        if isTimed {
            guard until.form != .utc else { return rule }
            let wall = until.isDate ? until.wall + 86399 : until.wall
            fitting = ICalendarTime(wall: zone.instant(ofWallClock: wall), form: .utc)
        } else {
            fitting = ICalendarTime(wall: until.day.daysSince1970 * 86400, form: .date)
        }
        return rule.split(separator: ";").map { $0.hasPrefix("UNTIL=") ? "UNTIL=\(fitting.text)" : String($0) }
            .joined(separator: ";")
    }

    /// DTSTART and DTEND of a span, and the VTIMEZONE that they need.
    ///
    /// A moment that the wall clock shows twice is written in UTC, unless it is a series', which keeps its wall clock.
    static func times(
        _ span: EventSpan, zone: BusinessZone, recurs: Bool, lineEnd: [UInt8]
    ) -> (lines: [ContentLine], zone: [ContentLine]) {
        func date(_ day: CivilDate) -> ICalendarTime { ICalendarTime(wall: day.daysSince1970 * 86400, form: .date) }
        switch span {
        case .days(let days):
            return (
                [
                    ContentLine("DTSTART", date(days.lowerBound), lineEnd: lineEnd),
                    ContentLine("DTEND", date(days.upperBound), lineEnd: lineEnd),
                ], []
            )
        case .moments(let range):
            let instants = [range.lowerBound, range.upperBound].map { Int($0.timeIntervalSince1970.rounded(.down)) }
            let walls = instants.map { $0 + zone.offset(at: $0) }
            let isClear = zip(instants, walls).allSatisfy { zone.instant(ofWallClock: $1) == $0 }
            let isNamed = zone.name != "UTC" && (zone.name != "local" || recurs)
            let form: ICalendarTime.Form = isNamed && (isClear || recurs) ? .zoned(zone.name) : .utc
            let times = zip(instants, walls).map { ICalendarTime(wall: form == .utc ? $0 : $1, form: form) }
            return (
                [
                    ContentLine("DTSTART", times[0], lineEnd: lineEnd),
                    ContentLine("DTEND", times[1], lineEnd: lineEnd),
                ],
                form == .utc ? [] : VTimeZone.lines(of: zone, id: zone.name, from: instants[0], lineEnd: lineEnd)
            )
        }
    }
}

extension EventSpan {
    var isTimed: Bool { if case .moments = self { true } else { false } }
}
