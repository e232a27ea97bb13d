import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct ContactImportTests: ImportComparison {
    private func entry(_ line: Int, _ draft: ContactDraft, phones: [String] = [], emails: [String] = []) -> ContactEntry
    {
        ContactEntry(line: line, draft: draft, otherPhones: phones, otherEmails: emails)
    }

    // MARK: The same as one by one

    @Test(arguments: 0..<12) func aFileComesToTheSameAsItsRowsOneAfterTheOther(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed))
        let single = try await ContactsKit()
        let many = try await ContactsKit()
        // Some were there before, as our servers and as the reference's write them.
        let before = drafts(15, random: &random)
        for kit in [single, many] {
            for (index, draft) in before.enumerated() {
                if index % 5 == 4 {
                    _ = try await kit.insertAsReference(
                        draft.fullName, phone: draft.phone, email: draft.email, context: draft.businessContextID,
                        status: index == 4 ? "archived" : "active")
                } else {
                    _ = try await kit.contacts.create(draft)
                }
            }
        }
        let drafts = drafts(200, random: &random)
        var expected: [ContactUpsertOutcome] = []
        for draft in drafts { expected.append(try await single.contacts.create(draft)) }
        var outcomes: [ContactEntryOutcome] = []
        let importing = ContactImport(many.contacts)
        let all = entries(drafts)
        let size = [7, 50, 200][seed % 3]
        for start in stride(from: 0, to: all.count, by: size) {
            outcomes += try await importing.page(Array(all[start..<min(start + size, all.count)]))
        }
        for (index, (outcome, other)) in zip(outcomes, expected).enumerated() {
            let isSame =
                (outcome.kind == .created) == other.created && outcome.matchedOn == other.matchedOn
                && outcome.conflicts == other.conflicts
                && outcome.possibleDuplicates.count == other.possibleDuplicates.count
            guard !isSame else { continue }
            Issue.record("row \(index): \(drafts[index])\nimported \(outcome)\nmet \(other)")
            break
        }
        try await compare(many, single)
        for draft in drafts { _ = try await single.contacts.create(draft) }
        _ = try await ContactImport(many.contacts).page(all)
        try await compare(many, single)
    }

    @Test(arguments: 0..<4) func theSameFileOnceMoreChangesNothing(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed))
        let kit = try await ContactsKit()
        let all = entries(
            drafts(200, random: &random).map { draft in
                var draft = draft
                draft.businessContextID = nil
                return draft
            })
        _ = try await ContactImport(kit.contacts).page(all)
        // What one row says first may contradict what another did: that is noted once.
        _ = try await ContactImport(kit.contacts).page(all)
        let before = try await picture(kit)
        let again = try await ContactImport(kit.contacts).page(all)
        #expect(again.allSatisfy { $0.kind == .unchanged })
        #expect(try await picture(kit) == before)
    }

    // MARK: Beside others

    @Test func importsAndServersAtOnceMakeOneContactOfEachPerson() async throws {
        let kit = try await ContactsKit()
        let people = (0..<600).map {
            ContactDraft(
                fullName: "Person \($0)", phone: "217-555-\(1000 + $0)", email: "person\($0)@example.com")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for turn in 0..<3 {
                group.addTask {
                    let contacts = Contacts(database: kit.base.open())
                    let importing = ContactImport(contacts)
                    let shuffled = entries(
                        people.enumerated().sorted { ($0.offset * 7 + turn) % 11 < ($1.offset * 7 + turn) % 11 }.map(
                            \.element))
                    for start in stride(from: 0, to: shuffled.count, by: 150) {
                        let outcomes = try await importing.page(Array(shuffled[start..<start + 150]))
                        #expect(outcomes.allSatisfy { $0.contact != nil })
                    }
                }
            }
            for worker in 0..<4 {
                group.addTask {
                    let contacts = Contacts(database: kit.base.open())
                    for step in 0..<100 {
                        _ = try await contacts.create(people[(step * 13 + worker * 150) % people.count])
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await kit.count() == 600)
        #expect(try await kit.contacts.list().total == 600)
        #expect(try await kit.count("contact_identities", where: "identifies") == 1200)
    }

    @Test func whatAnotherWriterAddsMeanwhileIsNotOverwritten() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "217-555-0134")).contact
        let importing = ContactImport(kit.contacts)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for step in 0..<20 {
                    let draft = ContactDraft(fullName: "Ann Lee", phone: "217-555-0134", tags: ["a\(step)"])
                    let outcomes = try await importing.page([ContactEntry(line: 2, draft: draft)])
                    #expect(outcomes.map(\.kind) == [.updated])
                }
            }
            group.addTask {
                for step in 0..<20 {
                    _ = try await kit.contacts.create(
                        ContactDraft(fullName: "Ann Lee", phone: "217-555-0134", tags: ["b\(step)"]))
                }
            }
            try await group.waitForAll()
        }
        #expect(try await kit.contacts.get(ann.id)?.tags.count == 40)
    }

    // MARK: What create_contact does not know

    @Test func severalPhonesAndAddressesAreOnePersonsAndRecogniseIt() async throws {
        let kit = try await ContactsKit()
        let importing = ContactImport(kit.contacts)
        let ann = entry(
            2, ContactDraft(fullName: "Ann Lee", phone: "217-555-0134", email: "ann@example.com"),
            phones: ["217-555-0199", "217.555.0134"], emails: ["ann@work.example"])
        let outcomes = try await importing.page([
            ann, entry(3, ContactDraft(fullName: "Ann Lee", email: "ann@work.example"), phones: ["217-555-0150"]),
        ])
        #expect(outcomes.map(\.kind) == [.created, .updated])
        #expect(outcomes[1].isRepeat && outcomes[1].matchedOn == .email)
        let id = try #require(outcomes[0].contact)
        let contact = try #require(try await kit.contacts.get(id))
        #expect(contact.phones == ["+12175550134", "+12175550199", "+12175550150"])
        #expect(contact.emails == ["ann@example.com", "ann@work.example"])
        let found = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550199"))
        #expect(found.contact.id == contact.id)
    }

    @Test func aRowWithoutPhoneAndAddressIsThereOnceHoweverOftenItIsImported() async throws {
        let kit = try await ContactsKit()
        let rows = [
            ContactDraft(fullName: "Ann Lee", address: "1 Main St"),
            ContactDraft(fullName: "Ann Lee", address: "2 Oak Ave"),
            ContactDraft(fullName: "ann lee ", address: "1 Main St."),
            ContactDraft(fullName: "Bob Ray", phone: "555-0134"),
        ]
        let first = try await ContactImport(kit.contacts).page(entries(rows))
        #expect(first.map(\.kind) == [.created, .created, .unchanged, .created])
        let second = try await ContactImport(kit.contacts).page(entries(rows))
        #expect(second.map(\.kind) == [.unchanged, .unchanged, .unchanged, .unchanged])
        #expect(second.map(\.contact) == first.map(\.contact))
        #expect(try await kit.count() == 3)
    }

    @Test func whatIsNoPersonIsRefusedAndTheRestIsImported() async throws {
        let kit = try await ContactsKit()
        let outcomes = try await ContactImport(kit.contacts, source: "old CRM").page(
            entries([
                ContactDraft(fullName: "  "), ContactDraft(fullName: "Ann Lee", email: "no address"),
                ContactDraft(fullName: "", phone: "217-555-0134"),
                ContactDraft(fullName: String(repeating: "x", count: 300), phone: "217-555-0135"),
            ]))
        #expect(outcomes.map(\.kind) == [.refused, .refused, .created, .refused])
        #expect(outcomes[1].reason?.contains("email") == true)
        #expect(outcomes[3].reason?.contains("full_name") == true)
        #expect(try await kit.count(where: "source = 'old CRM' AND metadata ? 'name_is_placeholder'") == 1)
        let named = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550134"))
        #expect(named.contact.fullName == "Ann Lee" && named.conflicts.isEmpty)
    }

    @Test func aDryRunSaysTheSameAndLeavesNothing() async throws {
        var random = SeededRandom(99)
        let kit = try await ContactsKit()
        for draft in drafts(20, random: &random) { _ = try await kit.contacts.create(draft) }
        let before = try await picture(kit)
        let all = entries(drafts(120, random: &random))
        let dry = ContactImport(kit.contacts, isDryRun: true)
        var said: [ContactEntryOutcome] = []
        for start in stride(from: 0, to: all.count, by: 40) {
            said += try await dry.page(Array(all[start..<start + 40]))
        }
        #expect(try await picture(kit) == before)
        let done = try await ContactImport(kit.contacts).page(all)
        #expect(said.map(\.kind) == done.map(\.kind))
        #expect(said.map(\.conflicts) == done.map(\.conflicts))
    }

    // MARK: Plans

    /// Where the tables have grown since the statistics were made; all of an index is as good as its places while they are small.
    @Test(arguments: [0, 2000]) func everyLookGoesToItsPlacesInAnIndex(more: Int) async throws {
        let kit = try await ContactsKit()
        _ = try await kit.contacts.create(
            ContactDraft(fullName: "Ann Lee", phone: "+12175550134", email: "ann@example.com"))
        let others = entries(
            (0..<more).map {
                ContactDraft(fullName: "P \($0)", phone: "+1312555\(1000 + $0)", email: "q\($0)@example.com")
            })
        if more > 0 {
            // As few as the server itself makes statistics of.
            _ = try await ContactImport(kit.contacts).page(Array(others[..<60]))
            try await kit.database.run { try $0.script("ANALYZE contacts; ANALYZE contact_identities") }
            _ = try await ContactImport(kit.contacts).page(others)
        }
        let sought = (0..<50).flatMap { number in
            [
                SoughtIdentity(value: "+1217555\(1000 + number)", businessContextID: nil),
                SoughtIdentity(value: "p\(number)@example.com", businessContextID: "cleaning"),
            ]
        }
        let looks = [
            ContactFindings.look(sought), ContactFindings.traces(of: sought),
            ContactFindings.namesakes(["Ann Lee", "Bob Ray"]),
        ]
        for query in looks {
            let lines: [String] = try await kit.database.run { connection in
                let queries = [ContactImport.plainPlans, ContactImport.freshPlans, "EXPLAIN " + query]
                return try connection.pipeline(queries)[2].map { try $0.get(0) }
            }
            let plan = lines.joined(separator: "\n")
            #expect(!plan.contains("Seq Scan"), "\(plan)")
            guard more > 0 else { continue }
            #expect(plan.matches(of: /Index (Only )?Scan/).count == plan.matches(of: /Index Cond/).count, "\(plan)")
        }
    }
}
