#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarObject {
    /// Changes the series (nil) or one occurrence, for which an override is made where there is none. SEQUENCE, DTSTAMP and
    /// LAST-MODIFIED follow (RFC 5545, 3.8.7).
    ///
    /// - Throws: ``AtlasError`` `not_found` when there is no such occurrence, `invalid_argument` for a time that cannot be.
    mutating func change(_ change: EventChange, of id: RecurrenceID?, zone: BusinessZone, now: Date = Date())
        throws(AtlasError)
    {
        let set = set(in: zone)
        guard let id else {
            guard let index = masterIndex ?? overrideIndices.first else { return }
            try changeEvent(at: index, change, set, now: now)
            return
        }
        let none = AtlasError(.notFound, "The series has no occurrence \(id.text).", parameter: "event_id")
        guard let member = try member(id, of: set) else { throw none }
        if let override = member.override {
            try changeEvent(at: overrideIndices[override], change, set, now: now)
            return
        }
        guard let masterIndex, let master = component(at: masterIndex), let event = set.master else { throw none }
        let single = singleEvent(of: master, event, member, set)
        let place = (overrideIndices + [masterIndex]).reduce(masterIndex, max) + 1
        var copy = self
        copy.edit { $0.items.insert(.component(single), at: place) }
        try copy.changeEvent(at: place, change, copy.set(in: zone), now: now)
        self = copy
    }

    /// Takes one occurrence out: EXDATE, and its override goes.
    ///
    /// - Returns: whether anything of the series is left.
    mutating func remove(_ id: RecurrenceID, zone: BusinessZone, now: Date = Date()) throws(AtlasError) -> Bool {
        let set = set(in: zone)
        guard let time = id.time, try member(id, of: set) != nil else {
            throw AtlasError(.notFound, "The series has no occurrence \(id.text).", parameter: "event_id")
        }
        let key = set.key(time)
        let ending = ending
        let uid = uid
        let masterIndex = masterIndex
        let exception = set.master.map { master in
            let time = set.canonical(time)
            return ContentLine("EXDATE" + time.parameters, time.text, ending: ending)
        }
        edit { calendar in
            if let masterIndex, let exception, case .component(var master) = calendar.items[masterIndex] {
                master.insert(exception, after: ["EXDATE", "RDATE", "RRULE", "DURATION", "DTEND", "DTSTART"])
                master.stamp(now, ending: ending)
                calendar.items[masterIndex] = .component(master)
            }
            calendar.items.removeAll { item in
                guard case .component(let component) = item, component.name == "VEVENT",
                    component.property("UID")?.text.trimmed ?? "" == uid,
                    let id = ICalendarEvent(component)?.recurrenceID
                else { return false }
                return set.key(id) == key
            }
        }
        let rest = self.set(in: zone)
        guard rest.master != nil else { return !rest.overrides.isEmpty }
        return try !rest.members(in: -62_135_596_800..<253_402_300_800, limit: 1).members.isEmpty
    }

    /// A VEVENT for one occurrence: the master's lines, alarms and all, but for what makes it a series.
    private func singleEvent(
        of master: ICalendarComponent, _ event: ICalendarEvent, _ member: RecurrenceSet.Member, _ set: RecurrenceSet
    ) -> ICalendarComponent {
        var single = master
        single.items.removeAll { item in
            guard case .line(let line) = item else { return false }
            return ["RRULE", "RDATE", "EXDATE", "EXRULE"].contains(line.name)
        }
        let start = member.start
        single.replace("DTSTART", with: start, ending: ending)
        if case .end(let old) = event.length {
            let end =
                start.form == .day
                ? set.dayEnd(of: member) : set.zones.time(member.instants.end, as: old.form, business: set.business)
            single.replace("DTEND", with: end, ending: ending)
        }
        single.insert(
            ContentLine("RECURRENCE-ID" + start.parameters, start.text, ending: ending), after: ["UID", "DTSTART"])
        return single
    }

    private mutating func changeEvent(at index: Int, _ change: EventChange, _ set: RecurrenceSet, now: Date)
        throws(AtlasError)
    {
        guard let before = component(at: index), let event = ICalendarEvent(before) else { return }
        var component = before
        var shift: RecurrenceShift?
        var newZone: ICalendarComponent?
        let end = set.end(of: event.start, length: event.length, from: event.start)
        let first = set.instant(event.start)
        let old: EventSpan =
            event.start.form == .day
            ? .days(event.start.day..<end.day)
            : .moments(Date(seconds: first)..<Date(seconds: max(first, set.instant(end))))
        if let span = try change.span(insteadOf: old) {
            let new = newTimes(span, of: event, set)
            component.move(event, to: new, isLengthGiven: change.end != nil, ending: ending)
            if index == masterIndex {
                let move = RecurrenceShift(from: (event.start, end), to: new, set: set, ending: ending)
                try move.apply(to: &component)
                shift = move
            }
            if case .zoned(let name) = new.start.form, event.start.form == .day, !calendar.hasZone(name) {
                newZone = ICalendarComponent(
                    timeZone: set.business, name: name, at: set.business.instant(ofWallClock: new.start.wall),
                    ending: ending)
            }
        }
        component.applyTexts(change, ending: ending)
        component.stamp(now, ending: ending)

        var calendar = calendar
        calendar.items[index] = .component(component)
        for place in index == masterIndex ? overrideIndices : [] {
            guard let old = self.component(at: place) else { continue }
            var override = old
            shift?.apply(toOverride: &override)
            override.applyTexts(change.where(old, saysTheSameAs: before), ending: ending)
            guard override != old else { continue }
            override.stamp(now, ending: ending)
            calendar.items[place] = .component(override)
        }
        if let newZone {
            let place = calendar.items.firstIndex { if case .component = $0 { true } else { false } } ?? 0
            calendar.items.insert(.component(newZone), at: place)
        }
        edit { $0 = calendar }
    }

    /// The span in the form that the event is written in; in ours where it changes between days and moments.
    private func newTimes(_ span: EventSpan, of event: ICalendarEvent, _ set: RecurrenceSet) -> (
        start: ICalendarTime, end: ICalendarTime
    ) {
        let recurs = event.recurs || event.recurrenceID != nil
        guard case .moments(let moments) = span, event.start.form != .day else {
            return Self.times(span, recurs: recurs, zone: set.business)
        }
        var endForm = event.start.form
        if case .end(let end) = event.length, end.form != .day { endForm = end.form }
        return (
            set.zones.time(moments.lowerBound.wholeSeconds, as: event.start.form, business: set.business),
            set.zones.time(moments.upperBound.wholeSeconds, as: endForm, business: set.business)
        )
    }
}

extension EventChange {
    /// The texts of the change that `override` has as the series has them: an occurrence that was only moved is renamed with it.
    fileprivate func `where`(_ override: ICalendarComponent, saysTheSameAs series: ICalendarComponent) -> EventChange {
        func same(_ name: String) -> Bool { override.property(name)?.value == series.property(name)?.value }
        return EventChange(
            summary: same("SUMMARY") ? summary : nil, location: same("LOCATION") ? location : nil,
            description: same("DESCRIPTION") ? description : nil)
    }
}
