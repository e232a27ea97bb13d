import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct ChangeAppointmentTests {
    // MARK: - Moved

    @Test func aMoveKeepsHistoryMovesTheEventAndTellsTheCustomer() async throws {
        let kit = try await BookingKit()
        let booked = try await kit.book(email: "ann@example.com")
        let moved = try await kit.booking.reschedule(
            .id(booked.appointment.id), date: "2026-11-25", time: "14:00", reason: "ill")
        #expect(moved.changed)
        #expect(moved.previousWhen == "Tue 24 Nov 2026, 09:00–10:00 CST")
        #expect(moved.appointment.when == "Wed 25 Nov 2026, 14:00–15:00 CST")
        #expect(moved.calendar == .synced)
        #expect(moved.notice == .sent)
        let start = try kit.moment("2026-11-25T14:00")
        #expect(kit.calendar.events(of: booked.appointment.id).map(\.start) == [start])
        let letter = kit.letters.state.value.sent.values.first { $0.occasion == .moved }
        #expect(letter?.previously?.lowerBound == (try kit.moment("2026-11-24T09:00")))
        let summaries = try await kit.kit.contacts.interactions(of: booked.contactID).map(\.summary)
        #expect(
            summaries.first
                == "Moved deep clean from Tue 24 Nov 2026, 09:00–10:00 CST to Wed 25 Nov 2026, 14:00–15:00 CST. Reason: ill"
        )
        #expect(summaries.count == 2)
        #expect(
            try await kit.kit.count(
                "appointment_changes", where: "kind = 'rescheduled' AND reason = 'ill' AND revision = 2") == 1)
        // The old time is free again.
        try await kit.book("Bob Ray", phone: "+12175550135")
    }

    @Test func aMoveByHalfItsLengthIsNotInItsOwnWay() async throws {
        let kit = try await BookingKit { $0.buffer = 30 }
        let id = try await kit.book().appointment.id
        #expect(try await kit.booking.reschedule(.id(id), date: "2026-11-24", time: "09:30").changed)
        let same = try await kit.booking.reschedule(.id(id), date: "2026-11-24", time: "09:30")
        #expect(!same.changed)
        #expect(same.notice == .notNeeded)
        #expect(try await kit.kit.count("appointment_changes") == 2)
    }

    @Test func aMoveToATakenTimeChangesNothing() async throws {
        let kit = try await BookingKit()
        let id = try await kit.book().appointment.id
        try await kit.book("Bob Ray", phone: "+12175550135", time: "11:00")
        #expect(
            await refusal { try await kit.booking.reschedule(.id(id), date: "2026-11-24", time: "10:30") }
                == "conflict time")
        #expect(
            await refusal { try await kit.booking.reschedule(.id(id), date: "2026-11-28", time: "10:30") }
                == "invalid_argument time")
        #expect(try await kit.kit.count("appointments", where: "revision > 1") == 0)
        #expect(
            await refusal { try await kit.booking.reschedule(.id(UUID()), date: "2026-11-24", time: "10:30") }
                == "not_found appointment_id")
    }

    @Test func aRepeatWithTheSameKeyMovesOnce() async throws {
        let kit = try await BookingKit()
        let id = try await kit.book().appointment.id
        func move() async throws -> ChangedAppointment {
            try await kit.booking.reschedule(.id(id), date: "2026-11-25", time: "14:00", idempotencyKey: "k")
        }
        let first = try await move()
        _ = try await kit.booking.reschedule(.id(id), date: "2026-11-26", time: "14:00")
        let second = try await move()
        #expect(!first.replayed && second.replayed)
        #expect(second.previousWhen == first.previousWhen)
        #expect(second.appointment.startTime == (try kit.moment("2026-11-26T14:00")), "it tells what is so now")
        #expect(try await kit.kit.count("appointment_changes") == 3)
    }

    @Test func theOneAppointmentToComeIsFoundByPhone() async throws {
        let kit = try await BookingKit()
        let id = try await kit.insertAsReference("2026-11-24T09:00")
        let moved = try await kit.booking.reschedule(.phone("217 555 0199"), date: "2026-11-24", time: "13:00")
        #expect(moved.appointment.id == id)
        try await kit.insertAsReference("2026-11-25T09:00", phone: "217.555.0199")
        let several = await refusal { try await kit.booking.cancel(.phone("+1 217 555 0199")) }
        #expect(several == "invalid_argument phone")
        #expect(await refusal { try await kit.booking.cancel(.phone("+12175550000")) } == "not_found phone")
    }

    // MARK: - Called off

    @Test func aCancellationIsKeptToldAndTakenFromTheCalendarOnce() async throws {
        let kit = try await BookingKit()
        let booked = try await kit.book(email: "ann@example.com")
        let id = booked.appointment.id
        let cancelled = try await kit.booking.cancel(.id(id), reason: "moved away")
        #expect(cancelled.changed)
        #expect(cancelled.appointment.status == "cancelled")
        #expect(cancelled.appointment.cancellationReason == "moved away")
        #expect(cancelled.appointment.cancelledAt != nil)
        #expect(cancelled.calendar == .removed)
        #expect(cancelled.notice == .sent)
        #expect(kit.calendar.events(of: id).isEmpty)
        let again = try await kit.booking.cancel(.id(id))
        #expect(!again.changed)
        #expect(again.warnings.count == 1)
        #expect(again.notice == .notNeeded)
        #expect(kit.letters.occasions.count == 2)
        #expect(try await kit.kit.count("contact_interactions") == 2)
        #expect(try await kit.kit.count("appointment_changes") == 2)
        #expect(
            await refusal { try await kit.booking.reschedule(.id(id), date: "2026-11-25", time: "09:00") }
                == "conflict appointment_id")
        try await kit.book("Bob Ray", phone: "+12175550135")
    }

    @Test(arguments: ["completed", "no_show"])
    func whatIsOverIsNotCalledOff(status: String) async throws {
        let kit = try await BookingKit()
        let id = try await kit.insertAsReference("2026-11-20T09:00", status: status)
        #expect(await refusal { try await kit.booking.cancel(.id(id)) } == "conflict appointment_id")
        let past = try await kit.insertAsReference("2026-11-19T09:00")
        #expect(await refusal { try await kit.booking.cancel(.id(past)) } == "conflict appointment_id")
        #expect(
            await refusal { try await kit.booking.reschedule(.id(past), date: "2026-11-25", time: "09:00") }
                == "conflict appointment_id")
    }

    @Test func manyWhoCancelAtOnceCancelOnce() async throws {
        let kit = try await BookingKit()
        let id = try await kit.book(email: "ann@example.com").appointment.id
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 { group.addTask { try await kit.booking.cancel(.id(id)).changed } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count(where: \.self) == 1)
        #expect(try await kit.kit.count("contact_interactions") == 2)
        #expect(kit.letters.state.value.sent.count == 2)
        #expect(kit.calendar.events(of: id).isEmpty)
    }
}
