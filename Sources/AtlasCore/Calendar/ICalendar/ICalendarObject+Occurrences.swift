#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarObject {
    /// The occurrences that overlap `range`, by start, overrides applied; of an event that does not recur itself.
    ///
    /// An override counts for its own occurrence only, also one of `RANGE=THISANDFUTURE`.
    ///
    /// - Parameters:
    ///   - zone: in which floating times and days are meant.
    ///   - limit: the most occurrences that are given back, the first ones.
    func occurrences(in range: Range<Date>, zone: BusinessZone, limit: Int) throws(AtlasError) -> [ICalendarOccurrence]
    {
        let set = RecurrenceSet(self, zones(zone))
        return set.occurrences(in: range, limit: limit)
    }

    /// The event as a whole: the series, where it recurs.
    func series(zone: BusinessZone) throws(AtlasError) -> ICalendarOccurrence {
        let set = RecurrenceSet(self, zones(zone))
        if let event = set.master {
            return occurrence(event, at: event.start, id: nil, rule: set.ruleText, recurs: set.recurs, set.zones)
        }
        guard let first = set.exceptions.first else { throw Self.broken("it holds no event") }
        return occurrence(first.event, at: first.event.start, id: nil, rule: nil, recurs: true, set.zones)
    }

    /// The occurrence of that recurrence id, wherever an override has moved it; nil when the set has none.
    func occurrence(_ id: RecurrenceID, zone: BusinessZone) throws(AtlasError) -> ICalendarOccurrence? {
        RecurrenceSet(self, zones(zone)).occurrence(id)
    }

    /// When anything of it is at the earliest, and at the latest, end exclusive; nil without end. For an index.
    func extent(zone: BusinessZone) -> (start: Date, end: Date?) {
        RecurrenceSet(self, zones(zone)).extent
    }
}

/// The times of an object's event: its rules and dates, less its exceptions, with what overrides some of them (RFC 5545, 3.8.5).
struct RecurrenceSet {
    let object: ICalendarObject
    let zones: ICalendarZones
    let master: ICalendarEvent?
    let rules: [RecurrenceRule]
    let ruleText: String?
    let dates: [ICalendarTime]
    /// What is taken out.
    private let excluded: Set<RecurrenceID>
    /// Days that are taken out of a series of times, as some programs write it.
    private let excludedDays: Set<Int>
    let exceptions: [(id: RecurrenceID, event: ICalendarEvent)]
    private let overridden: Set<RecurrenceID>

    init(_ object: ICalendarObject, _ zones: ICalendarZones) {
        self.object = object
        self.zones = zones
        let lines = object.lines
        master = object.master.flatMap { ICalendarEvent($0, object, zones) }
        var rules: [RecurrenceRule] = []
        var dates: [ICalendarTime] = []
        var excluded: Set<RecurrenceID> = []
        var days: Set<Int> = []
        if let component = object.master {
            let lines = component.own.map { lines[$0] }
            // A rule that cannot be followed leaves the dates that are named.
            for line in lines where line.name == "RRULE" && rules.count < 8 {
                if let rule = try? RecurrenceRule(line.value) { rules.append(rule) }
            }
            for line in lines where line.name == "RDATE" && dates.count < 5_000 { dates += line.times(most: 5_000) }
            for line in lines where line.name == "EXDATE" && excluded.count < 20_000 {
                for time in line.times(most: 5_000) {
                    excluded.insert(RecurrenceID(time, zones))
                    if time.isDate { days.insert(time.day.daysSince1970) }
                }
            }
        }
        self.rules = rules
        self.dates = dates
        self.excluded = excluded
        excludedDays = days
        ruleText = object.master?.first("RRULE", in: lines)?.value.trimmed
        exceptions = object.overrides.compactMap { override in
            ICalendarEvent(override.component, object, zones).map { (RecurrenceID(override.id, zones), $0) }
        }
        overridden = Set(exceptions.map(\.id))
    }

    var recurs: Bool { ruleText != nil || !dates.isEmpty || !exceptions.isEmpty }

    func occurrences(in range: Range<Date>, limit: Int) -> [ICalendarOccurrence] {
        let from = Int(range.lowerBound.timeIntervalSince1970.rounded(.down))
        let until = Int(range.upperBound.timeIntervalSince1970.rounded(.up))
        func overlaps(_ start: Int, _ end: Int) -> Bool {
            start < until && (end > from || start == end && start >= from)
        }
        var found: [ICalendarOccurrence] = []
        if let master {
            for start in starts(from: from - master.reach, until: until, limit: limit) {
                guard overlaps(zones.instant(of: start), master.end(of: start, zones)) else { continue }
                found.append(shown(master, at: start, id: recurs ? RecurrenceID(start, zones) : nil))
            }
        }
        for exception in exceptions {
            let start = exception.event.start
            guard overlaps(zones.instant(of: start), exception.event.end(of: start, zones)) else { continue }
            found.append(shown(exception.event, at: start, id: exception.id))
        }
        found.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        return Array(found.prefix(limit))
    }

    func occurrence(_ id: RecurrenceID) -> ICalendarOccurrence? {
        if let exception = exceptions.last(where: { $0.id == id }) {
            return shown(exception.event, at: exception.event.start, id: id)
        }
        guard let master, recurs else { return nil }
        let at = zones.instant(of: id.time)
        return starts(from: at - 86400, until: at + 86400, limit: 1_000).first { RecurrenceID($0, zones) == id }
            .map { shown(master, at: $0, id: id) }
    }

    private func shown(_ event: ICalendarEvent, at start: ICalendarTime, id: RecurrenceID?) -> ICalendarOccurrence {
        object.occurrence(event, at: start, id: id, rule: nil, recurs: recurs, zones)
    }

    /// The starts of the series between two instants, in order, without those that are taken out or overridden.
    private func starts(from: Int, until: Int, limit: Int) -> [ICalendarTime] {
        guard let master else { return [] }
        var starts: [ICalendarTime] = []
        var seen: Set<RecurrenceID> = []
        func add(_ time: ICalendarTime) {
            let at = zones.instant(of: time)
            guard at >= from, at < until else { return }
            let id = RecurrenceID(time, zones)
            guard !excluded.contains(id), !overridden.contains(id), seen.insert(id).inserted else { return }
            if !excludedDays.isEmpty, !time.isDate, excludedDays.contains(time.day.daysSince1970) { return }
            starts.append(time)
        }
        add(master.start)
        for date in dates { add(alike(date, master.start)) }
        for rule in rules {
            var counted = 0
            var kept = 0
            // A day of leeway on both sides: clocks are not where instants are.
            let walk = RecurrenceDays(rule, start: master.start.wall, from: from - 2 * 86400)
            for wall in walk {
                counted += 1
                if let count = rule.count, counted > count { break }
                if wall > until + 2 * 86400 || kept > limit { break }
                let time = ICalendarTime(wall: wall, form: master.start.form)
                if let end = rule.until, isBeyond(time, end) { break }
                let before = starts.count
                add(time)
                if starts.count > before { kept += 1 }
            }
        }
        return starts
    }

    /// A date of a series of times is one of its times, and the other way round.
    private func alike(_ time: ICalendarTime, _ start: ICalendarTime) -> ICalendarTime {
        if start.isDate, !time.isDate {
            return ICalendarTime(wall: time.wall - time.wall.floorRemainder(by: 86400), form: .date)
        }
        if time.isDate, !start.isDate {
            return ICalendarTime(wall: time.wall + start.wall.floorRemainder(by: 86400), form: start.form)
        }
        return time
    }

    /// UNTIL is inclusive; a date as the end of times is that whole day.
    private func isBeyond(_ time: ICalendarTime, _ until: ICalendarTime) -> Bool {
        if until.isDate || time.isDate {
            return time.wall.floorDivided(by: 86400) > until.wall.floorDivided(by: 86400)
        }
        if until.form == .utc { return zones.instant(of: time) > until.wall }
        return time.wall > until.wall
    }

    var extent: (start: Date, end: Date?) {
        var first = Int.max
        var last: Int? = Int.min
        func note(_ event: ICalendarEvent, _ start: ICalendarTime) {
            first = min(first, zones.instant(of: start))
            last = last.map { max($0, event.end(of: start, zones), zones.instant(of: start) + 1) }
        }
        for exception in exceptions { note(exception.event, exception.event.start) }
        if let master {
            note(master, master.start)
            for date in dates { note(master, alike(date, master.start)) }
            for rule in rules {
                if let until = rule.until {
                    last = last.map { max($0, zones.instant(of: until) + master.reach + 2 * 86400) }
                } else if let count = rule.count {
                    var counted = 0
                    var wall = master.start.wall
                    for next in RecurrenceDays(rule, start: master.start.wall) {
                        counted += 1
                        if counted > count { break }
                        wall = next
                    }
                    // One that could not be counted to its end may go on.
                    if counted < count {
                        last = nil
                    } else {
                        note(master, ICalendarTime(wall: wall, form: master.start.form))
                    }
                } else {
                    last = nil
                }
            }
        }
        return (
            Date(timeIntervalSince1970: Double(first)), last.map { Date(timeIntervalSince1970: Double($0)) }
        )
    }
}
