import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct BookAppointmentTests {
    @Test func aBookingBringsContactAppointmentHistoryEventAndLetter() async throws {
        let kit = try await BookingKit()
        let booked = try await kit.book(phone: "(217) 555-0134", email: "Ann@Example.com")
        #expect(booked.appointment.startTime == (try kit.moment("2026-11-24T09:00")))
        #expect(booked.appointment.when == "Tue 24 Nov 2026, 09:00–10:00 CST")
        #expect(booked.appointment.customerPhone == "+12175550134")
        #expect(booked.contactCreated)
        #expect(booked.appointment.contactID == booked.contactID)
        #expect(booked.calendar == .synced)
        #expect(booked.appointment.calendarEventID == "main/\(booked.appointment.id)")
        #expect(booked.confirmation == .sent)
        #expect(booked.warnings.isEmpty)
        #expect(!booked.replayed)

        let contact = try #require(try await kit.kit.contacts.get(booked.contactID))
        #expect(contact.phones == ["+12175550134"])
        #expect(contact.emails == ["ann@example.com"])
        #expect(contact.source == "booking")
        let history = try await kit.kit.contacts.interactions(of: booked.contactID)
        #expect(history.map(\.interactionType) == ["appointment"])
        #expect(history.first?.summary == "Booked deep clean for Tue 24 Nov 2026, 09:00–10:00 CST.")
        #expect(try await kit.kit.count("appointment_changes") == 1)
        #expect(kit.letters.occasions == [.confirmed])
        #expect(
            try await kit.kit.count(
                "appointments", where: "confirmation_sent AND due_at IS NULL AND sync_until IS NULL") == 1)
        #expect(kit.kit.changed.all == [booked.contactID])
    }

    @Test func aKnownCustomerKeepsTheNameAndTheDifferenceIsTold() async throws {
        let kit = try await BookingKit(businessContextID: "prairie")
        let known = try await kit.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "217 555 0134")).contact
        let booked = try await kit.book("Annie Leigh")
        #expect(booked.contactID == known.id)
        #expect(!booked.contactCreated)
        #expect(booked.conflicts == [FieldConflict(field: "full_name", kept: "Ann Lee", given: "Annie Leigh")])
        #expect(booked.warnings.count == 1)
        #expect(booked.appointment.businessContextID == "prairie")
    }

    @Test func aPhoneWithoutAreaCodeIsKeptAsGivenWithAWarning() async throws {
        let kit = try await BookingKit()
        let booked = try await kit.book(phone: "555-0134")
        #expect(booked.appointment.customerPhone == "555-0134")
        #expect(booked.warnings.count == 1)
    }

    @Test func allThatIsWrongIsSaidAtOnce() async throws {
        let kit = try await BookingKit()
        let wish = BookingWish(
            customerName: " ", customerPhone: "ask my wife", date: "2026-11-24", time: "late", customerEmail: "ann@")
        let told = await words { try await kit.booking.book(wish, idempotencyKey: nil) }
        for name in ["customer_name", "customer_phone", "customer_email", "time"] { #expect(told.contains(name)) }
        #expect(
            await refusal { try await kit.booking.book(wish, idempotencyKey: nil) } == "invalid_argument customer_name")
        #expect(try await kit.kit.count("appointments") == 0)
    }

    // MARK: - Taken

    @Test func aTakenTimeOffersTheNextFreeOnes() async throws {
        let kit = try await BookingKit()
        try await kit.book()
        let told = await words { try await kit.book("Bob Ray", phone: "+12175550135", time: "09:30") }
        #expect(told.hasPrefix("Tue 24 Nov 2026, 09:30–10:30 CST is taken."))
        #expect(
            told.contains(
                "Free: Tue 24 Nov 2026, 10:00–11:00 CST; Tue 24 Nov 2026, 11:00–12:00 CST; Tue 24 Nov 2026, 12:00"))
        #expect(
            await refusal { try await kit.book("Bob Ray", phone: "+12175550135", time: "09:30") } == "conflict time")
        #expect(try await kit.kit.count() == 1, "who got no appointment became no contact")
        try await kit.book("Bob Ray", phone: "+12175550135", time: "10:00")
    }

    @Test func theSameCustomerAtTheSameTimeIsToldOfTheirOwnAppointment() async throws {
        let kit = try await BookingKit()
        let booked = try await kit.book()
        let told = await words { try await kit.book("Ann Lee", phone: "217-555-0134") }
        #expect(told.contains(booked.appointment.id.uuidString.lowercased()))
        #expect(told.hasPrefix("This customer has that appointment already"))
    }

    @Test func whatAReferenceServerBookedIsTaken() async throws {
        let kit = try await BookingKit()
        try await kit.insertAsReference("2026-11-24T08:30")
        #expect(await refusal { try await kit.book() } == "conflict time")
    }

    @Test func anEventOfTheCalendarIsTaken() async throws {
        let kit = try await BookingKit()
        let start = try kit.moment("2026-11-24T09:30")
        kit.calendar.state.update { $0.others = [start..<start.addingTimeInterval(600)] }
        #expect(await refusal { try await kit.book() } == "conflict time")
        try await kit.book(time: "09:40")
    }

    @Test func theBufferIsKeptToBothSides() async throws {
        let kit = try await BookingKit { $0.buffer = 30 }
        try await kit.book(time: "12:00")
        for time in ["10:31", "11:00", "13:00", "13:29"] {
            #expect(
                await refusal { try await kit.book("Bob Ray", phone: "+12175550135", time: time) } == "conflict time")
        }
        try await kit.book("Bob Ray", phone: "+12175550135", time: "10:30")
        try await kit.book("Cy Dee", phone: "+12175550136", time: "13:30")
    }

    @Test func twoResourcesWorkAtTheSameTime() async throws {
        let kit = try await BookingKit()
        try await kit.book()
        kit.calendar.state.update { $0.events = [:] }
        var wish = BookingKit.wish("Bob Ray", phone: "+12175550135")
        wish.resource = "crew 2"
        _ = try await kit.booking.book(wish, idempotencyKey: nil)
        #expect(try await kit.kit.count("appointments") == 2)
    }

    // MARK: - Rules

    @Test(arguments: [
        ("2026-11-24", "07:30", "time"), ("2026-11-24", "17:30", "time"), ("2026-11-28", "09:00", "time"),
        ("2026-11-23", "08:30", "time"), ("2026-11-22", "09:00", "date"), ("2027-03-01", "09:00", "date"),
    ])
    func aTimeAgainstTheRulesIsRefused(date: String, time: String, parameter: String) async throws {
        let kit = try await BookingKit()
        #expect(await refusal { try await kit.book(date: date, time: time) } == "invalid_argument \(parameter)")
    }

    @Test func theServiceSaysHowLongAVisitTakes() async throws {
        let kit = try await BookingKit { $0.services = ["deep clean": 180] }
        let booked = try await kit.book()
        #expect(booked.appointment.durationMinutes == 180)
        #expect(booked.appointment.endTime == (try kit.moment("2026-11-24T12:00")))
    }

    @Test func onTheNightOfTheChangeATimeThatOccursTwiceAsksForAnOffset() async throws {
        let kit = try await BookingKit(now: "2026-10-30T08:00") { $0.hours = WeeklyHours(from: 0, to: 24) }
        let told = await words { try await kit.book(date: "2026-11-01", time: "01:30") }
        #expect(told.contains("2026-11-01T01:30:00-06:00"))
        let booked = try await kit.book(date: "2026-11-01", time: "2026-11-01T01:30:00-06:00")
        #expect(booked.appointment.when == "Sun 1 Nov 2026, 01:30–02:30 CST")
        #expect(await refusal { try await kit.book(date: "2027-03-14", time: "02:30") }.hasPrefix("invalid_argument"))
    }

    // MARK: - Once

    @Test func aRepeatWithTheSameKeyBooksNothing() async throws {
        let kit = try await BookingKit()
        let first = try await kit.book(email: "ann@example.com", key: "k")
        // The answer does not depend on the day.
        kit.clock.update { $0 += 7 * 86400 }
        let second = try await kit.book(email: "ann@example.com", key: "k")
        #expect(second.replayed)
        #expect(second.appointment == first.appointment)
        #expect(second.calendar == .synced)
        #expect(second.confirmation == .sent)
        #expect(try await kit.kit.count("appointments") == 1)
        #expect(try await kit.kit.count("contact_interactions") == 1)
        #expect(kit.letters.state.value.attempts == 1)
        #expect(await refusal { try await kit.book("Bob Ray", key: "k") } == "conflict idempotency_key")
    }

    @Test func aRefusedBookingLeavesItsKeyFree() async throws {
        let kit = try await BookingKit()
        let other = try await kit.book("Bob Ray", phone: "+12175550135")
        #expect(await refusal { try await kit.book(key: "k") } == "conflict time")
        _ = try await kit.booking.cancel(.id(other.appointment.id))
        #expect(try await kit.book(key: "k").replayed == false)
    }
}
