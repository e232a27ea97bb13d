import JSON

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension GoogleCalendars {
    private static let mostPages = 40
    /// Google takes days in the calendar's zone, we in the business's: this much they are apart at most, on either side of the date line.
    private static let zonesApart = 26.0 * 3600

    func events(in range: Range<Date>, of calendar: String?, limit: Int) async throws -> EventListing {
        let calendarID = try await id(of: calendar)
        guard !range.isEmpty, limit > 0 else { return EventListing(events: [], isComplete: range.isEmpty) }
        let asked = [
            ("singleEvents", Optional("true")), ("orderBy", "startTime"), ("showDeleted", "false"),
            ("timeMin", Self.rfc3339(range.lowerBound.addingTimeInterval(-Self.zonesApart))),
            ("timeMax", Self.rfc3339(range.upperBound.addingTimeInterval(Self.zonesApart))),
            ("timeZone", time.zone.ianaName), ("maxResults", String(min(2500, max(100, 2 * limit)))),
            ("fields", "nextPageToken,items(\(GoogleEvent.fields))"),
        ]
        var found: [CalendarEvent] = []
        var unreadable = 0
        var isComplete = true
        var token: String?
        var pages = 0
        repeat {
            guard let json = try await get(Self.path(calendarID) + "/events", asked + [("pageToken", token)]) else {
                throw noCalendar(calendarID)
            }
            guard json.object != nil else { throw api.service.garbled }
            for item in json["items"]?.items ?? [] where !GoogleEvent.isDeleted(item) {
                guard let event = GoogleEvent(item, time: time)?.event(in: calendarID, time) else {
                    unreadable += 1
                    continue
                }
                if event.overlaps(range) { found.append(event) }
            }
            token = json["nextPageToken"]?.text.flatMap { $0.isEmpty ? nil : $0 }
            pages += 1
            if token != nil, found.count > limit || pages == Self.mostPages {
                isComplete = false
                break
            }
        } while token != nil
        found.sort { ($0.start, $0.end, $0.id) < ($1.start, $1.end, $1.id) }
        return EventListing(
            events: Array(found.prefix(limit)), isComplete: isComplete && found.count <= limit,
            warnings: Self.warnings(unreadable, calendarID))
    }

    private static func warnings(_ unreadable: Int, _ calendar: String) -> [String] {
        guard unreadable > 0 else { return [] }
        let what = unreadable == 1 ? "1 event" : "\(unreadable) events"
        return [
            "\(what) of the calendar \(calendar.cleaned()) could not be read and \(unreadable == 1 ? "is" : "are") left out."
        ]
    }

    /// In UTC, of the years that four digits hold.
    private static func rfc3339(_ date: Date) -> String {
        let seconds = min(max(date.timeIntervalSince1970, -62_000_000_000), 253_000_000_000)
        return BusinessTime(zone: .utc).iso8601(Date(timeIntervalSince1970: seconds))
    }

    func event(_ id: String, in calendar: String?) async throws -> CalendarEvent? {
        let calendarID = try await self.id(of: calendar)
        guard let raw = GoogleEventID.raw(id) else { return nil }
        return try await found(raw, in: calendarID)?.event(in: calendarID, time)
    }

    func find(uid: String, in calendar: String?) async throws -> CalendarEvent? {
        let calendarID = try await id(of: calendar)
        // To ask for no UID is to ask for all of them.
        guard !uid.isEmpty else { return nil }
        if let raw = GoogleEventID.made(from: uid), let event = try await found(raw, in: calendarID) {
            return event.event(in: calendarID, time)
        }
        return try await foreign(uid: uid, in: calendarID)
    }

    /// The event of this UID that was not made here.
    private func foreign(uid: String, in calendarID: String) async throws -> CalendarEvent? {
        let query = [
            ("iCalUID", Optional(uid)), ("showDeleted", "false"), ("fields", "items(\(GoogleEvent.fields))"),
        ]
        guard let json = try await get(Self.path(calendarID) + "/events", query) else { throw noCalendar(calendarID) }
        // A series comes with the occurrences that were changed, which have its UID.
        let items = (json["items"]?.items ?? []).filter { !GoogleEvent.isDeleted($0) }
        let whole = items.first { $0["recurringEventId"] == nil } ?? items.first
        return try whole.map { json throws(AtlasError) in try read(json).event(in: calendarID, time) }
    }
}

extension CalendarEvent {
    /// Whether some of it is within `range`; of one that takes no time, whether its moment is.
    fileprivate func overlaps(_ range: Range<Date>) -> Bool {
        start < range.upperBound && (end > range.lowerBound || start == end && start >= range.lowerBound)
    }
}
