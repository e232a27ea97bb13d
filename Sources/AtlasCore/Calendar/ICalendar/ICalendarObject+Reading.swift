#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ICalendarObject {
    /// The occurrences that overlap `range`, by start, overrides applied; of an event that does not recur itself.
    ///
    /// An override with RANGE=THISANDFUTURE counts for its own occurrence only: hardly a program writes it, and none in the same way.
    /// - Parameters:
    ///   - zone: in which floating times and days are meant.
    ///   - limit: the most occurrences that are given back.
    func occurrences(in range: Range<Date>, zone: BusinessZone, limit: Int) throws(AtlasError) -> [ICalendarOccurrence]
    {
        let set = set(in: zone)
        let seconds =
            range.lowerBound
            .wholeSeconds..<Date(timeIntervalSince1970: range.upperBound.timeIntervalSince1970.rounded(.up))
            .wholeSeconds
        let members = try set.members(in: seconds, limit: limit).members
        guard !members.isEmpty else { return [] }
        let whole = masterIndex.flatMap(component(at:)).map(ICalendarOccurrence.Details.init)
        return members.compactMap { occurrence($0, of: set, whole: whole) }
    }

    /// The event as a whole: the series, where it recurs.
    func series(zone: BusinessZone) throws(AtlasError) -> ICalendarOccurrence {
        let set = set(in: zone)
        guard let event = set.master ?? set.overrides.first,
            let component = (masterIndex ?? overrideIndices.first).flatMap(component(at:))
        else { throw AtlasError(.upstreamError, "The calendar holds an object without an event.") }
        return occurrence(
            ICalendarOccurrence.Details(component), start: event.start,
            end: set.end(of: event.start, length: event.length, from: event.start), id: nil, set)
    }

    /// The occurrence of that recurrence id, wherever an override has moved it; nil when the set has none.
    func occurrence(_ id: RecurrenceID, zone: BusinessZone) throws(AtlasError) -> ICalendarOccurrence? {
        let set = set(in: zone)
        guard let member = try member(id, of: set) else { return nil }
        let whole = masterIndex.flatMap(component(at:)).map(ICalendarOccurrence.Details.init)
        return occurrence(member, of: set, whole: whole)
    }

    func member(_ id: RecurrenceID, of set: RecurrenceSet) throws(AtlasError) -> RecurrenceSet.Member? {
        guard let time = id.time, isRecurring(set) else { return nil }
        let key = set.key(time)
        if let index = set.overrides.firstIndex(where: { $0.recurrenceID.map(set.key) == key }) {
            let event = set.overrides[index]
            let range = set.instant(event.start)
            return try set.members(in: range..<range + 1, limit: RecurrenceExpansion.bound).members.first {
                $0.override == index
            }
        }
        return try set.members(in: key..<key + 1, limit: RecurrenceExpansion.bound).members.first {
            $0.key == key && $0.override == nil
        }
    }

    func isRecurring(_ set: RecurrenceSet) -> Bool { set.master?.recurs ?? true || !set.overrides.isEmpty }

    private func occurrence(_ member: RecurrenceSet.Member, of set: RecurrenceSet, whole: ICalendarOccurrence.Details?)
        -> ICalendarOccurrence?
    {
        var details = whole
        if let override = member.override, let component = component(at: overrideIndices[override]) {
            details = ICalendarOccurrence.Details(component)
            details?.recurrence = whole?.recurrence
            // Who calls off the series calls off all of it.
            if whole?.status == .cancelled { details?.status = .cancelled }
        }
        guard let details else { return nil }
        let id = member.override.flatMap { set.overrides[$0].recurrenceID } ?? member.start
        let length = member.instants.end - member.instants.start
        let end =
            member.start.form == .day
            ? set.dayEnd(of: member) : set.zones.time(member.instants.start + length, as: .utc, business: set.business)
        return occurrence(
            details, start: member.start, end: end, id: isRecurring(set) ? set.id(id) : nil, set)
    }

    private func occurrence(
        _ details: ICalendarOccurrence.Details, start: ICalendarTime, end: ICalendarTime, id: RecurrenceID?,
        _ set: RecurrenceSet
    ) -> ICalendarOccurrence {
        let (first, last) = (Date(seconds: set.instant(start)), Date(seconds: set.instant(end)))
        let span: EventSpan =
            start.form == .day ? .days(start.day..<max(end.day, start.day)) : .moments(first..<max(first, last))
        return ICalendarOccurrence(
            id: id, span: span, start: first, end: max(first, last), summary: details.summary,
            location: details.location, description: details.description, status: details.status,
            isTransparent: details.isTransparent, recurrence: details.recurrence,
            isRecurring: isRecurring(set), organizer: details.organizer, attendees: details.attendees,
            url: details.url)
    }

    /// When anything of it is at the earliest, and at the latest, end exclusive; nil without end. For an index.
    func extent(zone: BusinessZone) -> (start: Date, end: Date?) {
        let set = set(in: zone)
        let times = (set.master.map { [$0] } ?? []) + set.overrides
        let added = set.master?.added.map { set.instant(set.canonical($0.start)) } ?? []
        let start = Date(seconds: (times.map { set.instant($0.start) } + added).min() ?? 0)
        let isEndless = set.master?.rules.contains { $0.count == nil && $0.until == nil && !$0.isSubDaily } ?? false
        guard !isEndless,
            let all = try? set.members(in: -62_135_596_800..<253_402_300_800, limit: RecurrenceExpansion.bound),
            !all.isCut
        else { return (start, nil) }
        let end = all.members.map { max($0.instants.end, $0.instants.start + 1) }.max()
        return (start, max(start, end.map(Date.init(seconds:)) ?? start))
    }
}
