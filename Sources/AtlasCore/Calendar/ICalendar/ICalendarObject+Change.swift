#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarObject {
    /// Changes the series (nil) or one occurrence, for which an override is made where there is none. SEQUENCE, DTSTAMP and
    /// LAST-MODIFIED follow (RFC 5545, 3.8.7).
    ///
    /// - Throws: ``AtlasError`` `not_found` when there is no such occurrence; `invalid_argument` when the times do not go.
    mutating func change(_ change: EventChange, of id: RecurrenceID?, zone: BusinessZone, now: Date = Date())
        throws(AtlasError)
    {
        guard let id else {
            if master == nil, let first = overrides.first?.component {
                return try edit(first, change, zone: zone, now: now)
            }
            guard let master else { throw BusinessCalendar.gone }
            return try changeSeries(master, change, zone: zone, now: now)
        }
        try edit(try override(id, zone: zone), change, zone: zone, now: now)
    }

    /// Takes one occurrence out: EXDATE, and its override goes.
    ///
    /// - Returns: whether anything of the series is left.
    /// - Throws: ``AtlasError`` `not_found` when there is no such occurrence.
    mutating func remove(_ id: RecurrenceID, zone: BusinessZone, now: Date = Date()) throws(AtlasError) -> Bool {
        let zones = zones(zone)
        guard try occurrence(id, zone: zone) != nil else { throw BusinessCalendar.gone }
        if let index = overrides.lastIndex(where: { RecurrenceID($0.id, zones) == id }) {
            try replace(overrides[index].component.range, with: [])
        }
        guard let master, let start = master.first("DTSTART", in: lines)?.time else { return !overrides.isEmpty }
        let exception = Self.time(of: id, like: start, zones)
        var editor = LineEditor(master, in: self)
        editor.add(
            ContentLine("EXDATE", exception, lineEnd: lineEnd), after: ["EXDATE", "RRULE", "RDATE", "DTEND", "DTSTART"])
        editor.touch(now)
        try replace(master.range, with: editor.lines)
        return !(try occurrences(in: .distantPast ..< .distantFuture, zone: zone, limit: 1)).isEmpty
    }

    // MARK: - One event

    /// Changes the lines of an event that the change names, and no others.
    private mutating func edit(
        _ component: ICalendarComponent, _ change: EventChange, zone: BusinessZone, now: Date
    ) throws(AtlasError) {
        let zones = zones(zone)
        guard let event = ICalendarEvent(component, self, zones) else { throw Self.broken("its event has no start") }
        var editor = LineEditor(component, in: self)
        editor.write(change)
        var zoneLines: [ContentLine] = []
        let recurs = component == master && RecurrenceSet(self, zones).recurs
        if let span = try change.span(insteadOf: event.span(of: event.start, zones)) {
            zoneLines = write(span, of: event, into: &editor, recurs: recurs, zones)
        }
        editor.touch(now)
        try replace(component.range, with: editor.lines)
        if !zoneLines.isEmpty { try addZone(zoneLines) }
    }

    /// Writes a span in the form that the event's times have, or in the business's zone where its kind changes.
    ///
    /// - Returns: a VTIMEZONE that the object needs now.
    private func write(
        _ span: EventSpan, of event: ICalendarEvent, into editor: inout LineEditor, recurs: Bool,
        _ zones: ICalendarZones
    ) -> [ContentLine] {
        guard case .moments(let range) = span, !event.start.isDate else {
            let (times, zoneLines) = Self.times(span, zone: zones.business, recurs: recurs, lineEnd: lineEnd)
            editor.put("DTSTART", times[0])
            editor.remove("DURATION")
            editor.put("DTEND", times[1], after: "DTSTART")
            return zoneLines
        }
        let instants = [range.lowerBound, range.upperBound].map { Int($0.timeIntervalSince1970.rounded(.down)) }
        func time(_ instant: Int, like old: ICalendarTime) -> ICalendarTime {
            let time = zones.time(at: instant, like: old)
            // The second of two times that the clock shows alike has no name but in UTC.
            let isLost = !recurs && zones.instant(of: time) != instant
            return isLost ? ICalendarTime(wall: instant, form: .utc) : time
        }
        let start = time(instants[0], like: event.start)
        if start != event.start { editor.put("DTSTART", ContentLine("DTSTART", start, lineEnd: lineEnd)) }
        let keepsLength = event.end(of: start, zones) == instants[1]
        let oldEnd = event.component.first("DTEND", in: lines)?.time
        if oldEnd == nil, keepsLength { return [] }
        let end = time(instants[1], like: oldEnd ?? event.start)
        if end != oldEnd {
            editor.remove("DURATION")
            editor.put("DTEND", ContentLine("DTEND", end, lineEnd: lineEnd), after: "DTSTART")
        }
        return []
    }

    private mutating func addZone(_ zoneLines: [ContentLine]) throws(AtlasError) {
        guard let id = zoneLines.first(where: { $0.name == "TZID" })?.value else { return }
        let isThere = components.contains { $0.name == "VTIMEZONE" && $0.text("TZID", in: lines) == id }
        guard !isThere, let first = components.first(where: { $0.depth == 1 }) else { return }
        try replace(first.range.lowerBound..<first.range.lowerBound, with: zoneLines)
    }

    // MARK: - A series

    private mutating func changeSeries(
        _ master: ICalendarComponent, _ change: EventChange, zone: BusinessZone, now: Date
    ) throws(AtlasError) {
        let zones = zones(zone)
        let set = RecurrenceSet(self, zones)
        guard set.recurs, let event = set.master,
            let span = try change.span(insteadOf: event.span(of: event.start, zones))
        else { return try edit(master, change, zone: zone, now: now) }
        let start: ICalendarTime
        switch span {
        case .days(let days): start = ICalendarTime(wall: days.lowerBound.daysSince1970 * 86400, form: .date)
        case .moments(let range):
            let instant = Int(range.lowerBound.timeIntervalSince1970.rounded(.down))
            start =
                event.start.isDate
                ? ICalendarTime(wall: instant + zone.offset(at: instant), form: .floating)
                : zones.time(at: instant, like: event.start)
        }
        let hasExceptions = !overrides.isEmpty || master.own.contains { ["EXDATE", "RDATE"].contains(lines[$0].name) }
        guard start.isDate == event.start.isDate || !hasExceptions else {
            throw AtlasError(
                .invalidArgument,
                "This series has exceptions, so its times cannot become whole days or the other way round. Delete it and create a new one.",
                parameter: "start")
        }
        let shift = SeriesShift(seconds: start.wall - event.start.wall, start: event.start, zones: zones)
        if shift.seconds != 0, start.isDate == event.start.isDate {
            try moveExceptions(shift, masterStart: event.start, now: now)
        }
        guard let moved = self.master else { return }
        if shift.days != 0, let line = moved.first("RRULE", in: lines) {
            let rule = try shift.rule(line.value)
            var editor = LineEditor(moved, in: self)
            if rule != line.value { editor.put("RRULE", ContentLine("RRULE", [], rule, lineEnd: lineEnd)) }
            try replace(moved.range, with: editor.lines)
        }
        guard let changed = self.master else { return }
        try edit(changed, change, zone: zone, now: now)
    }

    /// Moves along what refers to the old times: exceptions stay exceptions, and occurrences that were only renamed stay with the
    /// others.
    private mutating func moveExceptions(_ shift: SeriesShift, masterStart: ICalendarTime, now: Date) throws(AtlasError)
    {
        // From the last to the first, so that the places of those before stay what they are.
        let order = overrides.map(\.component).sorted { $0.range.lowerBound > $1.range.lowerBound }
        for component in order {
            var editor = LineEditor(component, in: self)
            if let id = component.first("RECURRENCE-ID", in: lines), let time = id.time {
                let start = component.first("DTSTART", in: lines)?.time
                editor.put("RECURRENCE-ID", id.with(shift.moved(time), lineEnd))
                if let start, shift.zones.instant(of: start) == shift.zones.instant(of: time) {
                    for name in ["DTSTART", "DTEND"] {
                        guard let line = component.first(name, in: lines), let time = line.time else { continue }
                        editor.put(name, line.with(shift.moved(time), lineEnd))
                    }
                }
                editor.touch(now)
            }
            try replace(component.range, with: editor.lines)
        }
        guard let master else { return }
        var editor = LineEditor(master, in: self)
        editor.mapOwn { line in
            switch line.name {
            case "EXDATE", "RDATE":
                let times = line.times(most: 5_000)
                guard !times.isEmpty, !line.value.contains("/") else { return line }
                return line.with(value: times.map { shift.moved($0).text }.joined(separator: ","), lineEnd)
            case "RRULE": return line.with(value: shift.until(line.value), lineEnd)
            default: return line
            }
        }
        try replace(master.range, with: editor.lines)
    }

    /// The override of an occurrence, made from the series where there is none yet.
    private mutating func override(_ id: RecurrenceID, zone: BusinessZone) throws(AtlasError) -> ICalendarComponent {
        let zones = zones(zone)
        if let known = overrides.last(where: { RecurrenceID($0.id, zones) == id }) { return known.component }
        guard let master, try occurrence(id, zone: zone) != nil, let event = ICalendarEvent(master, self, zones) else {
            throw BusinessCalendar.gone
        }
        let start = Self.time(of: id, like: event.start, zones)
        var editor = LineEditor(master, in: self)
        for name in ["RRULE", "RDATE", "EXDATE", "EXRULE"] { editor.remove(name) }
        if let line = master.first("DTSTART", in: lines) { editor.put("DTSTART", line.with(start, lineEnd)) }
        if let line = master.first("DTEND", in: lines), let old = line.time {
            let end: ICalendarTime
            if old.isDate {
                end = ICalendarTime(wall: start.wall + (old.wall - event.start.wall), form: .date)
            } else {
                end = zones.time(at: event.end(of: start, zones), like: old)
            }
            editor.put("DTEND", line.with(end, lineEnd))
        }
        editor.put("RECURRENCE-ID", ContentLine("RECURRENCE-ID", start, lineEnd: lineEnd), after: "UID")
        let place =
            components.filter { $0.name == "VEVENT" && $0.depth == 1 }.last?.range.upperBound ?? master.range.upperBound
        try replace(place..<place, with: editor.lines)
        guard let made = overrides.last(where: { RecurrenceID($0.id, zones) == id }) else {
            throw Self.broken("a change broke it")
        }
        return made.component
    }

    /// The occurrence's own start, in the form that the series has.
    private static func time(of id: RecurrenceID, like start: ICalendarTime, _ zones: ICalendarZones) -> ICalendarTime {
        let time = id.time
        guard time.form == .utc, start.form != .utc else { return time }
        return zones.time(at: time.wall, like: start)
    }
}
