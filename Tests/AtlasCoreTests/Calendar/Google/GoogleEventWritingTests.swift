import Foundation
import JSON
import Testing

@testable import AtlasCore

/// Events made, changed and deleted at Google.
@Suite struct GoogleEventWritingTests {
    let kit: GoogleCalendarKit
    init() async throws { kit = try await GoogleCalendarKit() }

    // MARK: Making

    @Test("An event is made once, however often it is asked for")
    func once() async throws {
        let first = try await kit.calendars.create(kit.draft(), in: nil)
        #expect(first.created && first.event.summary == "Deep clean" && first.event.uid == kit.draft().uid)
        #expect(first.event.start == kit.moment(24, 9) && first.event.end == kit.moment(24, 11))
        let second = try await kit.calendars.create(kit.draft(kit.draft().uid, "Another"), in: nil)
        #expect(!second.created && second.event == first.event)
        #expect(try await kit.stored().count == 1)
        #expect(try await kit.calendars.find(uid: kit.draft().uid, in: nil) == first.event)
    }

    @Test("Many at the same moment make one")
    func race() async throws {
        let kit = kit
        let made = try await concurrently(Array(0..<20), atMost: 20) { _ in
            try await kit.calendars.create(kit.draft(), in: nil)
        }
        #expect(made.count(where: \.created) == 1 && Set(made.map(\.event.id)).count == 1)
        #expect(try await kit.stored().count == 1)
    }

    @Test("An event that was deleted is made anew under its UID, with nothing of the old in it")
    func again() async throws {
        var draft = kit.draft()
        draft.location = "5 Main St"
        draft.recurrence = "FREQ=WEEKLY;COUNT=2"
        let old = try await kit.calendars.create(draft, in: nil)
        #expect(try await kit.calendars.delete(old.event.id, in: nil))
        #expect(try await kit.calendars.find(uid: draft.uid, in: nil) == nil)
        var new = kit.draft(draft.uid, "Windows")
        new.span = .days(kit.day(25)..<kit.day(26))
        let made = try await kit.calendars.create(new, in: nil)
        #expect(made.created && made.event.id == old.event.id && made.event.summary == "Windows" && made.event.allDay)
        #expect(made.event.location == nil && made.event.recurrence == nil && made.event.status == .confirmed)
        #expect(try await kit.calendars.event(made.event.id, in: nil) == made.event)
    }

    @Test(
        "A lost connection makes no second event, and none is lost by it",
        arguments: ["cut", "cut unread", "cut after", "garbage", "answer"])
    func lost(kind: String) async throws {
        _ = try await kit.calendars.id(of: nil)
        try await kit.google.order("fail", ["kind": .string(kind), "method": "POST", "path": "/events", "status": 503])
        let made = try await kit.calendars.create(kit.draft(), in: nil)
        #expect(made.created && made.event.summary == "Deep clean")
        #expect(try await kit.stored().count == 1)
    }

    @Test(
        "Where every answer is lost, the event itself is looked for", arguments: [("cut after", true), ("cut", false)])
    func lostForGood(kind: String, acts: Bool) async throws {
        _ = try await kit.calendars.id(of: nil)
        try await kit.google.order("fail", ["kind": .string(kind), "method": "POST", "path": "/events", "times": 9])
        if acts {
            #expect(try await kit.calendars.create(kit.draft(), in: nil).created)
        } else {
            let error = await thrown(AtlasError.self) { try await kit.calendars.create(kit.draft(), in: nil) }
            #expect(
                error?.code == .unavailable && error?.retryable == false && error?.message.contains("check") == true)
        }
        #expect(try await kit.stored().count == (acts ? 1 : 0))
    }

    @Test(
        "A series recurs in the business's zone, and in UTC where that has no name",
        arguments: ["America/Chicago", "local"])
    func series(zone: String) async throws {
        let utc = BusinessZone(
            name: zone, transitions: [], periods: [], rule: nil, first: BusinessZone.utc.period(at: 0))
        let time = zone == "local" ? BusinessTime(zone: utc) : kit.time
        let calendars = GoogleCalendars(api: kit.calendars.api, time: time)
        var draft = kit.draft()
        draft.recurrence = "FREQ=WEEKLY;COUNT=3"
        let made = try await calendars.create(draft, in: nil).event
        #expect(made.recurrence == "FREQ=WEEKLY;COUNT=3" && made.start == kit.moment(24, 9))
        #expect(try await kit.stored().first?["start"]?["timeZone"]?.text == (zone == "local" ? "UTC" : zone))
        #expect(try await calendars.events(in: kit.november, of: nil, limit: 5).events.map(\.uid) == [draft.uid])
    }

    @Test("Who is named is invited, told of changes, and told when it is off")
    func invited() async throws {
        var draft = kit.draft()
        draft.attendees = ["maria@example.com", "bob@example.com"]
        let event = try await kit.calendars.create(draft, in: nil).event
        #expect(event.attendees == draft.attendees)
        _ = try await kit.calendars.update(event.id, in: nil, EventChange(summary: "Windows"))
        #expect(try await kit.calendars.delete(event.id, in: nil))
        #expect(try await kit.invitations().map { $0["what"]?.text } == ["invited", "changed", "cancelled"])
    }

    // MARK: Changing

    @Test("Only what changes is sent; the rest stays as it is")
    func changes() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit.with(["description": "<b>as</b> it was", "colorId": "7"]))
        let moved = try await kit.calendars.update(id, in: nil, EventChange(start: .moment(kit.moment(25, 14))))
        #expect(
            moved.start == kit.moment(25, 14) && moved.end == kit.moment(25, 16) && moved.description == "as it was")
        let stored = try #require(try await kit.stored().first)
        #expect(stored["description"]?.text == "<b>as</b> it was" && stored["colorId"]?.text == "7")
        #expect(stored["start"]?["timeZone"]?.text == "America/Chicago")
        let emptied = try await kit.calendars.update(id, in: nil, EventChange(location: "", description: ""))
        #expect(emptied.description == nil && emptied.start == moved.start)
    }

    @Test("A change that changes nothing is not sent")
    func unchanged() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        _ = try await kit.calendars.update(
            id, in: nil, EventChange(summary: "Deep clean", end: .moment(kit.moment(24, 11))))
        #expect(try await kit.google.journal("PATCH").isEmpty)
    }

    @Test("Times become days, and days times")
    func kinds() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        let days = EventChange(start: .day(kit.day(24)), end: .day(kit.day(26)))
        let whole = try await kit.calendars.update(id, in: nil, days)
        #expect(whole.allDay && whole.start == kit.moment(24, 0) && whole.end == kit.moment(26, 0))
        let times = EventChange(start: .moment(kit.moment(25, 9)), end: .moment(kit.moment(25, 10)))
        let timed = try await kit.calendars.update(id, in: nil, times)
        #expect(!timed.allDay && timed.start == kit.moment(25, 9) && timed.end == kit.moment(25, 10))
        let error = await thrown(AtlasError.self) {
            try await kit.calendars.update(id, in: nil, EventChange(start: .day(kit.day(24))))
        }
        #expect(error?.code == .invalidArgument)
    }

    @Test("An occurrence is changed and deleted by itself, a series as a whole")
    func occurrences() async throws {
        let series = try await kit.put(GoogleCalendarKit.weekly)
        let second = series + "_20261110T150000Z"
        let moved = try await kit.calendars.update(second, in: nil, EventChange(start: .moment(kit.moment(11, 15))))
        #expect(moved.id == second && moved.seriesID == series && moved.start == kit.moment(11, 15))
        #expect(try await kit.calendars.delete(series + "_20261117T150000Z", in: nil))
        #expect(try await kit.calendars.delete(series + "_20261117T150000Z", in: nil) == false)
        let left = try await kit.calendars.events(in: kit.november, of: nil, limit: 9).events
        #expect(left.map(\.start) == [kit.moment(3, 9), kit.moment(11, 15), kit.moment(24, 9)])
        let renamed = try await kit.calendars.update(series, in: nil, EventChange(summary: "All hands"))
        #expect(renamed.recurring && renamed.summary == "All hands")
        #expect(try await kit.calendars.delete(series, in: nil))
        #expect(try await kit.calendars.events(in: kit.november, of: nil, limit: 9).events.isEmpty)
    }

    @Test("What somebody else changed elsewhere in the event stays, beside our change")
    func merged() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        try await kit.google.order(
            "meanwhile", ["id": .string(String(id.dropFirst(2))), "patch": ["location": "New St"]])
        let event = try await kit.calendars.update(id, in: nil, EventChange(start: .moment(kit.moment(25, 9))))
        #expect(event.location == "New St" && event.start == kit.moment(25, 9))
    }

    @Test(
        "What somebody else changed is a conflict that says what it is now",
        arguments: [
            (["summary": "Theirs"], "summary is now \"Theirs\""),
            (
                [
                    "start": GoogleCalendarKit.at("2026-11-24T13:00:00-06:00"),
                    "end": GoogleCalendarKit.at("2026-11-24T14:00:00-06:00"),
                ], "13:00–14:00"
            ),
        ] as [(JSON, String)])
    func conflict(patch: JSON, says: String) async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        try await kit.google.order("meanwhile", ["id": .string(String(id.dropFirst(2))), "patch": patch])
        let change = EventChange(summary: "Ours", start: .moment(kit.moment(25, 9)))
        let error = await thrown(AtlasError.self) { try await kit.calendars.update(id, in: nil, change) }
        #expect(error?.code == .conflict && error?.message.contains(says) == true)
        #expect(try await kit.calendars.event(id, in: nil)?.start != kit.moment(25, 9))
    }

    @Test("An event that somebody else deletes meanwhile is not there")
    func deletedMeanwhile() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        try await kit.google.order(
            "meanwhile", ["id": .string(String(id.dropFirst(2))), "patch": ["status": "cancelled"]])
        #expect(
            await thrown(AtlasError.self) { try await kit.calendars.update(id, in: nil, EventChange(summary: "x")) }?
                .code == .notFound)
    }

    @Test("Somebody who changes an event all the time is not fought without end")
    func restless() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        try await kit.google.order(
            "meanwhile", ["id": .string(String(id.dropFirst(2))), "patch": ["colorId": "1"], "times": 20])
        let error = await thrown(AtlasError.self) {
            try await kit.calendars.update(id, in: nil, EventChange(summary: "x"))
        }
        #expect(error?.code == .conflict)
        #expect(try await kit.google.journal("PATCH").count == 4)
    }

    @Test("A change or a deletion whose answer is lost is made once, and counts as made")
    func lostChanges() async throws {
        let id = try await kit.put(GoogleCalendarKit.visit)
        _ = try await kit.calendars.id(of: nil)
        try await kit.google.order("fail", ["kind": "cut after", "method": "PATCH"])
        #expect(try await kit.calendars.update(id, in: nil, EventChange(summary: "Windows")).summary == "Windows")
        try await kit.google.order("fail", ["kind": "cut after", "method": "DELETE"])
        #expect(try await kit.calendars.delete(id, in: nil))
        #expect(try await kit.google.journal().filter(\.acted).count == 2)
    }

    @Test("An event that another program made is found by its UID, the series before its changed occurrences")
    func found() async throws {
        let id = try await kit.put(GoogleCalendarKit.weekly.with(["iCalUID": "040000008200@example.com"]))
        _ = try await kit.calendars.update(id + "_20261110T150000Z", in: nil, EventChange(summary: "x"))
        #expect(try await kit.calendars.find(uid: "040000008200@example.com", in: nil)?.id == id)
        for none in ["nothing", ""] { #expect(try await kit.calendars.find(uid: none, in: nil) == nil) }
    }
}
