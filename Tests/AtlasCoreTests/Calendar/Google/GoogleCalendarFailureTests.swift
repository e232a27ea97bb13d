import JSON
import Testing

@testable import AtlasCore

/// What goes wrong at Google Calendar, told apart.
@Suite struct GoogleCalendarFailureTests {
    let kit: GoogleCalendarKit
    init() async throws {
        kit = try await GoogleCalendarKit()
        _ = try await kit.calendars.id(of: nil)
    }

    private func events() async throws -> EventListing {
        try await kit.calendars.events(in: kit.november, of: nil, limit: 5)
    }

    @Test(
        "Each of Google's errors is told as what it is",
        arguments: [
            ("insufficientPermissions", AtlasError.Code.permissionDenied, "https://www.googleapis.com/auth/calendar"),
            ("accessNotConfigured", .permissionDenied, "ATLAS_TOOLS_CALENDAR_CLIENT_ID"),
            ("forbidden", .permissionDenied, "share"),
            ("requiredAccessLevel", .permissionDenied, "share"),
            ("forbiddenForNonOrganizer", .permissionDenied, "organizer"),
            ("rateLimitExceeded", .rateLimited, "too many"), ("userRateLimitExceeded", .rateLimited, "Wait"),
            ("quotaExceeded", .rateLimited, "Wait"), ("dailyLimitExceeded", .rateLimited, "day"),
            ("tooManyRequests", .rateLimited, "Wait"), ("backendError", .unavailable, "later"),
            ("invalid", .invalidArgument, "refused"),
            ("authError", .unauthenticated, "ATLAS_TOOLS_CALENDAR_REFRESH_TOKEN"),
        ])
    func refused(reason: String, code: AtlasError.Code, says: String) async throws {
        try await kit.google.order("refuse", ["reason": .string(reason), "times": 10])
        let error = await thrown(AtlasError.self) { try await events() }
        #expect(error?.code == code && error?.message.contains(says) == true, "\(String(describing: error))")
        #expect(error?.retryable == [.rateLimited, .unavailable].contains(code))
    }

    @Test(
        "Reads, and changes that may be made twice, are repeated after what passes",
        arguments: ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "tooManyRequests", "unavailable"])
    func repeated(reason: String) async throws {
        func refuse() async throws { try await kit.google.order("refuse", ["reason": .string(reason), "times": 2]) }
        try await refuse()
        #expect(try await events().events.isEmpty)
        try await refuse()
        let made = try await kit.calendars.create(kit.draft(), in: nil)
        #expect(made.created)
        try await kit.google.order("refuse", ["reason": .string(reason), "times": 2, "method": "PATCH"])
        _ = try await kit.calendars.update(made.event.id, in: nil, EventChange(summary: "x"))
        try await refuse()
        #expect(try await kit.calendars.delete(made.event.id, in: nil))
    }

    @Test("A pause that Google asks for is told")
    func waits() async throws {
        try await kit.google.order("refuse", ["reason": "tooManyRequests", "Retry_After": "90"])
        #expect(
            await thrown(AtlasError.self) { try await kit.calendars.create(kit.draft(), in: nil) }?.message.contains(
                "Wait 90 s") == true)
    }

    @Test("A token that ended is renewed once")
    func tokens() async throws {
        try await kit.google.order("expire")
        _ = try await events()
        #expect(try await kit.google.journal("POST", "/token").count == 2)
    }

    @Test("An account that shares its events and no more has its primary calendar all the same")
    func eventsOnly() async throws {
        let kit = try await GoogleCalendarKit()
        try await kit.google.order("scopes", ["scopes": ["calendar.events"]])
        #expect(try await kit.calendars.create(kit.draft(), in: nil).event.calendarID == "primary")
        #expect(try await kit.calendars.events(in: kit.november, of: nil, limit: 5).events.count == 1)
        #expect(await thrown(AtlasError.self) { try await kit.calendars.calendars() }?.code == .permissionDenied)
    }

    @Test("A calendar that may only be read is not changed")
    func readOnly() async throws {
        let error = await thrown(AtlasError.self) {
            try await kit.calendars.create(kit.draft(), in: kit.google["holidays"])
        }
        #expect(error?.code == .permissionDenied)
        let id = try await kit.put(GoogleCalendarKit.visit.with(["organizer": ["email": "maria@example.com"]]))
        let other = await thrown(AtlasError.self) {
            try await kit.calendars.update(id, in: nil, EventChange(summary: "x"))
        }
        #expect(other?.message.contains("organizer") == true)
    }

    @Test("An answer that is no JSON, or another, is told as Google's fault", arguments: ["garbage", "answer"])
    func garbled(kind: String) async throws {
        try await kit.google.order(
            "fail", ["kind": .string(kind), "path": "/events", "status": 200, "body": ["unexpected"], "times": 9])
        #expect(await thrown(AtlasError.self) { try await events() }?.code == .upstreamError)
    }

    @Test("Pages that never end are followed no further")
    func endless() async throws {
        try await kit.google.order(
            "fail",
            [
                "kind": "answer", "path": "/events", "status": 200, "body": ["items": [], "nextPageToken": "p"],
                "times": 99,
            ])
        #expect(try await events().isComplete == false)
        #expect(try await kit.google.journal("GET", "/events").count == 40)
    }

    @Test("A server that does not answer is waited for no longer than is set")
    func hangs() async throws {
        var api = kit.calendars.api
        api.timeout = .milliseconds(300)
        let calendars = GoogleCalendars(api: api, time: kit.time, defaultCalendar: kit.google["address"])
        try await kit.google.order("fail", ["kind": "hang", "path": "/events", "times": 9])
        #expect(
            await thrown(AtlasError.self) { try await calendars.events(in: kit.november, of: nil, limit: 5) }?.code
                == .timeout)
    }
}
