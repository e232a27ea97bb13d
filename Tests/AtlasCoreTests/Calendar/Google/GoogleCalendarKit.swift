import Foundation
import JSON

@testable import AtlasCore

/// Google Calendar on loopback, and the provider over it.
struct GoogleCalendarKit: Sendable {
    let google: DoubleProgram
    let http = HTTPClient()
    let time: BusinessTime
    let calendars: GoogleCalendars
    private let folder: TemporaryFolder

    enum Account { case person, robot, robotFor(String) }

    init(
        _ account: Account = .person, zone: String = "America/Chicago", calendar: String? = nil,
        timeout: Duration = .seconds(60)
    ) async throws {
        google = try await DoubleProgram.launch("googlecalendar", ["--judged"])
        time = BusinessTime(zone: try BusinessZone(named: zone))
        folder = try TemporaryFolder()
        let settings = try await Self.settings(google, account, calendar, folder)
        let made = try GoogleCalendars(Configuration(settings), time: time, http: http)
        var api = made.api
        api.timeout = timeout
        api.retries = HTTPRetries(attempts: 3, firstPause: .milliseconds(5))
        calendars = GoogleCalendars(
            api: api, time: time, defaultCalendar: made.defaultCalendar, serviceAccount: made.serviceAccount)
    }

    private static func settings(
        _ google: DoubleProgram, _ account: Account, _ calendar: String?, _ folder: TemporaryFolder
    ) async throws -> [String: String] {
        var settings = [
            "ATLAS_GOOGLE_CALENDAR_URL": google.url + "/", "ATLAS_GOOGLE_TOKEN_URL": google["token_url"],
        ]
        settings["ATLAS_TOOLS_CALENDAR_CALENDAR_ID"] = calendar
        switch account {
        case .person:
            settings["ATLAS_TOOLS_CALENDAR_CLIENT_ID"] = google["client_id"]
            settings["ATLAS_TOOLS_CALENDAR_CLIENT_SECRET"] = google["client_secret"]
            settings["ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN"] = google["refresh_token"]
        case .robot, .robotFor:
            settings["ATLAS_TOOLS_CALENDAR_SERVICE_ACCOUNT_FILE"] = try folder.write(
                "key.json", "\(try await google.order("robot"))")
            if case .robotFor(let user) = account { settings["ATLAS_TOOLS_CALENDAR_SUBJECT"] = user }
        }
        return settings
    }

    // MARK: What is there

    /// Puts an event of somebody else's into a calendar: our id of it.
    @discardableResult
    func put(_ event: JSON, in calendar: String? = nil) async throws -> String {
        var order: JSON.Object = ["event": event]
        if let calendar { order.append("calendar", .string(calendar)) }
        return GoogleEventID.shown(try await google.order("put", .object(order))["id"]?.text ?? "")
    }

    /// As Google stores them, deleted ones too.
    func stored(_ calendar: String? = nil) async throws -> [JSON] {
        try await google.order("events", calendar.map { ["calendar": .string($0)] } ?? [:]).items ?? []
    }

    func invitations() async throws -> [JSON] { try await google.order("invitations").items ?? [] }

    // MARK: Times of November 2026

    func moment(_ day: Int, _ hour: Int, _ minute: Int = 0) -> Date {
        Date(
            timeIntervalSince1970: Double(
                CivilDate(year: 2026, month: 11, day: day).daysSince1970 * 86400 + (hour + 6) * 3600 + minute * 60))
    }

    func day(_ day: Int) -> CivilDate { CivilDate(year: 2026, month: 11, day: day) }

    var november: Range<Date> { moment(1, 12)..<moment(30, 23) }

    /// An edge of an event, as others write it.
    static func at(_ text: String) -> JSON { ["dateTime": .string(text), "timeZone": "America/Chicago"] }

    static let visit: JSON = [
        "summary": "Deep clean", "start": at("2026-11-24T09:00:00-06:00"), "end": at("2026-11-24T11:00:00-06:00"),
    ]
    static let weekly: JSON = [
        "summary": "Team", "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=4"], "start": at("2026-11-03T09:00:00-06:00"),
        "end": at("2026-11-03T09:30:00-06:00"),
    ]

    func draft(_ uid: String = "0190a0c1-7a00-7000-8000-00000000000a", _ summary: String = "Deep clean") -> EventDraft {
        EventDraft(uid: uid, summary: summary, span: .moments(moment(24, 9)..<moment(24, 11)))
    }
}

extension JSON {
    /// With other members, or more of them.
    func with(_ members: JSON) -> JSON {
        var object = self.object ?? [:]
        for member in members.object?.members ?? [] { object[member.name] = member.value }
        return .object(object)
    }
}
