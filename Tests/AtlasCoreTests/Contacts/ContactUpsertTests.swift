import Foundation
import JSON
import Testing

@testable import AtlasCore

@Suite struct ContactUpsertTests {
    // MARK: Who it is

    @Test func aPersonNobodyKnowsIsNew() throws {
        let upsert = decide(try person(phone: "217-555-0134"), among: [])
        #expect(upsert == ContactUpsert(action: .insert))
    }

    @Test func thePhoneIsRecognisedBeforeTheEmail() throws {
        let byPhone = known("Ann Lee", phones: ["+12175550134"])
        let byEmail = known("Bob Ray", emails: ["ann@example.com"])
        let upsert = decide(try person(phone: "(217) 555-0134", email: "Ann@Example.com"), among: [byEmail, byPhone])
        #expect(upsert.matchedOn == .phone)
        #expect(upsert.before?.id == byPhone.contact.id)
        #expect(upsert.possibleDuplicates == [byEmail.contact.id])
        #expect(upsert.after?.emails == [], "the address is Bob's and does not move")
    }

    @Test func theEmailIsRecognisedWhenThePhoneIsNew() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"], emails: ["ann@example.com"])
        let upsert = decide(try person(phone: "217-555-0199", email: "ann@example.com"), among: [ann])
        #expect(upsert.matchedOn == .email)
        #expect(upsert.after?.phones == ["+12175550134", "+12175550199"])
        #expect(upsert.after?.phone == "+12175550134")
        #expect(upsert.after?.phoneE164 == "+12175550134")
        #expect(upsert.conflicts.isEmpty)
    }

    @Test func aFurtherEmailIsAddedToItsList() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"], emails: ["ann@example.com"])
        let upsert = decide(try person(phone: "2175550134", email: "ann@work.example"), among: [ann])
        #expect(upsert.after?.emails == ["ann@example.com", "ann@work.example"])
        #expect(upsert.after?.email == "ann@example.com")
    }

    @Test(arguments: ["anonymous", "n/a", "555-0134", "+266696687"])
    func whatIsNoIdentityMatchesNobody(phone: String) throws {
        let other = known("Bob Ray", phones: [phone, "+12175550134"])
        #expect(decide(try person(phone: phone), among: [other]).action == .insert)
    }

    @Test func aNumberThatAnotherProgramWroteIsRecognisedAndHealed() throws {
        var bob = known("Bob Ray", phones: ["217/555/0134"])
        bob.identities = []
        bob.contact.phoneE164 = nil
        let upsert = decide(try person(name: "Bob Ray", phone: "+1 217 555 0134"), among: [bob])
        #expect(upsert.matchedOn == .phone)
        #expect(upsert.after?.phones == ["+12175550134"])
        #expect(upsert.after?.phoneE164 == "+12175550134")
    }

    @Test func theSameLastDigitsOfAnotherCountryAreAnotherPerson() throws {
        var uk = known("Bob Ray", phones: ["+442175550134"])
        uk.identities = []
        #expect(decide(try person(phone: "217-555-0134"), among: [uk]).action == .insert)
    }

    @Test func theOwnerOfANumberIsChosenBeforeTheOneWhoAlsoWroteIt() throws {
        let owner = known("Ann Lee", phones: ["+12175550134"])
        var copy = known("Ann Lee", phones: ["+12175550134"])
        copy.identities = []
        copy.contact.phoneE164 = nil
        let upsert = decide(try person(phone: "2175550134"), among: [copy, owner])
        #expect(upsert.before?.id == owner.contact.id)
        #expect(upsert.after == upsert.before, "nothing moves from the one to the other")
        #expect(upsert.possibleDuplicates == [copy.contact.id])
    }

    // MARK: Whose it is

    @Test func aContactOfNoBusinessIsClaimedByTheFirstThatMeetsIt() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"])
        let upsert = decide(try person(phone: "2175550134", context: "cleaning"), among: [ann])
        #expect(upsert.after?.businessContextID == "cleaning")
        #expect(upsert.conflicts.isEmpty)
    }

    @Test func aContactOfAnotherBusinessIsAnotherPerson() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"], context: "garden")
        let upsert = decide(try person(phone: "2175550134", context: "cleaning"), among: [ann])
        #expect(upsert == ContactUpsert(action: .insert))
    }

    @Test func theOwnContactIsChosenBeforeOneOfNoBusiness() throws {
        let free = known("Ann Lee", phones: ["+12175550134"])
        let own = known("Ann Lee", phones: ["+12175550134"], context: "cleaning")
        let upsert = decide(try person(phone: "2175550134", context: "cleaning"), among: [free, own])
        #expect(upsert.before?.id == own.contact.id)
        #expect(upsert.possibleDuplicates == [free.contact.id])
    }

    @Test func aContactWhoseOtherIdentityIsTakenInTheBusinessStaysWhereItIs() throws {
        var free = known("Ann Lee", phones: ["+12175550134"], emails: ["ann@example.com"])
        let rival = UUID()
        free.rival = rival
        let upsert = decide(try person(phone: "2175550134", context: "cleaning"), among: [free])
        #expect(upsert.after?.businessContextID == nil)
        #expect(upsert.possibleDuplicates == [rival])
    }

    @Test func aCallForNoBusinessMeetsTheOnlyOneWhoHasTheIdentity() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"], context: "garden")
        let upsert = decide(try person(phone: "2175550134"), among: [ann])
        #expect(upsert.matchedOn == .phone)
        #expect(upsert.after?.businessContextID == "garden")
    }

    @Test func aCallForNoBusinessDoesNotChooseBetweenTwo() throws {
        let one = known("Ann Lee", phones: ["+12175550134"], context: "garden")
        let two = known("Ann Lee", phones: ["+12175550134"], context: "cleaning")
        let upsert = decide(try person(phone: "2175550134"), among: [one, two])
        #expect(upsert.action == .insert)
        #expect(Set(upsert.possibleDuplicates) == [one.contact.id, two.contact.id])

        let free = known("Ann Lee", phones: ["+12175550134"])
        #expect(decide(try person(phone: "2175550134"), among: [one, two, free]).before?.id == free.contact.id)
    }

    // MARK: What is learnt

    @Test func blanksAreFilledAndTagsUnited() throws {
        var ann = known("Ann Lee", phones: ["+12175550134"])
        ann.contact.tags = ["vip"]
        ann.contact.city = " "
        var draft = ContactDraft(fullName: "Ann Lee", phone: "2175550134", address: "1 Main St", city: "Springfield")
        draft.tags = ["vip", "weekly"]
        draft.notes = "two dogs"
        let upsert = decide(try known(draft), among: [ann])
        #expect(upsert.after?.address == "1 Main St")
        #expect(upsert.after?.city == "Springfield")
        #expect(upsert.after?.tags == ["vip", "weekly"])
        #expect(upsert.after?.notes == "two dogs")
        #expect(upsert.conflicts.isEmpty)
    }

    @Test func nothingIsOverwrittenAndWhatDiffersIsKept() throws {
        var ann = known("Ann Lee", phones: ["+12175550134"])
        ann.contact.address = "1 Main St"
        ann.contact.contactType = "lead"
        let draft = ContactDraft(
            fullName: "Anna Lee-Smith", phone: "2175550134", address: "2 Oak Ave", contactType: .customer)
        let upsert = decide(try known(draft), among: [ann])
        let after = try #require(upsert.after)
        #expect(after.fullName == "Ann Lee")
        #expect(after.address == "1 Main St")
        #expect(after.contactType == "lead")
        #expect(
            upsert.conflicts == [
                FieldConflict(field: "full_name", kept: "Ann Lee", given: "Anna Lee-Smith"),
                FieldConflict(field: "address", kept: "1 Main St", given: "2 Oak Ave"),
                FieldConflict(field: "contact_type", kept: "lead", given: "customer"),
            ])
        #expect(
            after.metadata == [
                "also_known_as": [
                    ["field": "full_name", "value": "Anna Lee-Smith"], ["field": "address", "value": "2 Oak Ave"],
                    ["field": "contact_type", "value": "customer"],
                ]
            ])
    }

    @Test func sayingTheSameAgainChangesNothing() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"], emails: ["ann@example.com"])
        let draft = ContactDraft(
            fullName: "ANN  LEÉ", phone: "1 217 555 0134", email: "ANN@example.com", city: "Paris", notes: "two\ndogs",
            tags: ["vip"])
        let first = decide(try known(draft), among: [ann])
        let after = try #require(first.after)
        let second = decide(try known(draft), among: [.init(contact: after, identities: ann.identities)])
        #expect(second.after == second.before)
        #expect(second.conflicts.isEmpty)

        let other = ContactDraft(fullName: "Bob", phone: "2175550134", city: "Rome", notes: "two")
        let third = decide(try known(other), among: [.init(contact: after, identities: ann.identities)])
        #expect(third.after?.notes == "two\ndogs", "a line that stands there is not repeated")
        let fourth = decide(
            try known(other), among: [.init(contact: try #require(third.after), identities: ann.identities)])
        #expect(fourth.after == fourth.before)
        #expect(fourth.conflicts.map(\.field) == ["full_name", "city"], "told again, kept once")
    }

    @Test func whatIsNotSaidIsNoConflict() throws {
        var ann = known("Ann Lee", phones: ["+12175550134"])
        ann.contact.contactType = "vendor"
        ann.contact.source = "phone_call"
        #expect(decide(try person(phone: "2175550134"), among: [ann]).conflicts.isEmpty)
    }

    @Test func anArchivedContactComesBack() throws {
        var ann = known("Ann Lee", phones: ["+12175550134"])
        ann.contact.status = "archived"
        let upsert = decide(try person(phone: "2175550134"), among: [ann])
        #expect(upsert.reactivated)
        #expect(upsert.after?.status == "active")
        ann.contact.status = "inactive"
        let inactive = decide(try person(phone: "2175550134"), among: [ann])
        #expect(!inactive.reactivated)
        #expect(inactive.after?.status == "inactive")
    }

    @Test func anIncompletePhoneNeitherReplacesNorIdentifies() throws {
        let ann = known("Ann Lee", phones: ["+12175550134"], emails: ["ann@example.com"])
        let suffix = decide(try person(phone: "555-0134", email: "ann@example.com"), among: [ann])
        #expect(suffix.after == suffix.before)
        let other = decide(try person(phone: "555-0199", email: "ann@example.com"), among: [ann])
        #expect(other.after?.phones == ["+12175550134"])
        #expect(other.conflicts == [FieldConflict(field: "phone", kept: "+12175550134", given: "555-0199")])
        let junk = decide(try person(phone: "n/a", email: "ann@example.com"), among: [ann])
        #expect(junk.after == junk.before)
    }

    @Test func aCompleteNumberTakesThePlaceOfAnUnfinishedOne() throws {
        for unfinished in ["555-0134", "anonymous"] {
            var ann = known("Ann Lee", phones: [unfinished], emails: ["ann@example.com"])
            ann.contact.phoneE164 = nil
            let upsert = decide(try person(phone: "217-555-0134", email: "ann@example.com"), among: [ann])
            #expect(upsert.after?.phones == ["+12175550134"])
            #expect(upsert.after?.phoneE164 == "+12175550134")
        }
    }

    // MARK: Kit

    private func decide(_ person: KnownPerson, among candidates: [ContactUpsert.Candidate]) -> ContactUpsert {
        ContactUpsert.decide(person, among: candidates, region: "US")
    }

    private func known(_ draft: ContactDraft) throws -> KnownPerson {
        try KnownPerson(draft, region: "US", defaultContext: nil)
    }

    private func person(
        name: String = "Ann Lee", phone: String? = nil, email: String? = nil, context: String? = nil
    ) throws -> KnownPerson {
        try known(ContactDraft(fullName: name, phone: phone, email: email, businessContextID: context))
    }

    /// A contact as it lies in the database.
    private func known(
        _ name: String, phones: [String] = [], emails: [String] = [], context: String? = nil
    ) -> ContactUpsert.Candidate {
        var contact = Contact(
            id: UUID(), fullName: name, phones: phones, emails: emails, contactType: "customer", status: "active",
            tags: [],
            source: "manual", createdAt: .distantPast, updatedAt: .distantPast, metadata: [:])
        contact.phone = phones.first
        contact.phoneE164 = phones.first
        contact.email = emails.first
        contact.businessContextID = context
        return ContactUpsert.Candidate(contact: contact, identities: Set(phones + emails))
    }
}

extension ContactUpsert {
    fileprivate var before: Contact? {
        guard case .update(let before, _) = action else { return nil }
        return before
    }

    fileprivate var after: Contact? {
        guard case .update(_, let after) = action else { return nil }
        return after
    }
}

@Suite struct PersonNameTests {
    @Test(
        arguments: [
            ("Ann Lee", "Ann", "Lee"), ("Ann Mary van der Berg", "Ann", "Mary van der Berg"),
            ("Lee, Ann Mary", "Ann Mary", "Lee"),
            ("Ann Lee, Jr.", "Ann", "Lee, Jr."), ("Acme Cleaning, LLC", "Acme", "Cleaning, LLC"), ("Ann", "Ann", nil),
            (",", ",", nil),
        ] as [(String, String?, String?)])
    func aNameComesApart(name: String, first: String?, last: String?) {
        #expect(PersonName.parts(of: name) == (first, last))
    }

    @Test func idsSortByTime() {
        let ids = (0..<100).map { UUID.timeOrdered(at: Date(timeIntervalSince1970: 1_700_000_000 + Double($0))) }
        #expect(ids.map(\.uuidString) == ids.map(\.uuidString).sorted())
        #expect(ids.allSatisfy { $0.uuid.6 >> 4 == 7 && $0.uuid.8 >> 6 == 2 })
        #expect(Set(ids).count == 100)
    }
}
