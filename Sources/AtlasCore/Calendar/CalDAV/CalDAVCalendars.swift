#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The calendars of a CalDAV account (RFC 4791).
///
/// A listing is one request: a REPORT that brings the objects, which are expanded here, since servers expand differently or not at
/// all. Every change is made under the condition that the object is still the one that was read.
final class CalDAVCalendars: CalendarProvider {
    let name = "caldav"
    let client: CalDAVClient
    let zone: BusinessZone
    private let found = Locked<[CalDAVCalendar]?>(nil)

    init(_ account: CalDAVAccount, zone: BusinessZone, http: HTTPClient, timeout: Duration = .seconds(30)) {
        client = CalDAVClient(account, http: http, timeout: timeout)
        self.zone = zone
    }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    convenience init(_ configuration: Configuration, time: BusinessTime, http: HTTPClient) throws(AtlasError) {
        self.init(try CalDAVAccount(configuration), zone: time.zone, http: http)
    }

    func calendars() async throws -> [CalendarInfo] {
        let calendars = try await discovered(anew: true)
        let primary = primary(of: calendars)
        let listed = calendars.map { info($0, isPrimary: $0.path == primary?.path) }
        return listed.filter(\.primary) + listed.filter { !$0.primary }
    }

    func events(in range: Range<Date>, of calendar: String?, limit: Int) async throws -> EventListing {
        let collection = try await path(of: calendar)
        // Days and floating times are the server's to place in some zone (RFC 4791, 9.9), which need not be the business's: what may be
        // meant is asked for, and looked at here.
        let day = 86_400.0
        let asked = range.lowerBound.addingTimeInterval(-day)..<range.upperBound.addingTimeInterval(day)
        guard let resources = try await client.report(collection, CalDAVXML.events(in: asked)) else {
            throw missing(calendar)
        }
        let objects = resources.lazy.compactMap { resource in
            resource.text("calendar-data", DAVSpace.caldav).map { (resource.path, Array($0.utf8)) }
        }
        return EventListing(of: objects, in: range, zone: zone, limit: limit) { occurrence, object, path in
            event(occurrence, at: path, uid: object.uid, collection)
        }
    }

    func event(_ id: String, in calendar: String?) async throws -> CalendarEvent? {
        guard let id = CalDAVEventID(id) else { return try await find(uid: id, in: calendar) }
        guard let stored = try await stored(id.path) else { return nil }
        return try shown(stored.object, id)
    }

    func find(uid: String, in calendar: String?) async throws -> CalendarEvent? {
        let collection = try await path(of: calendar)
        // Where we put it, it takes one look; else the server has to search.
        if let path = Self.file(uid, in: collection), let stored = try await stored(path), stored.object.uid == uid {
            return try shown(stored.object, CalDAVEventID(path: path, occurrence: nil))
        }
        for resource in try await client.report(collection, CalDAVXML.event(uid: uid)) ?? [] {
            guard let data = resource.text("calendar-data", DAVSpace.caldav),
                let object = try? ICalendarObject(parsing: Array(data.utf8)), object.uid == uid
            else { continue }
            return try shown(object, CalDAVEventID(path: resource.path, occurrence: nil))
        }
        return nil
    }

    // MARK: - Calendars

    /// The calendar that the settings name, asked for by its path: one that others share need not be in the account's home.
    func named() async throws -> CalendarInfo? {
        guard let path = client.account.calendar else { return nil }
        let answer = try await client.propfind(path, depth: 0, CalDAVXML.calendars)
        guard let calendar = answer.resources.lazy.compactMap(CalDAVDiscovery.calendar).first else {
            throw missing(nil)
        }
        return info(calendar, isPrimary: true)
    }

    private func info(_ calendar: CalDAVCalendar, isPrimary: Bool) -> CalendarInfo {
        CalendarInfo(
            id: CalDAVCalendarID.text(calendar.path), name: calendar.name, primary: isPrimary,
            readOnly: calendar.isReadOnly, provider: name, color: calendar.color)
    }

    /// The collection that is meant: without discovery, where the id or the settings say it.
    func path(of calendar: String?) async throws -> DAVPath {
        guard let calendar else {
            if let path = client.account.calendar { return path }
            guard let primary = primary(of: try await discovered()) else { throw missing(nil) }
            return primary.path
        }
        if calendar.hasPrefix("c."), let path = CalDAVCalendarID.path(calendar.dropFirst(2)) {
            return path.asCollection
        }
        let named = try await discovered().filter { $0.name == calendar || $0.path.text == calendar }
        guard let only = named.first, named.count == 1 else { throw missing(calendar) }
        return only.path
    }

    private func discovered(anew: Bool = false) async throws -> [CalDAVCalendar] {
        if !anew, let kept = found.withLock({ $0 }) { return kept }
        let calendars = try await CalDAVDiscovery(client: client).calendars()
        found.withLock { $0 = calendars }
        return calendars
    }

    /// The one that the settings name, else the first that can be written to.
    private func primary(of calendars: [CalDAVCalendar]) -> CalDAVCalendar? {
        if let named = client.account.calendar { return calendars.first { $0.path.isSame(as: named) } }
        return calendars.first { !$0.isReadOnly } ?? calendars.first
    }

    /// What is kept of the calendars may be out of date.
    func missing(_ calendar: String?) -> AtlasError {
        found.withLock { $0 = nil }
        guard calendar != nil else {
            return AtlasError(
                .notConfigured,
                "The calendar that \(ConfigurationKey.caldavCalendarURL.name) or \(ConfigurationKey.caldavURL.name) names is not there (any more)."
            )
        }
        return AtlasError(
            .notFound, "There is no such calendar. list_calendars tells those there are.", parameter: "calendar_id")
    }

    // MARK: - Events

    /// Where an event of this UID is put; nil for a UID that servers would not take as a name.
    static func file(_ uid: String, in collection: DAVPath) -> DAVPath? {
        let isName = uid.utf8.allSatisfy { octet in
            octet &- 0x30 < 10 || (octet | 0x20) &- 0x61 < 26 || "-._@".utf8.contains(octet)
        }
        return isName && (1...200).contains(uid.utf8.count) ? collection.child(uid + ".ics") : nil
    }

    struct Stored {
        var object: ICalendarObject
        let tag: String?
    }

    func stored(_ path: DAVPath) async throws -> Stored? {
        guard let (octets, tag) = try await client.get(path) else { return nil }
        return Stored(object: try ICalendarObject(parsing: octets), tag: tag)
    }

    func shown(_ object: ICalendarObject, _ id: CalDAVEventID) throws -> CalendarEvent? {
        let collection = DAVPath(
            String(id.path.text.prefix(through: id.path.text.lastIndex(of: "/") ?? id.path.text.startIndex)))
        let occurrence: ICalendarOccurrence
        if let wanted = id.occurrence {
            guard let found = try object.occurrence(wanted, zone: zone) else { return nil }
            occurrence = found
        } else {
            occurrence = try object.series(zone: zone)
        }
        return event(occurrence, at: id.path, uid: object.uid, collection ?? id.path)
    }

    private func event(
        _ occurrence: ICalendarOccurrence, at path: DAVPath, uid: String, _ collection: DAVPath
    ) -> CalendarEvent {
        let series = CalDAVEventID(path: path, occurrence: nil).text
        return CalendarEvent(
            occurrence, id: CalDAVEventID(path: path, occurrence: occurrence.id).text,
            seriesID: occurrence.id == nil ? nil : series, calendarID: CalDAVCalendarID.text(collection.asCollection),
            uid: uid)
    }
}

extension CalendarEvent {
    /// An occurrence of an iCalendar object.
    init(_ occurrence: ICalendarOccurrence, id: String, seriesID: String?, calendarID: String, uid: String) {
        self.init(
            id: id, calendarID: calendarID, summary: occurrence.summary, start: occurrence.start, end: occurrence.end,
            allDay: !occurrence.span.isTimed, location: occurrence.location, description: occurrence.description,
            status: occurrence.status, busy: occurrence.status != .cancelled && !occurrence.isTransparent,
            recurring: occurrence.isRecurring, recurrence: occurrence.id == nil ? occurrence.recurrence : nil,
            seriesID: seriesID,
            organizer: occurrence.organizer, attendees: occurrence.attendees, htmlLink: occurrence.url, uid: uid)
    }
}
