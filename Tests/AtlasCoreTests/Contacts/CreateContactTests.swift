import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct CreateContactTests {
    @Test func aNewPersonIsStoredWhole() async throws {
        let kit = try await ContactsKit()
        let outcome = try await kit.contacts.create(
            ContactDraft(
                fullName: " Ann\u{200B} Lee ", phone: "(217) 555-0134", email: " Ann@Example.com",
                address: "1 Main St\nApt 2",
                city: "Springfield", state: "IL", zip: "62701", businessContextID: "cleaning", contactType: .lead,
                notes: "two dogs\u{202E}", source: "call", sourceRef: "CA1", tags: ["vip", "vip", " "]))
        #expect(outcome.created)
        #expect(
            outcome.matchedOn == nil && !outcome.reactivated && outcome.conflicts.isEmpty && outcome.warnings.isEmpty)
        let contact = outcome.contact
        #expect(contact.fullName == "Ann Lee")
        #expect(contact.firstName == "Ann")
        #expect(contact.lastName == "Lee")
        #expect(
            contact.phone == "+12175550134" && contact.phoneE164 == contact.phone && contact.phones == ["+12175550134"])
        #expect(contact.email == "ann@example.com" && contact.emails == ["ann@example.com"])
        #expect(contact.address == "1 Main St\nApt 2")
        #expect(contact.contactType == "lead" && contact.status == "active" && contact.tags == ["vip"])
        #expect(contact.notes == "two dogs")
        #expect(contact.businessContextID == "cleaning")
        #expect(contact.source == "call" && contact.sourceRef == "CA1" && contact.metadata == [:])
        #expect(abs(contact.createdAt.timeIntervalSinceNow) < 60)
        #expect(try await kit.contacts.get(contact.id) == contact)
        #expect(kit.changed.all == [contact.id])
    }

    @Test func fourSpellingsOfAPhoneAreOnePerson() async throws {
        let kit = try await ContactsKit()
        var ids: Set<UUID> = []
        for phone in ["555-123-4567", "(555) 123 4567", "+1 555 123 4567", "1-555-123-4567"] {
            let outcome = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: phone))
            #expect(outcome.created == ids.isEmpty)
            #expect(outcome.matchedOn == (ids.isEmpty ? nil : .phone))
            ids.insert(outcome.contact.id)
        }
        #expect(ids.count == 1)
        #expect(try await kit.count() == 1)
    }

    @Test func sayingTheSameAgainLeavesTheRowAlone() async throws {
        let kit = try await ContactsKit()
        let draft = ContactDraft(fullName: "Ann Lee", phone: "2175550134", email: "a@b.org", notes: "x", tags: ["t"])
        let first = try await kit.contacts.create(draft)
        let second = try await kit.contacts.create(draft)
        #expect(second.contact == first.contact)
        #expect(!second.created)
        #expect(kit.changed.all.count == 1)
    }

    @Test func whatIsLearntIsStoredAndIdentifies() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550134"))
        let more = try await kit.contacts.create(
            ContactDraft(fullName: "Anna Lee", phone: "2175550134", email: "ann@b.org", city: "Paris"))
        #expect(more.contact.id == ann.contact.id)
        #expect(more.contact.city == "Paris")
        #expect(more.conflicts.map(\.field) == ["full_name"])
        #expect(more.contact.metadata["also_known_as"] == [["field": "full_name", "value": "Anna Lee"]])
        #expect(more.contact.updatedAt > ann.contact.updatedAt)
        // Each of the two finds it, and so does a third that came with one of them.
        let third = try await kit.contacts.create(
            ContactDraft(fullName: "Ann Lee", phone: "2175550199", email: "ann@b.org"))
        #expect(third.contact.phones == ["+12175550134", "+12175550199"])
        let fourth = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "+1 217 555 0199"))
        #expect(fourth.contact.id == ann.contact.id)
        #expect(try await kit.count() == 1)
    }

    @Test func phoneAndEmailOfTwoMoveNothing() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact
        let bob = try await kit.contacts.create(ContactDraft(fullName: "Bob", email: "bob@b.org")).contact
        let both = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "bob@b.org"))
        #expect(both.contact.id == ann.id)
        #expect(both.possibleDuplicates == [bob.id])
        #expect(try await kit.contacts.get(ann.id) == ann)
        #expect(try await kit.contacts.get(bob.id) == bob)
    }

    @Test(arguments: ["anonymous", "n/a", "+266696687", "555-0134", "555"])
    func aPhoneThatIsNoIdentityIsKeptAsGivenWithAWarning(phone: String) async throws {
        let kit = try await ContactsKit()
        let first = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: phone))
        let second = try await kit.contacts.create(ContactDraft(fullName: "Bob", phone: phone))
        #expect(first.created && second.created)
        #expect(first.contact.phone == phone && first.contact.phoneE164 == nil)
        #expect(first.warnings.count == 1 && first.warnings[0].contains("phone"))
        #expect(try await kit.contacts.get(second.contact.id) == second.contact)
    }

    @Test func personsOfWhomOnlyTheNameIsKnownAreTwo() async throws {
        let kit = try await ContactsKit()
        let first = try await kit.contacts.create(ContactDraft(fullName: "José García"))
        let second = try await kit.contacts.create(ContactDraft(fullName: "jose garcia"))
        #expect(second.created)
        #expect(second.possibleDuplicates == [first.contact.id])
    }

    @Test func theExtensionOfAPhoneIsKeptBesideIt() async throws {
        let kit = try await ContactsKit()
        let first = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "217-555-0134 ext. 5"))
        #expect(first.contact.phone == "+12175550134")
        #expect(first.contact.metadata == ["phone_extensions": ["+12175550134": "5"]])
        let again = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "217-555-0134 x7"))
        #expect(again.contact == first.contact)
    }

    @Test func theFirstBusinessClaimsAContactOfNone() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "ann@b.org"))
            .contact
        #expect(ann.businessContextID == nil)
        let claimed = try await kit.contacts.create(
            ContactDraft(fullName: "Ann", phone: "2175550134", businessContextID: "cleaning"))
        #expect(claimed.contact.id == ann.id)
        #expect(claimed.contact.businessContextID == "cleaning")
        #expect(claimed.contact.phoneE164 == "+12175550134")
        let other = try await kit.contacts.create(
            ContactDraft(fullName: "Ann", email: "ann@b.org", businessContextID: "garden"))
        #expect(other.created, "another business has its own contacts")
        let unclear = try await kit.contacts.create(ContactDraft(fullName: "Ann", email: "ann@b.org"))
        #expect(unclear.created, "two businesses have the address")
        #expect(Set(unclear.possibleDuplicates) == [ann.id, other.contact.id])
        let clear = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134"))
        #expect(clear.contact.id == ann.id)
    }

    @Test func aContactIsNotClaimedIntoABusinessWhereItsAddressIsTaken() async throws {
        let kit = try await ContactsKit()
        let own = try await kit.contacts.create(
            ContactDraft(fullName: "Own", email: "ann@b.org", businessContextID: "cleaning")
        ).contact
        _ = try await kit.insertAsReference("Ann", phone: "2175550134", email: "ann@b.org")
        let met = try await kit.contacts.create(
            ContactDraft(fullName: "Ann", phone: "2175550134", businessContextID: "cleaning"))
        #expect(met.matchedOn == .phone)
        #expect(met.contact.businessContextID == nil)
        #expect(met.possibleDuplicates == [own.id])
    }

    @Test func theServersBusinessIsTakenWhenNoneIsNamed() async throws {
        let kit = try await ContactsKit(businessContextID: "cleaning")
        #expect(try await kit.contacts.create(ContactDraft(fullName: "Ann")).contact.businessContextID == "cleaning")
        let named = try await kit.contacts.create(ContactDraft(fullName: "Ann", businessContextID: "garden"))
        #expect(named.contact.businessContextID == "garden")
    }

    @Test func anArchivedContactComesBackWithItsHistory() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact
        _ = try await kit.contacts.logInteraction(ann.id, type: .call, summary: "asked for a price")
        #expect(try await kit.contacts.archive(ann.id).status == "archived")
        let back = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134"))
        #expect(back.reactivated && back.contact.id == ann.id && back.contact.status == "active")
        #expect(try await kit.contacts.interactions(of: ann.id).count == 1)
    }

    @Test(arguments: ["217-555-0134", "2175550134 ", "+12175550134", "217/555/0134", "(217)555-0134x"])
    func whatAReferenceServerWroteIsMet(written: String) async throws {
        let kit = try await ContactsKit()
        let id = try await kit.insertAsReference("Ann", phone: written)
        let met = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "+1 (217) 555-0134"))
        #expect(met.contact.id == id)
        #expect(met.contact.phoneE164 == "+12175550134")
        #expect(met.contact.phones == ["+12175550134"])
    }

    @Test func copiesThatAReferenceServerMakesAreToldNotMet() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "a@b.org"))
            .contact
        let copy = try await kit.insertAsReference("Ann", phone: "217 555 0134", email: "A@b.org")
        let met = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "a@b.org"))
        #expect(met.contact == ann)
        #expect(met.possibleDuplicates.contains(copy))
        // The copy is met when its owner gives the number up.
        _ = try await kit.contacts.update(ann.id, ContactChange(clear: [.phone, .email]))
        let later = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134"))
        #expect(later.contact.id == copy)
        #expect(later.contact.phoneE164 == "+12175550134")
        #expect(try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact.id == copy)
    }

    @Test(arguments: [
        (ContactDraft(fullName: " \u{200B} "), "full_name"),
        (ContactDraft(fullName: String(repeating: "a", count: 257)), "full_name"),
        (ContactDraft(fullName: "Ann", email: "n/a"), "email"),
        (ContactDraft(fullName: "Ann", phone: String(repeating: "5", count: 33)), "phone"),
        (ContactDraft(fullName: "Ann", state: String(repeating: "a", count: 65)), "state"),
        (ContactDraft(fullName: "Ann", zip: String(repeating: "1", count: 17)), "zip_code"),
        (ContactDraft(fullName: "Ann", businessContextID: String(repeating: "1", count: 65)), "business_context_id"),
        (ContactDraft(fullName: "Ann", tags: [String(repeating: "1", count: 65)]), "tags"),
    ])
    func whatDoesNotFitIsRefusedByName(draft: ContactDraft, parameter: String) async throws {
        let kit = try await ContactsKit()
        #expect(await refusal { try await kit.contacts.create(draft) } == "invalid_argument \(parameter)")
        #expect(try await kit.count() == 0)
    }
}
