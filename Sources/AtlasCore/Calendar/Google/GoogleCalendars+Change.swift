import JSON

extension GoogleCalendars {
    /// How often somebody else may come in between.
    private static let mostRounds = 4

    /// Only what changes is sent, on the condition that the event is still the version that was read. Where somebody was faster it is read
    /// again: what they left alone is changed all the same, what they changed is a conflict. Who is invited is told by Google.
    func update(_ id: String, in calendar: String?, _ change: EventChange) async throws -> CalendarEvent {
        let calendarID = try await self.id(of: calendar)
        guard let raw = GoogleEventID.raw(id), var before = try await found(raw, in: calendarID) else {
            throw noEvent(id)
        }
        for _ in 0..<Self.mostRounds {
            let patch = try GoogleEventPatch(change, of: before)
            guard !patch.isEmpty else { break }
            let outcome = try await send(patch, to: before, in: calendarID)
            switch outcome.response.status {
            case 404, 410: throw noEvent(id)
            case 412:
                guard let now = try await found(raw, in: calendarID) else { throw noEvent(id) }
                if let conflict = patch.conflict(from: before, to: now, time) { throw conflict }
                before = now
            default:
                return try read(try api.json(outcome.response, needs: Self.scope)).event(in: calendarID, time)
            }
        }
        guard try GoogleEventPatch(change, of: before).isEmpty else {
            throw AtlasError(
                .conflict, "The event is changed by somebody else all the time. Look at it again later.")
        }
        return before.event(in: calendarID, time)
    }

    private func send(_ patch: GoogleEventPatch, to event: GoogleEvent, in calendarID: String) async throws
        -> GoogleAPI.Outcome
    {
        var request = HTTPRequest(
            .patch,
            api.url(
                "/calendar/v3\(Self.path(calendarID, event: event.id))",
                [("sendUpdates", event.hasGuests ? "all" : "none"), ("fields", GoogleEvent.fields)]),
            body: .json(patch.json(instead: event, GoogleEventBody(time: time))))
        if let etag = event.etag { request.headers = [HTTPHeader("If-Match", etag)] }
        do {
            return try await api.repeated(request)
        } catch let error as HTTPError {
            // To make the same change once more does no harm.
            throw AtlasError(error, service: api.service.name, isRead: true)
        }
    }

    /// Whatever the event is now: who wants it gone saw no version of it. Who is invited is told by Google.
    func delete(_ id: String, in calendar: String?) async throws -> Bool {
        let calendarID = try await self.id(of: calendar)
        guard let raw = GoogleEventID.raw(id) else { return false }
        let request = HTTPRequest(
            .delete, api.url("/calendar/v3\(Self.path(calendarID, event: raw))", [("sendUpdates", "all")]))
        let outcome: GoogleAPI.Outcome
        do {
            outcome = try await api.repeated(request)
        } catch let error as HTTPError {
            throw AtlasError(error, service: api.service.name, isRead: true)
        }
        switch outcome.response.status {
        // After an answer that was lost, it is our own doing that it is gone.
        case 404, 410: return outcome.mayHaveActedBefore
        case 200..<300: return true
        default: throw GoogleRefusal(outcome.response, of: api.service, needs: Self.scope).error
        }
    }
}
