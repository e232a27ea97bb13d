import JSON

extension GoogleCalendars {
    /// The id that an event gets is made of its UID, so it is made once however often the request arrives: a second one is refused (409),
    /// and the first one given back. The UID itself is not sent, for Google takes one of the two; what another program has made under it
    /// is for ``find(uid:in:)`` to find.
    ///
    /// Whoever is named as an attendee is sent an invitation by Google: to be asked is why one is named.
    func create(_ draft: EventDraft, in calendar: String?) async throws -> CreatedEvent {
        let calendarID = try await id(of: calendar)
        guard let raw = GoogleEventID.made(from: draft.uid) else {
            throw AtlasError(.invalidArgument, "The UID of an event must have 1 to 600 characters.", parameter: "uid")
        }
        let body = GoogleEventBody(time: time).new(draft, id: raw)
        let url = api.url(
            "/calendar/v3\(Self.path(calendarID))/events",
            [("sendUpdates", Self.notice(draft)), ("fields", GoogleEvent.fields)])
        let outcome: GoogleAPI.Outcome
        do {
            outcome = try await api.repeated(HTTPRequest(.post, url, body: .json(body)))
        } catch let error as HTTPError {
            return try await afterLoss(raw, in: calendarID, AtlasError(error, service: api.service.name))
        }
        switch outcome.response.status {
        case 404: throw noCalendar(calendarID)
        case 409: return try await existing(draft, raw, in: calendarID, isOurs: outcome.mayHaveActedBefore)
        case 500...:
            return try await afterLoss(raw, in: calendarID, refusal(outcome.response))
        default:
            let made = try read(try api.json(outcome.response, needs: Self.scope))
            return CreatedEvent(event: made.event(in: calendarID, time), created: true)
        }
    }

    private static func notice(_ draft: EventDraft) -> String { draft.attendees.isEmpty ? "none" : "all" }

    private func refusal(_ response: HTTPResponse) -> AtlasError {
        GoogleRefusal(response, of: api.service, needs: Self.scope).error
    }

    /// Nobody knows whether the request was acted on: if the event is there, it was.
    private func afterLoss(_ raw: String, in calendarID: String, _ error: AtlasError) async throws -> CreatedEvent {
        guard let event = try? await found(raw, in: calendarID) else {
            try Task.checkCancellation()
            throw error
        }
        return CreatedEvent(event: event.event(in: calendarID, time), created: true)
    }

    /// The event that has the id already; a deleted one is made anew, for its id stays taken.
    private func existing(_ draft: EventDraft, _ raw: String, in calendarID: String, isOurs: Bool) async throws
        -> CreatedEvent
    {
        guard let json = try await resource(raw, in: calendarID) else {
            throw AtlasError(
                .conflict,
                "Google Calendar says that it has this event already, and does not show it. Look for it there.")
        }
        guard GoogleEvent.isDeleted(json) else {
            return CreatedEvent(event: try read(json).event(in: calendarID, time), created: isOurs)
        }
        var request = HTTPRequest(
            .patch,
            api.url(
                "/calendar/v3\(Self.path(calendarID, event: raw))",
                [("sendUpdates", Self.notice(draft)), ("fields", GoogleEvent.fields)]),
            body: .json(GoogleEventBody(time: time).again(draft)))
        if let etag = GoogleEvent.etag(json) { request.headers = [HTTPHeader("If-Match", etag)] }
        let outcome: GoogleAPI.Outcome
        do {
            outcome = try await api.repeated(request)
        } catch let error as HTTPError {
            return try await afterLoss(raw, in: calendarID, AtlasError(error, service: api.service.name))
        }
        if outcome.response.status == 412, let other = try await found(raw, in: calendarID) {
            return CreatedEvent(event: other.event(in: calendarID, time), created: outcome.mayHaveActedBefore)
        }
        let restored = try read(try api.json(outcome.response, needs: Self.scope))
        return CreatedEvent(event: restored.event(in: calendarID, time), created: true)
    }
}
