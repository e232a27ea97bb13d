import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// What becomes of an appointment when the calendar, the mail or the server fails.
@Suite struct AppointmentSyncTests {
    @Test(arguments: [MemoryCalendar.Mood.failing, .lying, .nameless])
    func aCalendarThatFailsLeavesTheBookingToBeShownLater(mood: MemoryCalendar.Mood) async throws {
        let kit = try await BookingKit()
        kit.calendar.set(mood)
        let booked = try await kit.book()
        #expect(booked.calendar == .pending)
        #expect(booked.warnings.contains { $0.hasPrefix("The calendar does not show it yet") })
        #expect(booked.appointment.calendarEventID == nil)
        #expect(
            try await kit.kit.count(
                "appointments", where: "sync_error IS NOT NULL AND sync_attempts = 1 AND due_at > now()") == 1)
        #expect(await kit.booking.resyncDue() == 0, "not at once")

        kit.calendar.set(.well)
        try await kit.passTime()
        #expect(await kit.booking.resyncDue() == 1)
        #expect(kit.calendar.events(of: booked.appointment.id).count == 1)
        #expect(
            try await kit.kit.count(
                "appointments",
                where: "sync_error IS NULL AND sync_attempts = 0 AND due_at IS NULL AND calendar_event_id IS NOT NULL")
                == 1)
    }

    @Test func aSilentCalendarHoldsNobodyUp() async throws {
        let kit = try await BookingKit(patience: .milliseconds(50))
        kit.calendar.set(.silent)
        let booked = try await kit.book()
        #expect(booked.calendar == .pending)
        #expect(booked.warnings.count == 2)
    }

    @Test func aLaterBookingHealsAnEarlierOne() async throws {
        let kit = try await BookingKit()
        kit.calendar.set(.failing)
        let first = try await kit.book()
        kit.calendar.set(.well)
        try await kit.passTime()
        try await kit.book("Bob Ray", phone: "+12175550135", time: "11:00")
        #expect(kit.calendar.events(of: first.appointment.id).count == 1)
    }

    /// A server that dies between the booking and the calendar leaves the row that the transaction wrote.
    @Test func whatAServerThatDiedLeftIsDoneByTheNextOne() async throws {
        let kit = try await BookingKit()
        let request = try BookingRequest(BookingKit.wish(email: "ann@example.com"), kit.booking)
        let attempt = BookingAttempt(request, kit.booking)
        let once = OnceOnly(
            tool: "book_appointment", key: "k", arguments: BookingKit.wish(email: "ann@example.com").arguments)
        let made = try await kit.kit.database.change { try attempt.run(in: $0, once: once) }
        let id = made.kept.appointmentID
        #expect(await kit.booking.resyncDue() == 0, "its claim still holds")

        try await kit.passTime()
        #expect(await kit.booking.resyncDue() == 1)
        #expect(kit.calendar.events(of: id).count == 1)
        #expect(kit.letters.occasions == [.confirmed])
        let again = try await kit.book(email: "ann@example.com", key: "k")
        #expect(again.replayed && again.appointment.id == id && again.confirmation == .sent)
        #expect(kit.letters.state.value.attempts == 1)
        #expect(kit.calendar.state.value.placed == 1)
    }

    @Test func aRepeatWithItsKeyDoesWhatAServerThatDiedLeft() async throws {
        let kit = try await BookingKit()
        kit.calendar.set(.failing)
        let first = try await kit.book(key: "k")
        kit.calendar.set(.well)
        try await kit.passTime()
        let second = try await kit.book(key: "k")
        #expect(second.replayed && second.calendar == .synced)
        #expect(second.appointment.id == first.appointment.id)
    }

    @Test func whatIsMovedWhileItIsShownIsShownWhereItIs() async throws {
        let kit = try await BookingKit()
        let calendar = kit.calendar
        let later = try kit.moment("2026-11-24T15:00")
        calendar.state.update { state in
            state.meanwhile = {
                let id: UUID? = try await kit.value("SELECT id FROM appointments")
                let moved = try await kit.booking.reschedule(.id(id!), date: "2026-11-24", time: "15:00")
                #expect(moved.calendar == .pending, "the other one shows it")
            }
        }
        let booked = try await kit.book()
        #expect(booked.appointment.startTime == later)
        #expect(booked.calendar == .synced)
        #expect(calendar.events(of: booked.appointment.id).map(\.start) == [later])
    }

    @Test func whatIsCancelledWhileItIsShownIsShownNoMore() async throws {
        let kit = try await BookingKit()
        kit.calendar.state.update { state in
            state.meanwhile = {
                let id: UUID? = try await kit.value("SELECT id FROM appointments")
                _ = try await kit.booking.cancel(.id(id!))
            }
        }
        let booked = try await kit.book()
        #expect(booked.calendar == .removed)
        #expect(kit.calendar.events(of: booked.appointment.id).isEmpty)
    }

    // MARK: - Letters

    @Test func aLetterThatFailsTakesNothingBack() async throws {
        let kit = try await BookingKit()
        kit.letters.state.update { $0.error = AtlasError(.permissionDenied, "ann@example.com is blocked.") }
        let refused = try await kit.book(email: "ann@example.com")
        #expect(refused.confirmation == .failed)
        #expect(refused.warnings.count == 1)
        #expect(try await kit.kit.count("appointments", where: "due_at IS NULL AND letter IS NULL") == 1)

        kit.letters.state.update { $0.error = AtlasError(.unavailable, "The mail server does not answer.") }
        let waiting = try await kit.book(time: "11:00", email: "ann@example.com")
        #expect(waiting.confirmation == .pending)
        kit.letters.state.update { $0.error = nil }
        try await kit.passTime()
        _ = await kit.booking.resyncDue()
        #expect(kit.letters.occasions == [.confirmed])
        #expect(try await kit.kit.count("appointments", where: "confirmation_sent AND due_at IS NULL") == 1)
    }

    @Test func withoutMailThereIsNoLetterAndAWarningOnlyWhereASettingIsMissing() async throws {
        let kit = try await BookingKit(writes: false)
        let booked = try await kit.book(email: "ann@example.com")
        #expect(booked.confirmation == .notConfigured)
        #expect(booked.warnings.isEmpty)
        let other = try await BookingKit()
        other.letters.state.update { $0.error = AtlasError(.notConfigured, "No mail can be sent.") }
        let unset = try await other.book(email: "ann@example.com")
        #expect(unset.confirmation == .notConfigured)
        #expect(unset.warnings.count == 1)
        #expect(try await other.book(time: "11:00").confirmation == .noAddress)
    }

    // MARK: - sync_appointment

    @Test func anAppointmentOfAnotherProgramIsShownWhenAsked() async throws {
        let kit = try await BookingKit()
        let id = try await kit.insertAsReference("2026-11-24T09:00", event: "theirs")
        let synced = try await kit.booking.sync(id)
        #expect(synced.status == .created)
        #expect(synced.calendarEventID == "main/\(id)")
        #expect(synced.when == "Tue 24 Nov 2026, 09:00–10:00 CST")
        #expect(try await kit.booking.sync(id).status == .updated)
        #expect(try await kit.value("SELECT calendar_event_id FROM appointments") == "main/\(id)")
        #expect(await refusal { try await kit.booking.sync(UUID()) } == "not_found appointment_id")
    }

    @Test func anAppointmentIsInOneCalendarAtATime() async throws {
        let kit = try await BookingKit()
        let id = try await kit.book().appointment.id
        let synced = try await kit.booking.sync(id, calendarID: "other")
        #expect(synced.calendarEventID == "other/\(id)")
        #expect(kit.calendar.events(of: id).map(\.calendarID) == ["other"])
        _ = try await kit.booking.reschedule(.id(id), date: "2026-11-24", time: "13:00")
        #expect(kit.calendar.events(of: id).map(\.calendarID) == ["other"])
    }

    @Test func aCancelledAppointmentIsNotShown() async throws {
        let kit = try await BookingKit()
        let id = try await kit.book().appointment.id
        kit.calendar.set(.failing)
        #expect(try await kit.booking.cancel(.id(id)).calendar == .pending)
        #expect(await refusal { try await kit.booking.sync(id) } == "unavailable")
        kit.calendar.set(.well)
        #expect(await refusal { try await kit.booking.sync(id) } == "conflict appointment_id")
        #expect(kit.calendar.events(of: id).isEmpty)
    }

    @Test func manyWhoSyncAtOnceMakeOneEvent() async throws {
        let kit = try await BookingKit()
        let id = try await kit.insertAsReference("2026-11-24T09:00")
        let outcomes = try await withThrowingTaskGroup(of: SyncedAppointment.Status.self) { group in
            for _ in 0..<12 { group.addTask { try await kit.booking.sync(id).status } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .created } == 1)
        #expect(kit.calendar.events(of: id).count == 1)
    }
}
