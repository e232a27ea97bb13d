import Foundation
import TestSupport
import Testing

@testable import AtlasCore

struct LocalCalendarsTests {
    @Test("An event is made, found, changed and deleted, in a calendar that nobody made")
    func oneEvent() async throws {
        let kit = try await LocalCalendarsKit()
        let calendars = kit.calendars
        var draft = try kit.draft("Deep clean", "2026-11-24T09:00", "2026-11-24T11:00", uid: "a@atlas")
        draft.location = "12 Oak Street; rear, left"
        draft.description = "Line one\nLine two"
        draft.attendees = ["ann@example.com"]
        let made = try await calendars.create(draft, in: nil)
        #expect(made.created)
        #expect(made.event.id.hasPrefix("l."))
        #expect(made.event.uid == "a@atlas")

        let read = try await kit.again().event(made.event.id, in: nil)
        #expect(read == made.event)
        #expect(read?.location == "12 Oak Street; rear, left")
        #expect(read?.description == "Line one\nLine two")
        #expect(read?.attendees == ["ann@example.com"])
        #expect(try await calendars.find(uid: "a@atlas", in: nil) == read)
        #expect(try await calendars.event("a@atlas", in: "primary") == read)
        let listed = try await calendars.events(in: kit.range("2026-11-24", "2026-11-25"), of: nil, limit: 10)
        #expect(listed == EventListing(events: [made.event]))

        let changed = try await calendars.update(
            made.event.id, in: nil,
            EventChange(summary: "Window cleaning", start: .moment(try kit.date("2026-11-25T14:00"))))
        #expect(changed.summary == "Window cleaning")
        #expect(try changed.end == kit.date("2026-11-25T16:00"))
        #expect(changed.location == draft.location)
        #expect(try await kit.starts("2026-11-24", "2026-11-25") == [])
        #expect(try await kit.starts("2026-11-25", "2026-11-26") == ["2026-11-25T14:00:00-06"])

        #expect(try await calendars.delete(made.event.id, in: nil))
        #expect(try await !calendars.delete(made.event.id, in: nil))
        #expect(try await calendars.event(made.event.id, in: nil) == nil)
        await #expect(throws: BusinessCalendar.gone) {
            try await calendars.update(made.event.id, in: nil, EventChange(summary: "x"))
        }
    }

    @Test("Sixteen servers that create the same event at once make one, in one primary calendar")
    func createdOnce() async throws {
        let kit = try await LocalCalendarsKit()
        let draft = try kit.draft("Visit", "2026-11-24T09:00", "2026-11-24T10:00", uid: "booking-1@atlas")
        let made = try await withThrowingTaskGroup(of: CreatedEvent.self) { group in
            for index in 0..<16 {
                let calendars = index % 4 == 0 ? kit.again() : kit.calendars
                group.addTask { try await calendars.create(draft, in: nil) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(made.filter(\.created).count == 1)
        #expect(Set(made.map(\.event.id)).count == 1)
        #expect(try await kit.calendars.calendars().map(\.primary) == [true])
        #expect(try await kit.starts("2026-11-24", "2026-11-25").count == 1)
    }

    @Test("Changes of different parts at the same moment are all kept")
    func concurrentChanges() async throws {
        let kit = try await LocalCalendarsKit()
        let draft = try kit.draft(
            "Visit", "2026-11-02T09:00", "2026-11-02T10:00", recurrence: "FREQ=DAILY;COUNT=12")
        let series = try await kit.calendars.create(draft, in: nil).event
        let events = try await kit.calendars.events(in: kit.range("2026-11-01", "2026-12-01"), of: nil, limit: 20)
            .events
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, event) in events.enumerated() {
                group.addTask {
                    _ = try await kit.calendars.update(event.id, in: nil, EventChange(summary: "Visit \(index)"))
                }
            }
            group.addTask {
                _ = try await kit.calendars.update(series.id, in: nil, EventChange(location: "12 Oak Street"))
            }
            try await group.waitForAll()
        }
        let after = try await kit.calendars.events(in: kit.range("2026-11-01", "2026-12-01"), of: nil, limit: 20)
        #expect(after.events.map(\.summary) == (0..<12).map { "Visit \($0)" })
        #expect(try await kit.calendars.event(series.id, in: nil)?.location == "12 Oak Street")
    }

    @Test("Calendars are made by the settings, named by id and by name, and apart from those of another business")
    func severalCalendars() async throws {
        let kit = try await LocalCalendarsKit(names: ["Team", "Private"])
        let infos = try await kit.calendars.calendars()
        #expect(infos.map(\.name) == ["Team", "Private"])
        #expect(infos.map(\.primary) == [true, false])
        #expect(infos.allSatisfy { $0.provider == "local" && !$0.readOnly })
        let draft = try kit.draft("Dentist", "2026-11-24T09:00", "2026-11-24T10:00", uid: "d")
        let made = try await kit.calendars.create(draft, in: "Private")
        #expect(made.event.calendarID == infos[1].id)
        let day = try kit.range("2026-11-24", "2026-11-25")
        #expect(try await kit.calendars.events(in: day, of: infos[1].id, limit: 9).events.count == 1)
        #expect(try await kit.calendars.events(in: day, of: nil, limit: 9).events.isEmpty)
        #expect(try await kit.calendars.create(draft, in: "primary").created)

        let other = kit.again(context: "other")
        #expect(try await other.calendars().map(\.name) == ["Calendar"])
        #expect(try await other.event(made.event.id, in: nil) == nil)
        #expect(try await !other.delete(made.event.id, in: nil))
        await #expect(throws: AtlasError.self) { try await other.events(in: day, of: infos[1].id, limit: 9) }

        // Settings that change add calendars, and take nothing away.
        let added = try await kit.calendars.makeCalendar(name: "Summer", color: "#00FF00")
        #expect(try await kit.calendars.makeCalendar(name: "Summer") == added)
        let later = try await kit.again(names: ["Winter", "Team"]).calendars()
        #expect(Set(later.map(\.name)) == ["Team", "Private", "Summer", "Winter"])
        #expect(later.filter(\.primary).map(\.name) == ["Team"])
        #expect(later.first { $0.id == added }?.color == "#00FF00")
    }

    @Test(
        "A calendar that does not exist is told",
        arguments: ["nowhere", "0190a0c1-0000-7000-8000-000000000000", "' OR true --", "l.x"])
    func noSuchCalendar(name: String) async throws {
        let kit = try await LocalCalendarsKit()
        let draft = try kit.draft("Visit", "2026-11-24T09:00", "2026-11-24T10:00")
        for attempt in [0, 1, 2] {
            let error = await #expect(throws: AtlasError.self) {
                switch attempt {
                case 0: _ = try await kit.calendars.create(draft, in: name)
                case 1:
                    _ = try await kit.calendars.events(
                        in: kit.range("2026-11-24", "2026-11-25"), of: name, limit: 9)
                default: _ = try await kit.calendars.find(uid: "x", in: name)
                }
            }
            #expect(error?.code == .notFound)
            #expect(error?.parameter == "calendar_id")
        }
    }

    @Test(
        "What is no id names no event",
        arguments: [
            "", "l.", "l.x", "l.0190a0c1-0000-7000-8000-000000000000", "c.L2E", "'; DROP TABLE calendars --",
            "l.0190a0c1-0000-7000-8000-000000000000.20261124", "l.0190a0c1-0000-7000-8000-000000000000.x.y",
            String(repeating: "l.", count: 10_000),
        ])
    func noSuchEvent(id: String) async throws {
        let kit = try await LocalCalendarsKit()
        #expect(try await kit.calendars.event(id, in: nil) == nil)
        #expect(try await !kit.calendars.delete(id, in: nil))
        await #expect(throws: BusinessCalendar.gone) {
            try await kit.calendars.update(id, in: nil, EventChange(summary: "x"))
        }
    }

    @Test("Settings that name no calendar are refused by the variable's name", arguments: [",", " , ,"])
    func wrongSettings(names: String) async throws {
        let kit = try await LocalCalendarsKit()
        let error = #expect(throws: AtlasError.self) {
            try LocalCalendars(
                Configuration(["ATLAS_LOCAL_CALENDARS": names]), time: kit.time,
                database: kit.kit.database)
        }
        #expect(error?.code == .notConfigured)
        #expect(error?.message.contains("ATLAS_LOCAL_CALENDARS") == true)
    }
}
