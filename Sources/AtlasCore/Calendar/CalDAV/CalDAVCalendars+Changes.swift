#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension CalDAVCalendars {
    func create(_ draft: EventDraft, in calendar: String?) async throws -> CreatedEvent {
        let collection = try await path(of: calendar)
        let object = try ICalendarObject(draft, zone: zone)
        guard let path = Self.file(draft.uid, in: collection) else {
            throw AtlasError(.internal, "The event's UID is too long.")
        }
        let response: HTTPResponse
        do {
            response = try await client.put(path, object.octets, if: .isNew)
        } catch let error as HTTPError {
            // Whether it arrived can be seen.
            if error.mayHaveArrived, let event = try? await known(draft.uid, path, calendar) {
                return CreatedEvent(event: event, created: true)
            }
            throw AtlasError(error, service: "The CalDAV server", isRead: !error.mayHaveArrived)
        }
        switch response.status {
        case 200..<300:
            guard let event = try shown(object, CalDAVEventID(path: path, occurrence: nil)) else {
                throw BusinessCalendar.gone
            }
            return CreatedEvent(event: event, created: true)
        case 412, 409, 403:
            // The calendar has this UID already (RFC 4791, 5.3.2.1), or does not want the event.
            if let event = try await known(draft.uid, path, calendar) {
                return CreatedEvent(event: event, created: false)
            }
            if response.status == 409 { throw missing(calendar) }
            throw client.refusal(response)
        case 404, 405, 410: throw missing(calendar)
        default: throw client.refusal(response)
        }
    }

    private func known(_ uid: String, _ path: DAVPath, _ calendar: String?) async throws -> CalendarEvent? {
        if let stored = try await stored(path), stored.object.uid == uid {
            return try shown(stored.object, CalDAVEventID(path: path, occurrence: nil))
        }
        return try await find(uid: uid, in: calendar)
    }

    func update(_ id: String, in calendar: String?, _ change: EventChange) async throws -> CalendarEvent {
        guard let id = try await eventID(id, in: calendar) else { throw BusinessCalendar.gone }
        var basis: CalendarEvent?
        for _ in 0..<4 {
            guard let stored = try await stored(id.path), let before = try shown(stored.object, id) else {
                throw BusinessCalendar.gone
            }
            if let basis { try Self.refuseIfTouched(basis, before, by: change) }
            basis = before
            var object = stored.object
            try object.change(change, of: id.occurrence, zone: zone)
            if try await isWritten(object, at: id.path, insteadOf: stored) {
                guard let event = try shown(object, id) else { throw BusinessCalendar.gone }
                return event
            }
        }
        throw Self.restless
    }

    func delete(_ id: String, in calendar: String?) async throws -> Bool {
        guard let id = try await self.eventID(id, in: calendar) else { return false }
        var basis: CalendarEvent?
        for _ in 0..<4 {
            guard let stored = try await stored(id.path), let before = try shown(stored.object, id) else {
                return false
            }
            if let basis { try Self.refuseIfTouched(basis, before, by: nil) }
            basis = before
            var object = stored.object
            if let occurrence = id.occurrence, try object.remove(occurrence, zone: zone) {
                if try await isWritten(object, at: id.path, insteadOf: stored) { return true }
            } else if try await isDeleted(id.path, stored) {
                return true
            }
        }
        throw Self.restless
    }

    // MARK: -

    /// An id of ours, or a UID.
    private func eventID(_ id: String, in calendar: String?) async throws -> CalDAVEventID? {
        if let id = CalDAVEventID(id) { return id }
        return try await find(uid: id, in: calendar).flatMap { CalDAVEventID($0.id) }
    }

    /// - Returns: false when somebody else has changed the object meanwhile.
    private func isWritten(_ object: ICalendarObject, at path: DAVPath, insteadOf stored: Stored) async throws -> Bool {
        let response: HTTPResponse
        do {
            response = try await client.put(path, object.octets, if: .isStill(stored.tag))
        } catch let error as HTTPError {
            // A server may write an object in its own way, so it is told by its stamps.
            if error.mayHaveArrived, let now = try? await self.stored(path), now.object.stamps == object.stamps {
                return true
            }
            throw AtlasError(error, service: "The CalDAV server", isRead: !error.mayHaveArrived)
        }
        switch response.status {
        case 200..<300: return true
        case 412: return false
        case 404, 410: throw BusinessCalendar.gone
        default: throw client.refusal(response)
        }
    }

    /// - Returns: false when somebody else has changed the object meanwhile.
    private func isDeleted(_ path: DAVPath, _ stored: Stored) async throws -> Bool {
        let response: HTTPResponse
        do {
            response = try await client.delete(path, if: .isStill(stored.tag))
        } catch let error as HTTPError {
            if error.mayHaveArrived, case .some(.none) = try? await client.get(path) { return true }
            throw AtlasError(error, service: "The CalDAV server", isRead: !error.mayHaveArrived)
        }
        switch response.status {
        case 200..<300, 404, 410: return true
        case 412: return false
        default: throw client.refusal(response)
        }
    }

    /// What somebody else changed meanwhile stays, unless it is what we are about to change; a deletion touches everything.
    static func refuseIfTouched(_ old: CalendarEvent, _ new: CalendarEvent, by change: EventChange?) throws(AtlasError)
    {
        var touched: [String] = []
        if change == nil || change?.summary != nil, old.summary != new.summary {
            touched.append("its summary is now \"\(new.summary.cutShort(at: 100))\"")
        }
        if change == nil || change?.start != nil || change?.end != nil, old.start != new.start || old.end != new.end {
            touched.append("its time is now another")
        }
        if change == nil || change?.location != nil, old.location != new.location {
            touched.append("its location is now \"\((new.location ?? "").cutShort(at: 100))\"")
        }
        if change == nil || change?.description != nil, old.description != new.description {
            touched.append("its description is another")
        }
        guard touched.isEmpty else {
            throw AtlasError(
                .conflict,
                "Somebody else changed this event at the same moment: \(touched.joined(separator: ", ")). Read it again and decide anew.",
                parameter: "event_id")
        }
    }

    static let restless = AtlasError(
        .conflict, "This event is being changed by somebody else all the time. Read it again and decide anew.",
        parameter: "event_id", retryable: true)
}

extension ICalendarObject {
    /// When each of its events was last changed, as it says itself.
    fileprivate var stamps: [String] {
        calendar.components.filter { $0.name == "VEVENT" }.map { event in
            ["LAST-MODIFIED", "SEQUENCE", "RECURRENCE-ID", "DTSTART"].map { event.property($0)?.value ?? "" }
                .joined(separator: " ")
        }
    }
}
