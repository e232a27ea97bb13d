import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct CustomerLookupTests {
    private func lookup(_ kit: BookingKit) -> CustomerLookup {
        CustomerLookup(contacts: kit.kit.contacts, time: kit.time) { kit.clock.value }
    }

    @Test func aContactComesWithAppointmentsAndHistory() async throws {
        let kit = try await BookingKit()
        let booked = try await kit.book()
        try await kit.insertAsReference("2026-11-02T09:00", name: "A. Lee", phone: "217.555.0134")
        for text in ["(217) 555-0134", "+12175550134"] {
            let found = try await lookup(kit).lookup(phone: text, name: nil)
            #expect(found.found && found.source == .crm)
            #expect(found.contact?.id == booked.contactID)
            #expect(found.customer?.name == "Ann Lee")
            #expect(found.appointments.map(\.customerName) == ["Ann Lee", "A. Lee"], "newest first")
            #expect(found.nextAppointment?.id == booked.appointment.id)
            #expect(found.appointments[0].when == booked.appointment.when)
            #expect(found.interactions.count == 1)
        }
        let brief = try await lookup(kit).lookup(phone: nil, name: "ann lee", includeHistory: false)
        #expect(brief.found && brief.interactions.isEmpty)
    }

    @Test func whoBookedBeforeThereWereContactsIsFoundByTheirRows() async throws {
        let kit = try await BookingKit()
        try await kit.insertAsReference("2026-11-02T09:00")
        try await kit.insertAsReference("2026-11-25T09:00", phone: "1-217-555-0199")
        let found = try await lookup(kit).lookup(phone: "217 555 0199", name: nil)
        #expect(found.found && found.source == .appointments && found.contact == nil)
        #expect(found.customer?.name == "Ref Erence" && found.customer?.contactID == nil)
        #expect(found.appointments.count == 2)
        #expect(found.nextAppointment != nil)
        let byName = try await lookup(kit).lookup(phone: nil, name: "ref er")
        #expect(byName.found && byName.appointments.count == 2)
    }

    @Test func severalOfOneNameAreListed() async throws {
        let kit = try await BookingKit()
        for phone in ["+12175550134", "+12175550135"] {
            _ = try await kit.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: phone))
        }
        let found = try await lookup(kit).lookup(phone: nil, name: "Ann Lee")
        #expect(!found.found && found.matches.count == 2)
        try await kit.insertAsReference("2026-11-02T09:00", name: "Bo", phone: "2175550001")
        try await kit.insertAsReference("2026-11-03T09:00", name: "Bo", phone: "2175550002")
        #expect(try await lookup(kit).lookup(phone: nil, name: "bo").matches.count == 2)
    }

    @Test func nobodyIsNoError() async throws {
        let kit = try await BookingKit()
        let found = try await lookup(kit).lookup(phone: "217 555 0000", name: nil)
        #expect(!found.found && found.matches.isEmpty && found.customer == nil)
        #expect(try await lookup(kit).lookup(phone: nil, name: "100%_").found == false)
        #expect(try await lookup(kit).lookup(phone: "anonymous", name: nil).found == false)
        #expect(await refusal { try await lookup(kit).lookup(phone: " ", name: nil) } == "invalid_argument phone")
    }
}
