#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The recurrence set of an event (RFC 5545, 3.8.5): DTSTART, RRULE and RDATE without EXDATE, and overrides in their places.
struct RecurrenceSet {
    let master: ICalendarEvent?
    /// By place in the object.
    let overrides: [ICalendarEvent]
    let zones: ICalendarZones
    let business: BusinessZone

    /// An occurrence without its texts.
    struct Member {
        /// The moment that it was to be, as the series counts: one of the set's keys.
        var key: Int
        var start: ICalendarTime
        var instants: (start: Int, end: Int)
        /// Which override it is; nil for one as the master says.
        var override: Int?
    }

    /// How the series writes its times.
    var form: ICalendarTime.Form {
        master?.start.form ?? overrides.first?.recurrenceID?.form ?? overrides.first?.start.form ?? .utc
    }

    func instant(_ time: ICalendarTime) -> Int { zones.instant(of: time, business: business) }

    /// A time in the series' form: RECURRENCE-ID, EXDATE and RDATE are not always written in it.
    func canonical(_ time: ICalendarTime) -> ICalendarTime {
        let form = form
        switch (form, time.form) {
        case (.day, _): return ICalendarTime(.day, wall: time.wall)
        case (_, .day):
            return ICalendarTime(form, wall: time.wall + (master?.start.wall ?? 0).floorRemainder(by: 86400))
        case (_, .floating): return ICalendarTime(form, wall: time.wall)
        case (_, form): return time
        default: return zones.time(instant(time), as: form, business: business)
        }
    }

    func key(_ time: ICalendarTime) -> Int { instant(canonical(time)) }

    func id(_ time: ICalendarTime) -> RecurrenceID {
        let time = canonical(time)
        switch time.form {
        case .day, .floating: return RecurrenceID(time)
        case .utc, .zoned: return RecurrenceID(ICalendarTime(.utc, wall: instant(time)))
        }
    }

    // MARK: Lengths

    /// When an occurrence ends that starts at `start`; never before it.
    func end(of start: ICalendarTime, length: ICalendarEvent.Length, from origin: ICalendarTime) -> ICalendarTime {
        var end = start
        switch length {
        case .none: break
        case .end(let given):
            if start.form == .day {
                // An end at midnight is exclusive as it is; one within a day takes that day.
                let days = (given.wall + 86399).floorDivided(by: 86400) - origin.wall.floorDivided(by: 86400)
                end.wall += max(days, 0) * 86400
            } else {
                let given = given.form == .day ? ICalendarTime(origin.form, wall: given.wall) : given
                let seconds = max(0, instant(given) - instant(origin))
                end = zones.time(instant(start) + min(seconds, 36_525 * 86400), as: start.form, business: business)
            }
        case .duration(let duration):
            end.wall += duration.days * 86400
            if start.form == .day {
                end.wall += duration.seconds.floorDivided(by: 86400) * 86400
            } else if duration.seconds > 0 {
                end = zones.time(instant(end) + duration.seconds, as: start.form, business: business)
            }
        }
        if start.form == .day { end.wall = max(end.wall, start.wall + 86400) }
        return end
    }

    /// The day after the last of an occurrence of whole days.
    func dayEnd(of member: Member) -> ICalendarTime {
        let event = member.override.map { overrides[$0] } ?? master
        guard let event else { return member.start }
        return end(of: member.start, length: event.length, from: event.start)
    }

    private func member(
        _ start: ICalendarTime, of event: ICalendarEvent, length: ICalendarEvent.Length? = nil, key: Int,
        override: Int? = nil
    ) -> Member {
        let first = instant(start)
        let end = end(of: start, length: length ?? event.length, from: length == nil ? event.start : start)
        return Member(key: key, start: start, instants: (first, max(first, instant(end))), override: override)
    }

    // MARK: Members

    struct Answer {
        /// By start.
        var members: [Member]
        var isCut: Bool
    }

    /// The occurrences that overlap `range`; one without length counts where its start lies in it.
    func members(in range: Range<Int>, limit: Int) throws(AtlasError) -> Answer {
        func overlaps(_ member: Member) -> Bool {
            let (start, end) = member.instants
            return start < range.upperBound && (end > range.lowerBound || (start == end && start == range.lowerBound))
        }
        var members: [Member] = []
        var moved: Set<Int> = []
        for (index, event) in overrides.enumerated() {
            let key = event.recurrenceID.map(key) ?? instant(event.start)
            guard moved.insert(key).inserted else { continue }
            members.append(member(event.start, of: event, key: key, override: index))
        }
        var isCut = false
        if let master {
            let (own, cut) = try ownMembers(of: master, in: range, limit: limit, without: moved)
            members += own
            isCut = cut
        }
        members = members.filter(overlaps)
        members.sort { ($0.instants.start, $0.key) < ($1.instants.start, $1.key) }
        if members.count > limit {
            members.removeLast(members.count - limit)
            isCut = true
        }
        return Answer(members: members, isCut: isCut)
    }

    /// What the master itself gives in and around `range`.
    private func ownMembers(
        of master: ICalendarEvent, in range: Range<Int>, limit: Int, without moved: Set<Int>
    ) throws(AtlasError) -> ([Member], Bool) {
        var members = [member(master.start, of: master, key: instant(master.start))]
        var isCut = false
        // Offsets of zones, and lengths on the wall clock, are within two days.
        let length = members[0].instants.end - members[0].instants.start
        let isExact: Bool
        if case .duration(let duration) = master.length, duration.days != 0 {
            isExact = false
        } else {
            isExact = master.start.form != .day
        }
        let window = (range.lowerBound - length - 172_800)..<(range.upperBound + 172_800)
        let spare = master.exceptions.count + moved.count
        for parts in master.rules {
            let answer = try walls(of: parts, master, in: window, limit: limit + spare)
            isCut = isCut || answer.isCut
            members += answer.walls.map { wall in
                let start = ICalendarTime(master.start.form, wall: wall)
                let first = instant(start)
                // Most are as long as the first, and need no arithmetic of the wall clock.
                return isExact
                    ? Member(key: first, start: start, instants: (first, first + length))
                    : member(start, of: master, key: first)
            }
        }
        for date in master.added {
            let start = canonical(date.start)
            // A period counts from its own start, written as it is.
            members.append(member(start, of: master, length: date.length, key: instant(start)))
        }
        var gone = moved
        var goneDays: Set<Int> = []
        for time in master.exceptions {
            if time.form == .day, master.start.form != .day {
                goneDays.insert(time.wall)
            } else {
                gone.insert(key(time))
            }
        }
        for parts in master.exclusionRules {
            for wall in try walls(of: parts, master, in: window, limit: RecurrenceExpansion.bound).walls {
                gone.insert(instant(ICalendarTime(master.start.form, wall: wall)))
            }
        }
        members.removeAll { member in
            // Once is enough, however many rules give it.
            if !goneDays.isEmpty, goneDays.contains(member.start.wall.floorDivided(by: 86400) * 86400) { return true }
            return !gone.insert(member.key).inserted
        }
        return (members, isCut)
    }

    private func walls(of parts: RecurrenceParts, _ master: ICalendarEvent, in window: Range<Int>, limit: Int)
        throws(AtlasError) -> RecurrenceExpansion.Answer
    {
        let expansion = RecurrenceExpansion(parts, start: master.start, until: until(of: parts, master))
        return try expansion.walls(in: window, limit: min(RecurrenceExpansion.bound, limit + 4 * parts.timesPerDay + 8))
    }

    /// UNTIL on the clock of DTSTART. The two should be of one form (3.3.10), and often are not.
    func until(of parts: RecurrenceParts, _ master: ICalendarEvent) -> Int? {
        guard let until = parts.until else { return nil }
        switch (until.form, master.start.form) {
        case (.day, .day), (.floating, _), (_, .day): return until.wall
        case (.day, _): return until.wall + 86399
        default: return zones.time(instant(until), as: master.start.form, business: business).wall
        }
    }
}
