/// What a new start of a series does to the times that name its occurrences: they move along with it on the wall clock, so that
/// exceptions stay exceptions.
struct RecurrenceShift {
    let old: ICalendarTime
    let new: ICalendarTime
    /// How long it was, and is, on the wall clock.
    let lengths: (old: Int, new: Int)
    let set: RecurrenceSet
    let ending: LineEnding

    init(
        from old: (start: ICalendarTime, end: ICalendarTime), to new: (start: ICalendarTime, end: ICalendarTime),
        set: RecurrenceSet, ending: LineEnding
    ) {
        self.old = old.start
        self.new = new.start
        lengths = (old.end.wall - old.start.wall, new.end.wall - new.start.wall)
        self.set = set
        self.ending = ending
    }

    private var isNothing: Bool { old == new }

    /// A time of an occurrence after the shift, in its own form while the series keeps its.
    func moved(_ time: ICalendarTime) -> ICalendarTime {
        let wall = set.canonical(time).wall + new.wall - old.wall
        let moved = ICalendarTime(new.form, wall: wall)
        guard new.form == old.form else { return moved }
        switch time.form {
        case .day where new.form != .day:
            return ICalendarTime(.day, wall: time.wall + (dayShift * 86400))
        case new.form, .day: return moved
        default: return set.zones.time(set.instant(moved), as: time.form, business: set.business)
        }
    }

    /// By how many days the start moves.
    var dayShift: Int { new.wall.floorDivided(by: 86400) - old.wall.floorDivided(by: 86400) }

    func apply(to master: inout ICalendarComponent) throws(AtlasError) {
        if isNothing { return }
        for (index, item) in master.items.enumerated() {
            guard case .line(let line) = item, let property = ContentProperty(line) else { continue }
            switch line.name {
            case "EXDATE", "RDATE": master.items[index] = .line(dates(line, property))
            case "RRULE", "EXRULE":
                master.items[index] = .line(line.with(value: try rule(property.value), ending: ending))
            default: continue
            }
        }
    }

    /// An override names its occurrence anew; one that was not at another time than the series moves too.
    func apply(toOverride override: inout ICalendarComponent) {
        guard let event = ICalendarEvent(override), let id = event.recurrenceID else { return }
        if !isNothing { override.replace("RECURRENCE-ID", with: moved(id), ending: ending) }
        guard set.key(event.start) == set.key(id) else { return }
        let end = set.end(of: event.start, length: event.length, from: event.start)
        let length = end.wall - event.start.wall == lengths.old ? lengths.new : end.wall - event.start.wall
        let start = moved(event.start)
        override.replace("DTSTART", with: start, ending: ending)
        if case .duration = event.length, length == end.wall - event.start.wall, start.form == event.start.form {
            return
        }
        override.removeLines(["DURATION"])
        override.replace("DTEND", with: ICalendarTime(start.form, wall: start.wall + length), ending: ending)
    }

    private func dates(_ line: ContentLine, _ property: ContentProperty) -> ContentLine {
        var form: ICalendarTime.Form?
        let values = property.value.split(separator: ",").map { text -> String in
            let pieces = text.split(separator: "/", maxSplits: 1)
            let times = pieces.map { piece -> String in
                guard let time = ICalendarTime(String(piece).trimmed, tzid: property["TZID"]) else {
                    return String(piece)
                }
                let moved = moved(time)
                form = moved.form
                return moved.text
            }
            return times.joined(separator: "/")
        }
        let value = values.joined(separator: ",")
        guard let form, new.form != old.form else { return line.with(value: value, ending: ending) }
        let head = line.name + ICalendarTime(form, wall: 0).parameters
        return ContentLine(head, value, ending: ending)
    }

    private func rule(_ text: String) throws(AtlasError) -> String {
        guard let parts = try? RecurrenceParts(reading: text.trimmed) else { return text }
        let text = try ruleOnNewDay(parts)?.text ?? text
        guard let until = parts.until, let master = set.master, let wall = set.until(of: parts, master) else {
            return text
        }
        let moved = ICalendarTime(new.form, wall: wall + new.wall - old.wall)
        let time: ICalendarTime
        switch (new.form, until.form) {
        case (.day, _): time = ICalendarTime(.day, wall: moved.wall)
        case (_, .day) where old.form != .day: time = ICalendarTime(.day, wall: until.wall + dayShift * 86400)
        case (.floating, _): time = moved
        case (_, .floating): time = ICalendarTime(.floating, wall: moved.wall)
        default: time = ICalendarTime(.utc, wall: set.instant(moved))
        }
        return ICalendarObject.replacingUntil(in: text, with: time)
    }
}
