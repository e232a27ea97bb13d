import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// Whose a call is, rule by rule.
@Suite struct CallLinkerTests {
    private let ann = "+12175550134"

    // MARK: - The customer's number

    @Test func theStatedNumberCountsAndTheLineIsNotAttached() async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: "+12175550135"),
            ExtractedCall(customerName: "Ann Lee", customerPhone: "(217) 555-0134"))
        #expect(link.created)
        #expect(link.matchedOn == nil)
        #expect(link.contact?.phones == [ann])
        #expect(link.contact?.phoneE164 == ann)
        #expect(link.warnings.isEmpty)
        #expect(link.transcript.contactID == link.contact?.id)
        #expect(link.transcript.status == "ready")
        #expect(try await calls.kit.contacts.create(ContactDraft(fullName: "Bob", phone: "2175550135")).created)
    }

    @Test(arguments: ["555-0134", "ask my wife", "12", "anonymous", "+266696687", "+1 217 555 0100"])
    func aStatedNumberThatIsNoneGivesWayToTheLine(stated: String) async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee", customerPhone: stated))
        #expect(link.contact?.phones == [ann])
        #expect(link.warnings.count == 1)
        #expect(link.warnings.first?.contains(stated) == true)
    }

    @Test func ofAnOutboundCallTheOtherPartyIsWhomItWentTo() async throws {
        let calls = try await WrittenCalls()
        let facts = CallFacts(
            callSID: "CA1", fromNumber: WrittenCalls.business, toNumber: ann, direction: .outbound)
        #expect(try await calls.link(facts, ExtractedCall(customerName: "Ann Lee")).contact?.phones == [ann])
    }

    @Test(arguments: [true, false]) func withoutADirectionOurOwnNumberTells(isOurs: Bool) async throws {
        let calls = try await WrittenCalls()
        let facts = CallFacts(
            callSID: "CA1", fromNumber: isOurs ? WrittenCalls.business : ann,
            toNumber: isOurs ? ann : WrittenCalls.business)
        #expect(try await calls.link(facts, ExtractedCall(customerName: "Ann Lee")).contact?.phones == [ann])
    }

    @Test func ourOwnNumberIsNobody() async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: WrittenCalls.business), ExtractedCall(customerName: "Ann Lee"))
        #expect(link.contact == nil)
        #expect(try await calls.kit.count() == 0)
    }

    // MARK: - Found

    @Test func aKnownNumberIsMetAndNothingKnownIsOverwritten() async throws {
        let calls = try await WrittenCalls()
        let known = try await calls.kit.contacts.create(
            ContactDraft(fullName: "Ann Lee", phone: ann, address: "1 Elm", source: "flyer", sourceRef: "42")
        ).contact
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(customerName: "Annie Lee", customerEmail: "Ann@Example.com", address: "2 Oak"))
        let contact = try #require(link.contact)
        #expect(contact.id == known.id)
        #expect(!link.created)
        #expect(link.matchedOn == .phone)
        #expect(contact.fullName == "Ann Lee")
        #expect(contact.address == "1 Elm")
        #expect(contact.emails == ["ann@example.com"])
        #expect(contact.source == "flyer")
        #expect(contact.sourceRef == "42")
        let others = contact.metadata["also_known_as"]?.items ?? []
        #expect(others.map { $0["field"] } == ["full_name", "address"])
    }

    @Test func aCallThatBringsNothingNewDoesNotTouchTheContact() async throws {
        let calls = try await WrittenCalls()
        let known = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: ann)).contact
        let link = try await calls.link(WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "ann lee"))
        #expect(link.contact == known)
        #expect(try await calls.interactions(of: "CA1").map(\.contactID) == [known.id])
    }

    @Test func whoIsNotFoundByNumberIsFoundByAddressAndLearnsTheNumber() async throws {
        let calls = try await WrittenCalls()
        let known = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", email: "ann@example.com"))
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(customerName: "Ann Lee", customerEmail: " ANN@example.com"))
        #expect(link.contact?.id == known.contact.id)
        #expect(link.matchedOn == .email)
        #expect(link.contact?.phones == [ann])
    }

    @Test func anAddressAloneIsEnoughOfAHiddenCaller() async throws {
        let calls = try await WrittenCalls()
        let said = ExtractedCall(customerName: "Ann Lee", customerEmail: "ann@example.com")
        let first = try await calls.link(WrittenCalls.inbound("CA1", from: "anonymous"), said)
        let second = try await calls.link(WrittenCalls.inbound("CA2", from: "+266696687"), said)
        #expect(first.created)
        #expect(second.contact?.id == first.contact?.id)
        #expect(second.contact?.phones == [])
        #expect(second.contact?.emails == ["ann@example.com"])
    }

    @Test func theNumberDecidesWhenTheAddressIsAnothers() async throws {
        let calls = try await WrittenCalls()
        let known = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: ann)).contact
        let other = try await calls.kit.contacts.create(
            ContactDraft(fullName: "Bob Stone", email: "bob@example.com")
        ).contact
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(customerName: "Ann Lee", customerEmail: "bob@example.com"))
        #expect(link.contact?.id == known.id)
        #expect(link.contact?.emails == [])
        #expect(try await calls.kit.contacts.get(other.id) == other)
    }

    @Test func anArchivedCustomerComesBack() async throws {
        let calls = try await WrittenCalls()
        let id = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: ann)).contact.id
        _ = try await calls.kit.contacts.archive(id)
        let link = try await calls.link(WrittenCalls.inbound("CA1", from: ann))
        #expect(link.contact?.id == id)
        #expect(link.contact?.status == "active")
    }

    @Test func twoBusinessesHaveContactsOfTheirOwn() async throws {
        let calls = try await WrittenCalls()
        let said = ExtractedCall(customerName: "Ann Lee")
        let first = try await calls.link(WrittenCalls.inbound("CA1", from: ann, business: "prairie"), said)
        let second = try await calls.link(WrittenCalls.inbound("CA2", from: ann, business: "lakeside"), said)
        let neither = try await calls.link(WrittenCalls.inbound("CA3", from: ann), said)
        #expect(first.contact?.businessContextID == "prairie")
        #expect(second.contact?.businessContextID == "lakeside")
        #expect(second.contact?.id != first.contact?.id)
        // Of two, none is meant.
        #expect(neither.contact.map { ![first.contact?.id, second.contact?.id].contains($0.id) } == true)
    }

    /// The one stated number nobody has, while the line is one person's who has the same name.
    @Test func aKnownCallerWhoStatesANewNumberStaysOnePerson() async throws {
        let calls = try await WrittenCalls()
        let known = try await calls.kit.contacts.create(ContactDraft(fullName: "Grace Whitfield", phone: ann)).contact
        let said = ExtractedCall(customerName: "grace whitfield", customerPhone: "217-555-0151")
        let link = try await calls.link(WrittenCalls.inbound("CA1", from: ann), said)
        #expect(link.contact?.id == known.id)
        #expect(link.contact?.phones == [ann, "+12175550151"])
        let other = try await calls.link(
            WrittenCalls.inbound("CA2", from: ann),
            ExtractedCall(customerName: "Mina Whitfield", customerPhone: "217-555-0153"))
        #expect(other.created)
        #expect(other.contact?.phones == ["+12175550153"])
        let nameless = try await calls.link(
            WrittenCalls.inbound("CA3", from: ann), ExtractedCall(customerPhone: "217-555-0155"))
        #expect(nameless.created)
    }

    // MARK: - New

    @Test func aNewContactSaysWhereItComesFrom() async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann, business: "prairie"),
            ExtractedCall(customerName: "Ann Mary Lee", address: "1 Elm Street"))
        let contact = try #require(link.contact)
        #expect(contact.source == "call")
        #expect(contact.sourceRef == "CA1")
        #expect(contact.firstName == "Ann")
        #expect(contact.lastName == "Mary Lee")
        #expect(contact.address == "1 Elm Street")
        #expect(contact.contactType == "customer")
        #expect(contact.businessContextID == "prairie")
        #expect(contact.metadata["name_is_placeholder"] == nil)
        #expect(try await calls.kit.contacts.get(contact.id) == contact)
    }

    @Test func aNameThatNobodySaidStandsInUntilOneIsSaid() async throws {
        let calls = try await WrittenCalls()
        let first = try #require(try await calls.link(WrittenCalls.inbound("CA1", from: ann)).contact)
        #expect(first.fullName == "Caller +12175550134")
        #expect(first.metadata["name_is_placeholder"] == true)
        #expect(first.firstName == nil && first.lastName == nil)
        let again = try await calls.link(WrittenCalls.inbound("CA2", from: ann))
        #expect(again.contact == first)

        let named = try await calls.link(
            WrittenCalls.inbound("CA3", from: ann), ExtractedCall(customerName: "Ann Lee"))
        #expect(named.contact?.id == first.id)
        #expect(named.contact?.fullName == "Ann Lee")
        #expect(named.contact?.firstName == "Ann")
        #expect(named.contact?.metadata.isEmpty == true)
        let last = try await calls.link(WrittenCalls.inbound("CA4", from: ann))
        #expect(last.contact == named.contact, "no name contradicts no name")
        let found = try await calls.kit.contacts.get(idOrName: "ann lee")
        #expect(found?.id == first.id)
    }

    @Test func aNameGivenByHandIsNoPlaceholder() async throws {
        let calls = try await WrittenCalls()
        let id = try #require(try await calls.link(WrittenCalls.inbound("CA1", from: ann)).contact?.id)
        let renamed = try await calls.kit.contacts.update(id, ContactChange(fullName: "Ann Lee"))
        #expect(renamed.metadata["name_is_placeholder"] == nil)
        let link = try await calls.link(WrittenCalls.inbound("CA2", from: ann), ExtractedCall(customerName: "Bob"))
        #expect(link.contact?.fullName == "Ann Lee")
        let met = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: ann))
        #expect(met.contact.id == id)
    }

    // MARK: - Nobody

    @Test(arguments: ["spam", "wrong_number", "personal_call"], [true, false])
    func callsThatConcernNoCustomerMakeAndTouchNobody(intent: String, isKnown: Bool) async throws {
        let calls = try await WrittenCalls()
        if isKnown { _ = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: ann)) }
        let before = try await calls.everything()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(
                customerName: "Brad", customerPhone: "217-555-0199", customerEmail: "brad@example.com", intent: intent))
        #expect(link.contact == nil)
        #expect(!link.created)
        #expect(link.transcript.contactID == nil)
        #expect(link.transcript.status == "ready")
        #expect(try await calls.everything() == before)
        #expect(calls.kit.changed.all.count == (isKnown ? 1 : 0))
    }

    @Test(arguments: [
        "anonymous", "Restricted", "+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "",
    ])
    func aHiddenCallerWhoSaysNothingUsableIsNobody(number: String) async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: number), ExtractedCall(customerName: "Sylvia Crane", intent: "question"))
        #expect(link.contact == nil)
        #expect(link.warnings.count == 1)
        #expect(link.transcript.status == "ready")
        #expect(try await calls.kit.count() == 0)
        #expect(try await calls.kit.count("contact_interactions") == 0)
    }

    // MARK: - What callers say is data

    @Test(arguments: ["ann at example", "a@b@c.example", "ann@", "<ann@example.com>"])
    func anAddressThatIsNoneIsLeftOutAndTold(email: String) async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee", customerEmail: email))
        #expect(link.contact?.emails == [])
        #expect(link.warnings.count == 1)
        #expect(link.warnings.first?.contains("customer_email") == true)
    }

    @Test func valuesThatAreTooLongAreCutAndNothingFails() async throws {
        let calls = try await WrittenCalls()
        let long = String(repeating: "Very ", count: 5_000)
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(
                customerName: long, customerPhone: long, customerEmail: long, intent: long,
                servicesMentioned: Array(repeating: long, count: 100), address: long, notes: long))
        let contact = try #require(link.contact)
        #expect(contact.phones == [ann])
        #expect(contact.fullName == "Caller \(ann)", "a sentence is no name")
        #expect(contact.address.map { $0.count <= 1000 } == true)
        let line = try #require(try await calls.interactions(of: "CA1").first)
        #expect(line.summary.map { $0.count <= 10_000 } == true)
    }

    @Test(arguments: [
        #"{"customer_name": ["Ann", "Lee"], "customer_phone": 2175550151, "customer_email": {"a": 1}, "intent": 7}"#,
        #"{"customer_name": null, "customer_phone": null, "services_mentioned": "x", "follow_up_needed": "maybe"}"#,
        #""spam""#, "[]", "null", #"{"customer_name": "\u200b", "customer_email": "\n", "intent": ""}"#,
        #"{"customer_name": "'); DROP TABLE contacts; --", "address": "\u202eevil"}"#,
    ])
    func whateverStandsInTheRowIsLinked(data: String) async throws {
        let calls = try await WrittenCalls()
        try await calls.write(WrittenCalls.inbound("CA1", from: ann))
        try await calls.kit.execute("UPDATE call_transcripts SET extracted_data = \(data)::text::jsonb")
        let link = try await calls.linker.link("CA1")
        #expect(link.transcript.status == "ready")
        #expect(link.contact?.phones == [data.contains("2175550151") ? "+12175550151" : ann])
        #expect(try await calls.interactions(of: "CA1").count == 1)
    }

    // MARK: - The line in the history

    @Test func theInteractionSaysWhatTheCallWas() async throws {
        let calls = try await WrittenCalls()
        let begun = Date(timeIntervalSince1970: 1_795_000_000)
        var facts = WrittenCalls.inbound("CA1", from: ann)
        facts.startedAt = begun
        try await calls.write(
            facts, "Hello.",
            ExtractedCall(
                customerName: "Ann Lee", intent: "booking", servicesMentioned: ["deep clean"], followUpNeeded: true),
            summary: "Ann Lee wants to book a deep clean.")
        let link = try await calls.linker.link("CA1")
        let lines = try await calls.interactions(of: "CA1")
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.contactID == link.contact?.id)
        #expect(line.type == "call")
        #expect(line.summary == "Ann Lee wants to book a deep clean.")
        #expect(line.occurredAt == begun)
        #expect(line.metadata["call_sid"] == "CA1")
        #expect(line.metadata["direction"] == "inbound")
        #expect(line.metadata["duration_seconds"] == 65)
        #expect(line.metadata["intent"] == "booking")
    }

    @Test func withoutASummaryTheFactsMakeOne() async throws {
        let calls = try await WrittenCalls()
        try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(intent: "estimate_request", servicesMentioned: ["windows"], preferredDate: "Friday"))
        let summary = try await calls.interactions(of: "CA1").first?.summary ?? ""
        #expect(summary.contains("estimate request"))
        #expect(summary.contains("windows"))
        #expect(summary.contains("Friday"))
    }

    @Test func aCallThatWasLoggedWhenItWasPlacedKeepsItsOneLine() async throws {
        let calls = try await WrittenCalls()
        let placed = try await calls.kit.contacts.create(ContactDraft(fullName: "Front Desk", phone: "2175550115"))
            .contact
        try await calls.kit.execute(
            """
            INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
            VALUES (\(placed.id), 'call', 'Called them.', '2026-11-01', '{"tool": "make_call", "direction": "outbound"}', 'call:CA1')
            """)
        // Another person of the house took it, who has another number.
        let facts = CallFacts(
            callSID: "CA1", fromNumber: WrittenCalls.business, toNumber: "+12175550115", direction: .outbound,
            durationSeconds: 61)
        let link = try await calls.link(
            facts, ExtractedCall(customerName: "Priya Raman", customerPhone: "217.555.0116", intent: "follow_up"))
        let line = try #require(try await calls.interactions(of: "CA1").first)
        #expect(try await calls.kit.count("contact_interactions") == 1)
        #expect(line.contactID == link.contact?.id)
        #expect(line.contactID != placed.id)
        #expect(line.summary != "Called them.")
        #expect(line.metadata["tool"] == "make_call")
        #expect(line.metadata["duration_seconds"] == 61)
        #expect(line.occurredAt == Date(timeIntervalSince1970: 1_793_491_200), "when it was placed")
    }

    // MARK: - Again, and at once

    @Test func linkingAgainChangesNothingAndTellsNobody() async throws {
        let calls = try await WrittenCalls()
        let first = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee"))
        #expect(calls.kit.changed.all == [first.contact?.id])
        let before = try await calls.everything()
        for _ in 0..<3 {
            let again = try await calls.linker.link("CA1")
            #expect(again.transcript == first.transcript)
            #expect(again.contact == first.contact)
            #expect(!again.created)
        }
        #expect(try await calls.everything() == before)
        #expect(calls.kit.changed.all.count == 1)
    }

    @Test func oneCallThatManyLinkAtOnceIsLinkedOnce() async throws {
        let calls = try await WrittenCalls()
        try await calls.write(WrittenCalls.inbound("CA1", from: ann), "Hello.", ExtractedCall(customerName: "Ann Lee"))
        let linkers = (0..<4).map { _ in CallLinker(contacts: Contacts(database: calls.kit.base.open())) }
        let links = try await withThrowingTaskGroup(of: CallLink.self) { group in
            for worker in 0..<16 { group.addTask { try await linkers[worker % 4].link("CA1") } }
            return try await group.reduce(into: [CallLink]()) { $0.append($1) }
        }
        #expect(Set(links.map(\.contact?.id)).count == 1)
        #expect(links.count { $0.created } == 1)
        #expect(Set(links.map(\.transcript.contactID)) == [links[0].contact?.id])
        #expect(try await calls.kit.count() == 1)
        #expect(try await calls.kit.count("contact_interactions") == 1)
    }

    @Test func manyCallsOfOneNewCustomerAtOnceMakeOneContact() async throws {
        let calls = try await WrittenCalls()
        for index in 0..<32 {
            try await calls.write(
                WrittenCalls.inbound("CA\(index)", from: ann), "Hello.",
                ExtractedCall(
                    customerName: index % 3 == 0 ? nil : "Ann Lee",
                    customerEmail: index % 2 == 0 ? "ann@example.com" : nil))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<32 { group.addTask { _ = try await calls.linker.link("CA\(index)") } }
            try await group.waitForAll()
        }
        let contacts = try await calls.kit.contacts.list().contacts
        #expect(contacts.map(\.fullName) == ["Ann Lee"])
        #expect(contacts.first?.emails == ["ann@example.com"])
        #expect(try await calls.kit.count("contact_interactions", where: "contact_id = \(contacts.first?.id)") == 32)
    }

    @Test func aLinkThatFailedBeforeIsNoErrorAnyMore() async throws {
        let calls = try await WrittenCalls()
        try await calls.write(WrittenCalls.inbound("CA1", from: ann), "Hello.", ExtractedCall(customerName: "Ann Lee"))
        let worker = UUID()
        guard
            case .mine(let row) = try await calls.store.claim(CallFacts(callSID: "CA1"), by: worker, for: .seconds(30))
        else { throw AtlasError(.conflict, "busy") }
        try await calls.store.fail(.linking, "The database went away.", of: row.id, by: worker)
        let link = try await calls.linker.link("CA1")
        #expect(link.transcript.status == "ready")
        #expect(link.transcript.failedStep == nil)
        #expect(link.transcript.errorMessage == nil)
        #expect(link.contact?.fullName == "Ann Lee")
    }

    @Test func aCallThatNobodyWroteDownIsNotFound() async throws {
        let calls = try await WrittenCalls()
        #expect(await refusal { try await calls.linker.link("CA404") } == "not_found call_sid")
    }

    // MARK: - Contacts that were merged away

    @Test func theCallOfAContactThatWasMergedAwayIsTheKeptOnes() async throws {
        let calls = try await WrittenCalls()
        let kept = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550151")).contact
        let link = try await calls.link(WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee"))
        let merged = try #require(link.contact?.id)
        _ = try await calls.kit.contacts.merge(merged, into: kept.id)
        let again = try await calls.linker.link("CA1")
        #expect(again.contact?.id == kept.id)
        #expect(again.transcript.contactID == kept.id)
        // Their number is the kept one's by now.
        let next = try await calls.link(WrittenCalls.inbound("CA2", from: ann))
        #expect(next.contact?.id == kept.id)
        #expect(!next.created)
    }

    @Test func aContactThatWasNotedAndMergedAwaySinceIsFollowed() async throws {
        let calls = try await WrittenCalls()
        let kept = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550151")).contact
        let gone = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550152")).contact
        _ = try await calls.kit.contacts.merge(gone.id, into: kept.id)
        try await calls.write(WrittenCalls.inbound("CA1", from: ann))
        // Another program, which had looked before the merge.
        try await calls.kit.execute("UPDATE call_transcripts SET contact_id = \(gone.id)")
        let link = try await calls.linker.link("CA1")
        #expect(link.contact?.id == kept.id)
        #expect(try await calls.interactions(of: "CA1").map(\.contactID) == [kept.id])
        let merge = try await calls.store.list(contactID: kept.id)
        #expect(merge.map(\.callSID) == ["CA1"])
    }
}
