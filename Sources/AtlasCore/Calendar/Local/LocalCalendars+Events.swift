#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension LocalCalendars {
    /// The most objects that one listing looks at; who has more in a range has to ask for a part of it.
    private static let mostObjects = 20_000

    func events(in range: Range<Date>, of calendar: String?, limit: Int) async throws -> EventListing {
        let (stored, calendarID) = try await database.look { connection in
            let rows = try ask(connection, [calendarQuery(calendar), Self.listing(range, condition(calendar))])
            guard let found = rows[0].first else { throw missing(calendar) }
            return (try rows[1].records(StoredEvent.self), try found.get("id", as: UUID.self))
        }
        var listing = EventListing(
            of: stored.lazy.map { ($0, $0.octets) }, in: range, zone: zone, limit: limit
        ) { occurrence, object, stored in event(occurrence, of: object, stored) }
        if stored.count == Self.mostObjects {
            listing.isComplete = false
            listing.warnings.append(
                "Calendar \(Self.text(calendarID)) has more events in this range than can be looked at. Ask for a part of it."
            )
        }
        return listing
    }

    func event(_ id: String, in calendar: String?) async throws -> CalendarEvent? {
        guard let id = LocalEventID(id) else { return try await find(uid: id, in: calendar) }
        let rows = try await database.look { try ask($0, stored(id.row)).records(StoredEvent.self) }
        guard let stored = rows.first else { return nil }
        return try shown(try ICalendarObject(parsing: stored.octets), stored, id.occurrence)
    }

    func find(uid: String, in calendar: String?) async throws -> CalendarEvent? {
        let found = try await database.look { connection in
            let rows = try ask(connection, [calendarQuery(calendar), ofUID(uid, calendar)])
            if rows[0].isEmpty { throw missing(calendar) }
            return try rows[1].first.map(StoredEvent.init(row:))
        }
        guard let found else { return nil }
        return try shown(try ICalendarObject(parsing: found.octets), found, nil)
    }

    func create(_ draft: EventDraft, in calendar: String?) async throws -> CreatedEvent {
        let object = try ICalendarObject(draft, zone: zone)
        let id = UUID.timeOrdered()
        let (start, end) = bounds(of: object)
        let insert: Query = """
            INSERT INTO calendar_events (id, calendar_id, uid, icalendar, starts_at, ends_at)
            SELECT \(id), c.id, \(draft.uid), \(Data(object.octets)), \(start), \(end)
            FROM calendars c WHERE \(condition(calendar))
            ON CONFLICT (calendar_id, uid) DO NOTHING
            """
        let stored = try await database.write { connection in
            let rows = try ask(connection, [calendarQuery(calendar), insert, ofUID(draft.uid, calendar)])
            if rows[0].isEmpty { throw missing(calendar) }
            return try rows[2].first.map(StoredEvent.init(row:))
        }
        // Gone again: it was there, and somebody deleted it just now.
        guard let stored else { throw Self.restless }
        guard let event = try shown(try ICalendarObject(parsing: stored.octets), stored, nil) else {
            throw BusinessCalendar.gone
        }
        return CreatedEvent(event: event, created: stored.id == id)
    }

    func update(_ id: String, in calendar: String?, _ change: EventChange) async throws -> CalendarEvent {
        guard let id = try await eventID(id, in: calendar) else { throw BusinessCalendar.gone }
        return try await database.change { transaction in
            guard let stored = try locked(id.row, transaction) else { throw BusinessCalendar.gone }
            var object = try ICalendarObject(parsing: stored.octets)
            try object.change(change, of: id.occurrence, zone: zone)
            guard let event = try shown(object, stored, id.occurrence) else { throw BusinessCalendar.gone }
            try transaction.commit(with: [replacement(of: stored, by: object)])
            return event
        }
    }

    func delete(_ id: String, in calendar: String?) async throws -> Bool {
        guard let id = try await eventID(id, in: calendar) else { return false }
        return try await database.change { transaction in
            guard let stored = try locked(id.row, transaction) else { return false }
            var isLeft = false
            if let occurrence = id.occurrence {
                var object = try ICalendarObject(parsing: stored.octets)
                guard try object.occurrence(occurrence, zone: zone) != nil else { return false }
                isLeft = try object.remove(occurrence, zone: zone)
                if isLeft { try transaction.commit(with: [replacement(of: stored, by: object)]) }
            }
            if !isLeft { try transaction.commit(with: ["DELETE FROM calendar_events WHERE id = \(stored.id)"]) }
            return true
        }
    }

    static let restless = AtlasError(
        .conflict, "This event was deleted at the same moment. Create it again if it is still wanted.",
        parameter: "event_id", retryable: true)

    // MARK: - Rows

    /// The events that may be in a range: one scan of the index over extents.
    static func listing(_ range: Range<Date>, _ calendar: Query) -> Query {
        """
        SELECT e.id, e.calendar_id, e.icalendar FROM calendar_events e
        WHERE e.calendar_id = (SELECT id FROM calendars WHERE \(calendar))
            AND tstzrange(e.starts_at, e.ends_at) && tstzrange(\(range.lowerBound), \(range.upperBound))
        ORDER BY e.starts_at, e.id LIMIT \(mostObjects)
        """
    }

    private func calendarQuery(_ calendar: String?) -> Query { "SELECT id FROM calendars WHERE \(condition(calendar))" }

    private func ofUID(_ uid: String, _ calendar: String?) -> Query {
        """
        SELECT id, calendar_id, icalendar FROM calendar_events
        WHERE calendar_id = (SELECT id FROM calendars WHERE \(condition(calendar))) AND uid = \(uid)
        """
    }

    private func stored(_ id: UUID) -> Query {
        """
        SELECT e.id, e.calendar_id, e.icalendar FROM calendar_events e JOIN calendars c ON c.id = e.calendar_id
        WHERE e.id = \(id) AND c.business_context_id = \(businessContextID)
        """
    }

    /// The event as it is, until the end of the transaction changed by nobody else.
    private func locked(_ id: UUID, _ transaction: Transaction) throws -> StoredEvent? {
        try transaction.query(stored(id) + " FOR UPDATE OF e").first.map(StoredEvent.init(row:))
    }

    private func replacement(of stored: StoredEvent, by object: ICalendarObject) -> Query {
        let (start, end) = bounds(of: object)
        return """
            UPDATE calendar_events
            SET icalendar = \(Data(object.octets)), starts_at = \(start), ends_at = \(end), updated_at = now()
            WHERE id = \(stored.id)
            """
    }

    /// Days and floating times begin up to 26 hours apart in the zones of the world; the business may move to another.
    private func bounds(of object: ICalendarObject) -> (start: Date, end: Date?) {
        let (start, end) = object.extent(zone: zone)
        let margin = 2.0 * 86_400
        return (start.addingTimeInterval(-margin), end.map { max($0, start).addingTimeInterval(margin) })
    }

    /// An id of ours, or a UID.
    private func eventID(_ id: String, in calendar: String?) async throws -> LocalEventID? {
        if let id = LocalEventID(id) { return id }
        return try await find(uid: id, in: calendar).flatMap { LocalEventID($0.id) }
    }

    // MARK: - Events

    private func shown(
        _ object: ICalendarObject, _ stored: StoredEvent, _ wanted: RecurrenceID?
    ) throws(AtlasError) -> CalendarEvent? {
        guard let wanted else { return event(try object.series(zone: zone), of: object, stored) }
        return try object.occurrence(wanted, zone: zone).map { event($0, of: object, stored) }
    }

    private func event(
        _ occurrence: ICalendarOccurrence, of object: ICalendarObject, _ stored: StoredEvent
    ) -> CalendarEvent {
        CalendarEvent(
            occurrence, id: LocalEventID(row: stored.id, occurrence: occurrence.id).text,
            seriesID: occurrence.id == nil ? nil : LocalEventID(row: stored.id).text,
            calendarID: Self.text(stored.calendarID), uid: object.uid)
    }
}

/// A row of `calendar_events`.
struct StoredEvent: Record, Sendable {
    let id: UUID
    let calendarID: UUID
    let octets: [UInt8]

    init(row: Row) throws {
        id = try row.get("id")
        calendarID = try row.get("calendar_id")
        octets = Array(try row.get("icalendar", as: Data.self))
    }
}
