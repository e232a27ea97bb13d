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
        // That the caller hid the number, or that ours was said, needs no telling.
        if ["555-0134", "ask my wife", "12"].contains(stated) {
            #expect(link.warnings.count == 1)
            #expect(link.warnings.first?.contains("\"\(stated)\"") == true)
        }
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
        #expect(named.contact?.metadata["name_is_placeholder"] == nil)
        #expect(named.contact?.metadata["also_known_as"] == nil)
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
}
