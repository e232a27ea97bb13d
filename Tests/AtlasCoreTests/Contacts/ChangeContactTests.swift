import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ChangeContactTests {
    @Test func whatIsGivenChangesAndNothingElse() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(
            ContactDraft(
                fullName: "Ann Lee", phone: "2175550134", email: "a@b.org", city: "Paris", notes: "x", tags: ["t"])
        ).contact
        let changed = try await kit.contacts.update(
            ann.id,
            ContactChange(fullName: "Ann Mary Smith", contactType: .vendor, status: .inactive, clear: [.notes, .tags]))
        var expected = ann
        (expected.fullName, expected.firstName, expected.lastName) = ("Ann Mary Smith", "Ann", "Mary Smith")
        (expected.contactType, expected.status, expected.notes, expected.tags) = ("vendor", "inactive", nil, [])
        expected.updatedAt = changed.updatedAt
        #expect(changed == expected)
        #expect(try await kit.contacts.get(ann.id) == changed)
        #expect(try await kit.contacts.search(name: "mary smith").contacts.map(\.id) == [ann.id])
    }

    @Test func aNewPhoneTakesThePlaceOfTheOldOne() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "a@b.org"))
            .contact
        _ = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550199", email: "a@b.org"))
        let changed = try await kit.contacts.update(ann.id, ContactChange(phone: "217 555 0111", email: "A@C.org"))
        #expect(changed.phones == ["+12175550111", "+12175550199"])
        #expect(changed.phoneE164 == "+12175550111" && changed.phone == "+12175550111")
        #expect(changed.emails == ["a@c.org"] && changed.email == "a@c.org")
        let promoted = try await kit.contacts.update(ann.id, ContactChange(phone: "217 555 0199"))
        #expect(promoted.phones == ["+12175550199", "+12175550111"])
        #expect(try await kit.contacts.create(ContactDraft(fullName: "Bob", phone: "2175550134")).created)
        #expect(try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550111")).contact.id == ann.id)
        let cleared = try await kit.contacts.update(ann.id, ContactChange(clear: [.phone, .email]))
        #expect(cleared.phones.isEmpty && cleared.phone == nil && cleared.phoneE164 == nil && cleared.email == nil)
        #expect(try await kit.contacts.create(ContactDraft(fullName: "Cid", phone: "2175550111")).created)
    }

    @Test func whatAnotherHasIsRefusedAndNothingChanges() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "a@b.org"))
            .contact
        _ = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550135", email: "a@b.org"))
        let bob = try await kit.contacts.create(ContactDraft(fullName: "Bob", phone: "2175550199")).contact
        for change in [
            ContactChange(fullName: "X", phone: "(217) 555-0134"),
            ContactChange(fullName: "X", phone: "(217) 555-0135"),
            ContactChange(fullName: "X", email: "A@B.org"),
        ] {
            do {
                _ = try await kit.contacts.update(bob.id, change)
                Issue.record("no conflict")
            } catch let error as AtlasError {
                #expect(error.code == .conflict)
                #expect(error.message.contains(ann.id.uuidString.lowercased()))
                #expect(error.parameter == (change.phone == nil ? "email" : "phone"))
            }
        }
        #expect(try await kit.contacts.get(bob.id) == bob)
        _ = try await kit.contacts.update(ann.id, ContactChange(phone: "2175550134"))
        let elsewhere = try await kit.contacts.create(ContactDraft(fullName: "Cid", businessContextID: "garden"))
            .contact
        #expect(
            try await kit.contacts.update(elsewhere.id, ContactChange(phone: "2175550134")).phoneE164 == "+12175550134")
    }

    @Test func sayingNothingNewIsNoChange() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact
        #expect(try await kit.contacts.update(ann.id, ContactChange(fullName: "Ann", phone: "217-555-0134")) == ann)
        #expect(kit.changed.all.count == 1)
    }

    @Test func badChangesAreRefusedByName() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann")).contact
        let contacts = kit.contacts
        #expect(await refusal { try await contacts.update(ann.id, ContactChange()) } == "invalid_argument")
        #expect(await refusal { try await contacts.update(ann.id, ContactChange(fullName: " ")) } == "invalid_argument")
        #expect(
            await refusal { try await contacts.update(ann.id, ContactChange(email: "x")) } == "invalid_argument email")
        #expect(
            await refusal { try await contacts.update(ann.id, ContactChange(city: "X", clear: [.city])) }
                == "invalid_argument city")
        #expect(await refusal { try await contacts.update(UUID(), ContactChange(city: "X")) } == "not_found contact_id")
        #expect(await refusal { try await contacts.archive(UUID()) } == "not_found contact_id")
    }

    @Test func twoWhoChangeDifferentFieldsBothSucceed() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact
        try await withThrowingTaskGroup(of: Void.self) { group in
            for round in 0..<20 {
                group.addTask { _ = try await kit.contacts.update(ann.id, ContactChange(city: "City \(round)")) }
                group.addTask {
                    _ = try await kit.contacts.create(
                        ContactDraft(fullName: "Ann", phone: "2175550134", tags: ["tag \(round)"]))
                }
            }
            try await group.waitForAll()
        }
        let after = try #require(try await kit.contacts.get(ann.id))
        #expect(after.city?.hasPrefix("City") == true)
        #expect(after.tags.count == 20)
    }

    // MARK: Merging

    @Test func mergingMovesEverythingAndLosesNothing() async throws {
        let kit = try await ContactsKit()
        let keep = try await kit.contacts.create(
            ContactDraft(fullName: "Ann Lee", phone: "2175550134", city: "Paris", tags: ["a"])
        ).contact
        let lose = try await kit.contacts.create(
            ContactDraft(fullName: "Anna Lee", email: "a@b.org", city: "Rome", state: "IL", notes: "dogs", tags: ["b"])
        ).contact
        _ = try await kit.contacts.logInteraction(keep.id, type: .call, summary: "one")
        _ = try await kit.contacts.logInteraction(lose.id, type: .note, summary: "two")
        try await kit.execute(
            """
            INSERT INTO appointments (start_time, end_time, service_type, customer_name, customer_phone, business_context_id, contact_id)
            VALUES (now(), now() + interval '1 hour', 'clean', 'Anna', '1', 'x', \(lose.id))
            """)
        let merge = try await kit.contacts.merge(lose.id, into: keep.id)
        #expect((merge.moved.interactions, merge.moved.appointments, merge.moved.callTranscripts) == (1, 1, 0))
        #expect(merge.mergedID == lose.id)
        #expect(merge.contact.id == keep.id)
        #expect(merge.contact.fullName == "Ann Lee" && merge.contact.city == "Paris" && merge.contact.state == "IL")
        #expect(
            merge.contact.emails == ["a@b.org"] && merge.contact.tags == ["a", "b"] && merge.contact.notes == "dogs")
        #expect(merge.conflicts.contains(FieldConflict(field: "city", kept: "Paris", given: "Rome")))
        #expect(merge.conflicts.contains(FieldConflict(field: "full_name", kept: "Ann Lee", given: "Anna Lee")))
        #expect(try await kit.contacts.interactions(of: keep.id).map(\.summary).sorted { $0! < $1! } == ["one", "two"])
        #expect(try await kit.contacts.appointments(of: keep.id).count == 1)
        let gone = try #require(try await kit.contacts.get(lose.id))
        #expect(gone.status == "archived")
        #expect(gone.metadata["merged_into"]?.text == keep.id.uuidString.lowercased())
        #expect(try await kit.contacts.create(ContactDraft(fullName: "Anna", email: "a@b.org")).contact.id == keep.id)

        let contacts = kit.contacts
        #expect(await refusal { try await contacts.merge(lose.id, into: keep.id) } == "conflict merge_id")
        #expect(await refusal { try await contacts.merge(keep.id, into: lose.id) } == "conflict keep_id")
        #expect(await refusal { try await contacts.merge(keep.id, into: keep.id) } == "invalid_argument merge_id")
        #expect(await refusal { try await contacts.merge(UUID(), into: keep.id) } == "not_found merge_id")
        #expect(
            await refusal { try await contacts.update(lose.id, ContactChange(phone: "2175550199")) }
                == "conflict contact_id")
        let late = try await kit.contacts.logInteraction(lose.id, type: .sms, summary: "late")
        #expect(late.interaction.contactID == keep.id, "an old id still leads to the person")
    }

    @Test func duplicatesThatOthersLeaveAreFound() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact
        let copy = try await kit.insertAsReference("Annie", phone: "(217) 555-0134")
        _ = try await kit.insertAsReference("Nobody", phone: "+266696687")
        _ = try await kit.insertAsReference("Nobody Else", phone: "+266696687")
        for _ in 0..<2 { _ = try await kit.contacts.create(ContactDraft(fullName: "Bob Ray", address: "1 Main St")) }
        let groups = try await kit.contacts.findDuplicates()
        #expect(groups.count == 2)
        #expect(groups.first?.contacts.map(\.id) == [ann.id, copy])
        #expect(groups.first?.reason == "the same phone")
        #expect(groups.last?.contacts.map(\.fullName) == ["Bob Ray", "Bob Ray"])
        _ = try await kit.contacts.merge(copy, into: ann.id)
        #expect(try await kit.contacts.findDuplicates().count == 1)
    }
}
