import JSON

/// Calendars at Google, by the Calendar API (version 3).
struct GoogleCalendars: CalendarProvider {
    let api: GoogleAPI
    let time: BusinessTime
    /// The calendar that is meant when none is named: its id, or `primary`.
    let defaultCalendar: String
    /// The address of the service account, with which calendars must be shared; nil where the account is a person's.
    let serviceAccount: String?
    private let primaryID = Locked<String?>(nil)

    var name: String { "google" }

    /// What the account's consent is needed for (Calendar API, "Choose Google Calendar API scopes").
    static let scope = "https://www.googleapis.com/auth/calendar"

    init(api: GoogleAPI, time: BusinessTime, defaultCalendar: String = "primary", serviceAccount: String? = nil) {
        self.api = api
        self.time = time
        self.defaultCalendar = defaultCalendar
        self.serviceAccount = serviceAccount
    }

    // MARK: Requests

    func get(_ path: String, _ query: [(String, String?)] = []) async throws -> JSON? {
        var request = HTTPRequest(.get, api.url("/calendar/v3" + path, query))
        request.largestBody = 32 << 20
        return try await api.json(request, needs: Self.scope)
    }

    /// A calendar's path below the API.
    static func path(_ calendar: String) -> String { "/calendars/\(FormEncoding.step(calendar))" }

    static func path(_ calendar: String, event: String) -> String { "\(path(calendar))/events/\(event)" }

    /// What Google has under an id, be it deleted or not.
    func resource(_ event: String, in calendar: String) async throws -> JSON? {
        try await get(Self.path(calendar, event: event), [("fields", GoogleEvent.fields)])
    }

    /// - Returns: nil when there is no such event, or none any more.
    func found(_ event: String, in calendar: String) async throws -> GoogleEvent? {
        guard let json = try await resource(event, in: calendar), !GoogleEvent.isDeleted(json) else { return nil }
        return try read(json)
    }

    func read(_ json: JSON) throws(AtlasError) -> GoogleEvent {
        guard let event = GoogleEvent(json, time: time) else { throw api.service.garbled }
        return event
    }

    // MARK: Which calendar

    /// Google's id of the calendar that is meant.
    ///
    /// - Throws: ``AtlasError`` `not_found` for what is no id.
    func id(of calendar: String?) async throws -> String {
        guard let calendar, calendar != "primary" else {
            return defaultCalendar == "primary" ? try await idOfPrimary() : defaultCalendar
        }
        // Dots alone would be another place.
        guard (1...254).contains(calendar.utf8.count), calendar.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            calendar.contains(where: { $0 != "." })
        else { throw noCalendar(calendar) }
        return calendar
    }

    /// `primary` is the name that each account has for another calendar; events tell the calendar's own.
    private func idOfPrimary() async throws -> String {
        if let known = primaryID.withLock({ $0 }) { return known }
        var id = "primary"
        do {
            let json = try await get(Self.path("primary"), [("fields", "id")])
            if let given = json?["id"]?.text, !given.isEmpty { id = given }
        } catch let error as AtlasError where error.code == .permissionDenied {
            // An account that shares no more than its events has it all the same.
        }
        primaryID.withLock { $0 = id }
        return id
    }

    func noCalendar(_ calendar: String) -> AtlasError {
        let shared = serviceAccount.map { " Is it shared with \($0)?" } ?? ""
        guard calendar != defaultCalendar || calendar == "primary" else {
            return AtlasError(
                .notFound,
                "Google Calendar has no calendar by the id in \(ConfigurationKey.googleCalendarID.name) that this account may see.\(shared)"
            )
        }
        return AtlasError(
            .notFound,
            "Google Calendar has no calendar \(calendar.cleaned().cutShort(at: 100)) that this account may see.\(shared)",
            parameter: "calendar_id")
    }

    func noEvent(_ id: String) -> AtlasError {
        AtlasError(.notFound, "Google Calendar has no event \(id.cleaned().cutShort(at: 100)).", parameter: "event_id")
    }
}
