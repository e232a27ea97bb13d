import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// Whose a call was, by the rules of `CallLinker`.
@Suite struct CallLinkTests {
    private func person(_ name: String?, _ phone: String? = nil, email: String? = nil, _ intent: String? = "booking")
        -> ExtractedCall
    {
        ExtractedCall(customerName: name, customerPhone: phone, customerEmail: email, intent: intent)
    }

    @Test func aFirstCallMakesAContactAndOneLineOfItsHistory() async throws {
        let desk = try await CallDesk(businessContextID: "prairie")
        let at = Date(timeIntervalSince1970: 1_795_000_000)
        var extracted = person("Ann Lee", email: "Ann@Example.com")
        extracted.address = "12 Elm Street"
        let link = try await desk.take("CA1", at: at, summary: "Ann wants a quote.", extracted)
        let contact = try #require(link.contact)
        #expect(link.created && link.matchedOn == nil && link.warnings.isEmpty)
        #expect(contact.fullName == "Ann Lee" && contact.firstName == "Ann" && contact.lastName == "Lee")
        #expect(contact.phones == ["+12175550134"] && contact.emails == ["ann@example.com"])
        #expect(contact.address == "12 Elm Street")
        #expect(contact.source == "call" && contact.sourceRef == "CA1")
        #expect(contact.contactType == "customer" && contact.businessContextID == "prairie")
        #expect(link.transcript.contactID == contact.id)
        #expect(link.transcript.status == "ready" && link.transcript.processedAt != nil)
        #expect(link.transcript.transcript == "Hello, this is call CA1.")
        #expect(try await desk.store.get("CA1") == link.transcript)
        let lines = try await desk.kit.contacts.interactions(of: contact.id)
        #expect(lines.map(\.summary) == ["Ann wants a quote."])
        #expect(lines.first?.occurredAt == at && lines.first?.interactionType == "call")
        #expect(lines.first?.metadata["call_sid"] == "CA1" && lines.first?.metadata["intent"] == "booking")
        #expect(desk.kit.changed.all == [contact.id])
    }

    @Test func linkingAgainChangesNothing() async throws {
        let desk = try await CallDesk()
        let first = try await desk.take("CA1", person("Ann Lee", email: "nonsense"))
        let before = try await desk.state()
        let linker = desk.linker
        try await withThrowingTaskGroup(of: CallLink.self) { group in
            for _ in 0..<8 { group.addTask { try await linker.link("CA1") } }
            for try await again in group {
                #expect(again.transcript == first.transcript && again.contact == first.contact)
                #expect(!again.created && again.warnings == first.warnings && again.warnings.count == 1)
            }
        }
        #expect(try await desk.state() == before)
    }

    @Test func manyWhoLinkOneCallAtOnceLinkItOnce() async throws {
        let desk = try await CallDesk()
        try await desk.write("CA1", person("Ann Lee"))
        let linkers = (0..<4).map { _ in CallLinker(contacts: Contacts(database: desk.kit.base.open())) }
        try await withThrowingTaskGroup(of: CallLink.self) { group in
            for index in 0..<16 { group.addTask { try await linkers[index % 4].link("CA1") } }
            let links = try await group.reduce(into: [CallLink]()) { $0.append($1) }
            #expect(links.count { $0.created } == 1)
            #expect(Set(links.map { $0.contact?.id }).count == 1)
        }
        #expect(try await desk.kit.count() == 1)
        #expect(try await desk.kit.count("contact_interactions") == 1)
    }

    @Test(arguments: ["spam", "wrong_number", "personal_call", "Wrong Number"])
    func whatConcernsNoCustomerIsNobodys(intent: String) async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann", phone: CallDesk.line)).contact
        let link = try await desk.take("CA1", person("Ann", "217-555-0134", intent))
        #expect(link.contact == nil && link.transcript.contactID == nil && link.warnings.isEmpty)
        #expect(link.transcript.status == "ready")
        #expect(try await desk.kit.contacts.interactions(of: known.id).isEmpty)
        let before = try await desk.state()
        #expect(try await desk.linker.link("CA1").contact == nil)
        #expect(try await desk.state() == before)
    }

    @Test func aHiddenCallerWithOnlyANameIsNobody() async throws {
        let desk = try await CallDesk()
        let link = try await desk.take("CA1", from: "anonymous", person("Ann Lee"))
        #expect(link.contact == nil && link.transcript.status == "ready")
        #expect(link.warnings.count == 1)
        #expect(try await desk.kit.count() == 0)
        #expect(try await desk.history("CA1").isEmpty)
        let byEmail = try await desk.take("CA2", from: "anonymous", person(nil, email: "ann@example.com"))
        #expect(byEmail.contact?.fullName == "Caller ann@example.com")
    }

    @Test func aCallOutIsOfTheOneWhoWasCalled() async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.insertAsReference("Ann Lee", phone: "(217) 555-0134")
        let link = try await desk.take(
            "CA1", from: CallDesk.business, to: CallDesk.line, direction: .outbound, person(nil))
        #expect(link.contact?.id == known && link.matchedOn == .phone && !link.created)
        #expect(link.contact?.fullName == "Ann Lee")
    }

    @Test func theLineThatACallLeftWhenItWasPlacedGetsBetterWordsAndMoves() async throws {
        let desk = try await CallDesk()
        let dialled = try await desk.kit.contacts.create(ContactDraft(fullName: "Shop", phone: CallDesk.line)).contact
        let placed = Date(timeIntervalSince1970: 1_795_000_000)
        try await desk.kit.execute(
            """
            INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
            VALUES (\(dialled.id), 'call', 'Called.', \(placed), '{"to": "x"}', 'call:CA1')
            """)
        let link = try await desk.take(
            "CA1", from: CallDesk.business, to: CallDesk.line, direction: .outbound, summary: "Bob takes the job.",
            person("Bob Ray", "217-555-0170"))
        let bob = try #require(link.contact)
        #expect(bob.id != dialled.id)
        let lines = try await desk.kit.contacts.interactions(of: bob.id)
        #expect(lines.map(\.summary) == ["Bob takes the job."])
        #expect(lines.first?.metadata["to"] == "x")
        // Nobody said when the call was: the time it was placed is better than the time it was written down.
        #expect(lines.first?.occurredAt == placed)
        #expect(try await desk.kit.count("contact_interactions") == 1)
        #expect(Set(desk.kit.changed.all.suffix(2)) == [bob.id, dialled.id])
    }

    @Test func aMadeUpNameGivesWayToTheFirstRealOne() async throws {
        let desk = try await CallDesk()
        let nameless = try #require(try await desk.take("CA1", person(nil)).contact)
        #expect(nameless.fullName == "Caller +12175550134" && nameless.firstName == nil)
        let again = try #require(try await desk.take("CA2", person("unknown caller")).contact)
        #expect(again == nameless)
        let named = try await desk.take("CA3", person("Ann Lee"))
        #expect(named.contact?.id == nameless.id)
        #expect(named.contact?.fullName == "Ann Lee" && named.contact?.lastName == "Lee")
        #expect(named.contact?.metadata["also_known_as"] == nil)
        #expect(try await desk.take("CA4", person(nil)).contact?.fullName == "Ann Lee")
    }

    @Test func aNameThatWasWrittenDownIsKeptBesideTheOneThatWasHeard() async throws {
        let desk = try await CallDesk()
        let known = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: CallDesk.line)).contact
        let link = try await desk.take("CA1", at: Date(timeIntervalSince1970: 0), person("Bob Lee"))
        #expect(link.contact?.id == known.id && link.contact?.fullName == "Ann Lee")
        #expect(link.contact?.metadata["also_known_as"] == [["field": "full_name", "value": "Bob Lee"]])
        #expect(link.warnings.count == 1)
        // Where the contact came from is no news.
        #expect(link.contact?.source == "manual" && link.contact?.sourceRef == nil)
    }

    @Test func aPhoneAndAnEmailOfTwoPeopleMoveNothing() async throws {
        let desk = try await CallDesk()
        let ann = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann", phone: CallDesk.line)).contact
        let bob = try await desk.kit.contacts.create(ContactDraft(fullName: "Bob", email: "bob@example.com")).contact
        let link = try await desk.take("CA1", person("Ann", email: "bob@example.com"))
        #expect(link.contact?.id == ann.id && link.contact?.emails == [])
        #expect(link.warnings.contains { $0.contains(bob.id.uuidString.lowercased()) })
    }

    @Test func whoeverWasArchivedComesBackAndWhoeverWasMergedIsFoundInTheOther() async throws {
        let desk = try await CallDesk()
        let old = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: CallDesk.line)).contact
        _ = try await desk.kit.contacts.archive(old.id)
        let link = try await desk.take("CA1", person("Ann Lee"))
        #expect(link.contact?.id == old.id && link.contact?.status == "active")
        let kept = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550170")).contact
        let last = try await desk.kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550171")).contact
        _ = try await desk.kit.contacts.merge(old.id, into: kept.id)
        _ = try await desk.kit.contacts.merge(kept.id, into: last.id)
        #expect(try await desk.linker.link("CA1").contact?.id == last.id)
        // A row that still names the first of them, as another program may leave it.
        try await desk.write("CA2", from: "anonymous")
        try await desk.kit.execute("UPDATE call_transcripts SET contact_id = \(old.id) WHERE call_sid = 'CA2'")
        let followed = try await desk.linker.link("CA2")
        #expect(followed.contact?.id == last.id && followed.transcript.contactID == last.id)
        #expect(try await desk.history("CA2").map(\.contact) == [last.id])
    }

    @Test func aContactOfNoBusinessIsClaimedAndOneOfAnotherIsNot() async throws {
        let desk = try await CallDesk(businessContextID: "lakeside")
        let free = try await desk.kit.insertAsReference("Ann", phone: "217-555-0134")
        let other = try await desk.kit.insertAsReference("Bob", phone: "217-555-0135", context: "lakeside")
        let claimed = try await desk.take("CA1", context: "prairie", person("Ann"))
        #expect(claimed.contact?.id == free && claimed.contact?.businessContextID == "prairie")
        let own = try await desk.take("CA2", from: "+12175550135", context: "prairie", person("Bob"))
        #expect(own.created && own.contact?.id != other && own.contact?.businessContextID == "prairie")
        #expect(try await desk.take("CA3", from: "+12175550135", person("Bob")).contact?.id == other)
    }

    @Test func whatAReferenceServerWroteIsLinkedAndStaysAsItSaid() async throws {
        let desk = try await CallDesk()
        try await desk.insertAsReference(
            "CA1", from: "(217) 555-0134", status: "notified",
            data: ["customer_name": "Ann Lee", "services_mentioned": 5, "intent": "Booking"])
        let link = try await desk.linker.link("CA1")
        #expect(link.contact?.fullName == "Ann Lee" && link.created)
        #expect(link.transcript.status == "notified")
        try await desk.insertAsReference("CA2", status: "pending")
        #expect(await refusal { try await desk.linker.link("CA2") } == "conflict call_sid")
        #expect(try await desk.store.get("CA2")?.status == "pending")
        #expect(await refusal { try await desk.linker.link("CA3") } == "not_found call_sid")
    }
}
