import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct AppointmentLetterTests {
    private func letter(_ occasion: AppointmentLetter.Occasion) -> AppointmentLetter {
        let start = Date(timeIntervalSince1970: 1_795_532_400)
        let appointment = AppointmentSummary(
            id: UUID(), startTime: start, endTime: start.addingTimeInterval(5400), durationMinutes: 90,
            serviceType: "deep <clean>", status: "confirmed", customerName: "Ann <Lee>",
            customerPhone: "+12175550134", customerEmail: "ann@example.com", customerAddress: "1 Main St",
            businessContextID: "", createdAt: start, updatedAt: start)
        return AppointmentLetter(
            occasion: occasion, appointment: appointment,
            previously: occasion == .moved ? start.addingTimeInterval(-86400)..<start.addingTimeInterval(-82800) : nil)
    }

    @Test(arguments: AppointmentLetter.Occasion.allCases)
    func aLetterSaysEverythingOnceInTextAndHTML(occasion: AppointmentLetter.Occasion) async throws {
        let desk = try await MailDesk()
        let letter = letter(occasion)
        for _ in 0..<2 { try await desk.mailer.send(letter, idempotencyKey: "appointment:1:1") }
        #expect(desk.sender.sent.value.count == 1)
        let mail = try #require(desk.sender.sent.value.first)
        let date = BusinessTime.longDate(desk.mailer.time.day(of: letter.appointment.startTime))
        for text in [date, "deep <clean>", "Ann <Lee>", "1 Main St", "Bright & Clean", "(217) 555-0100"] {
            #expect(mail.text.contains(text), "\(text)")
            #expect(mail.html?.contains(text.escapedForHTML) == true, "\(text)")
        }
        #expect(mail.text.contains("Before:") == (occasion == .moved))
        #expect(!mail.text.contains("{{") && !mail.text.contains("\n\n\n"))
        #expect(mail.subject.contains(date))
        #expect(try await desk.rows("template_type || ' ' || status") == ["generic sent"])
    }

    @Test func withoutTheBusinessesNameThereIsNone() async throws {
        let desk = try await MailDesk(["ATLAS_BUSINESS_NAME": nil])
        #expect(
            await refusal { try await desk.mailer.send(letter(.confirmed), idempotencyKey: "a") } == "not_configured")
        #expect(desk.sender.sent.value.isEmpty)
    }

    @Test func anAppointmentIsBookedAndToldOfByRealMail() async throws {
        let kit = try await BookingKit()
        let desk = try await MailDesk(on: kit.kit)
        let booking = Booking(
            contacts: kit.kit.contacts, time: kit.time, policy: kit.booking.policy, calendar: kit.calendar,
            letters: desk.mailer, now: { kit.clock.value })
        let booked = try await booking.book(BookingKit.wish(email: "ann@example.com"), idempotencyKey: "k")
        #expect(booked.confirmation == .sent)
        #expect(try await booking.book(BookingKit.wish(email: "ann@example.com"), idempotencyKey: "k").replayed)
        _ = try await booking.cancel(.id(booked.appointment.id))
        #expect(desk.sender.sent.value.map(\.subject).count == 2)
        let history = try await kit.kit.contacts.interactions(of: booked.contactID).map(\.interactionType)
        #expect(history.sorted() == ["appointment", "appointment", "email", "email"])
    }
}
