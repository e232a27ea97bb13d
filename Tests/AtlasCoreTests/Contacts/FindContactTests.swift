import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct FindContactTests {
    private func people() async throws -> ContactsKit { try await Self.people.value }

    private static let people = Task {
        let kit = try await ContactsKit()
        for (name, phone, email) in [
            ("José García", "217-555-0134", "jose@example.com"),
            ("Jose Garcia Lopez", "217-555-0135", "jl@example.com"),
            ("Maria Garcia", "217-555-0136", "maria_g@example.com"),
            ("John O'Brien", "(312) 555-0134", "john@example.com"),
            ("Ann Lee", "+44 20 7946 0958", "ann@example.com"),
            ("100% Clean_Co", "+1 202 794 6095", "info@clean.example"),
        ] {
            _ = try await kit.contacts.create(ContactDraft(fullName: name, phone: phone, email: email))
        }
        return kit
    }

    @Test(arguments: [
        ("jose garcia", ["José García", "Jose Garcia Lopez"]), ("GARCÍA josé", ["José García", "Jose Garcia Lopez"]),
        ("garcia", ["José García", "Jose Garcia Lopez", "Maria Garcia"]), ("jon obrien", ["John O'Brien"]),
        ("maria gracia", ["Maria Garcia"]), ("o'brien", ["John O'Brien"]), ("ann", ["Ann Lee"]),
        ("100%", ["100% Clean_Co"]),
        ("clean_co", ["100% Clean_Co"]), ("zzz nobody", []), ("%", []), ("_", []), ("john%brien", ["John O'Brien"]),
        ("maria_g@example.com", ["Maria Garcia"]), ("(312) 555-0134", ["John O'Brien"]),
    ])
    func aNameIsFound(query: String, names: [String]) async throws {
        let kit = try await people()
        let found = try await kit.contacts.search(name: query).contacts.map(\.fullName)
        if names.first == "José García" {
            #expect(Set(found) == Set(names))
            if query != "garcia" { #expect(found.first == "José García", "the very name comes first") }
        } else {
            #expect(found == names)
        }
    }

    @Test(arguments: [
        ("2175550134", ["José García"]), ("+1 (217) 555-0134", ["José García"]),
        ("555-0134", ["John O'Brien", "José García"]),
        ("020 7946 0958", ["Ann Lee"]), ("+442079460958", ["Ann Lee"]), ("2079460958", ["Ann Lee"]),
        ("011 44 20 7946 0958", ["Ann Lee"]),
        ("0134", []), ("n/a", []), ("anonymous", []), ("+8656696", []), ("", []), ("555%134", []),
        ("+1 217 555 0199", []),
    ])
    func aPhoneIsFoundInAnyFormat(phone: String, names: [String]) async throws {
        let kit = try await people()
        if phone.isEmpty { return }
        #expect(try await kit.contacts.search(phone: phone).contacts.map(\.fullName).sorted() == names)
    }

    @Test(arguments: [
        ("JOSE@example.com ", 1), ("maria_g@example.com", 1), ("mariaxg@example.com", 0), ("%@example.com", 0),
        ("n/a", 0),
    ])
    func anEmailIsFoundInAnyCase(email: String, count: Int) async throws {
        #expect(try await people().contacts.search(email: email).contacts.count == count)
    }

    @Test func whatIsGivenTogetherMustHoldTogether() async throws {
        let contacts = try await people().contacts
        #expect(
            try await contacts.search(name: "garcia", phone: "2175550134").contacts.map(\.fullName) == ["José García"])
        #expect(try await contacts.search(name: "lee", phone: "2175550134").contacts.isEmpty)
        #expect(try await contacts.search(phone: "2175550134", email: "jose@example.com").contacts.count == 1)
        #expect(try await contacts.search(phone: "2175550134", email: "ann@example.com").contacts.isEmpty)
        #expect(try await contacts.search(name: "ann", email: "ann@example.com").contacts.count == 1)
        #expect(try await contacts.search(name: "ann", phone: "n/a").contacts.isEmpty)
    }

    @Test func secondaryPhonesAndWhatOthersWroteAreFound() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134", email: "a@b.org"))
            .contact
        _ = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550199", email: "a@b.org"))
        let copy = try await kit.insertAsReference("Copy", phone: "217.555.0134", email: "A@B.org")
        let short = try await kit.insertAsReference("Short", phone: "555-0177")
        #expect(try await kit.contacts.search(phone: "2175550199").contacts.map(\.id) == [ann.id])
        #expect(try await kit.contacts.search(phone: "2175550134").contacts.map(\.id) == [ann.id, copy])
        #expect(try await kit.contacts.search(phone: "+12175550134").contacts.first?.id == ann.id)
        #expect(try await kit.contacts.search(email: "a@b.org").contacts.map(\.id) == [ann.id, copy])
        #expect(try await kit.contacts.search(phone: "5550177").contacts.map(\.id) == [short])
    }

    @Test func businessesAreKeptApartAndPagesFollow() async throws {
        let kit = try await ContactsKit()
        for index in 0..<5 {
            _ = try await kit.contacts.create(
                ContactDraft(fullName: "Ann \(index)", businessContextID: index < 3 ? "a" : "b"))
        }
        #expect(try await kit.contacts.search(name: "ann", businessContextID: "a").contacts.count == 3)
        #expect(try await kit.contacts.search(name: "ann", businessContextID: "c").contacts.isEmpty)
        let first = try await kit.contacts.search(name: "ann", limit: 2)
        let second = try await kit.contacts.search(name: "ann", limit: 2, offset: 2)
        let third = try await kit.contacts.search(name: "ann", limit: 2, offset: 4)
        #expect([first, second, third].map(\.hasMore) == [true, true, false])
        #expect(Set([first, second, third].flatMap { $0.contacts.map(\.id) }).count == 5)
    }

    @Test func anEmptyOrEndlessQuestionIsRefused() async throws {
        let contacts = try await ContactsKit().contacts
        #expect(await refusal { try await contacts.search() } == "invalid_argument query")
        #expect(await refusal { try await contacts.search(name: " \u{200B}") } == "invalid_argument query")
        #expect(
            await refusal { try await contacts.search(name: String(repeating: "a", count: 201)) }
                == "invalid_argument query")
        #expect(await refusal { try await contacts.search(name: "a", limit: 0) } == "invalid_argument limit")
        #expect(await refusal { try await contacts.search(name: "a", limit: 201) } == "invalid_argument limit")
        #expect(await refusal { try await contacts.search(name: "a", offset: -1) } == "invalid_argument offset")
    }

    @Test func aFailingDatabaseIsAnErrorNotAnEmptyAnswer() async throws {
        let kit = try await ContactsKit()
        try await kit.execute("ALTER TABLE contacts RENAME TO contacts_away")
        let contacts = kit.contacts
        #expect(await refusal { try await contacts.search(phone: "2175550134") } == "internal")
        #expect(await refusal { try await contacts.list() } == "internal")
        #expect(await refusal { try await contacts.get(UUID()) } == "internal")
    }

    // MARK: By id or name

    @Test func aContactIsGotByIdOrByANameThatOnlyItHas() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee")).contact
        #expect(try await kit.contacts.get(idOrName: ann.id.uuidString) == ann)
        #expect(try await kit.contacts.get(idOrName: " ann  LEÉ ") == ann)
        #expect(try await kit.contacts.get(idOrName: "Ann") == nil)
        #expect(try await kit.contacts.get(idOrName: UUID().uuidString) == nil)
        let other = try await kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550134")).contact
        do {
            _ = try await kit.contacts.get(idOrName: "ann lee")
            Issue.record("two have the name")
        } catch let error as AtlasError {
            #expect(error.code == .invalidArgument && error.parameter == "contact_id")
            #expect(error.message.contains(ann.id.uuidString.lowercased()))
            #expect(error.message.contains(other.id.uuidString.lowercased()))
            #expect(error.message.contains("+12175550134"))
        }
    }

    @Test func namesAreCompleted() async throws {
        let contacts = try await people().contacts
        #expect(
            Set(try await contacts.names(startingWith: "jo")) == ["José García", "Jose Garcia Lopez", "John O'Brien"])
        #expect(try await contacts.names(startingWith: "") == [])
    }

    // MARK: Lists

    @Test func aListHasATotalAndPagesNewestFirst() async throws {
        let kit = try await ContactsKit()
        var ids: [UUID] = []
        for index in 0..<5 {
            let draft = ContactDraft(
                fullName: "P\(index)", businessContextID: index == 0 ? nil : "a", contactType: index == 4 ? .lead : nil,
                tags: index % 2 == 0 ? ["even"] : [])
            ids.append(try await kit.contacts.create(draft).contact.id)
        }
        _ = try await kit.contacts.archive(ids[1])
        let all = try await kit.contacts.list(limit: 3)
        #expect(all.contacts.map(\.id) == [ids[4], ids[3], ids[2]])
        #expect(all.total == 4 && all.hasMore)
        let rest = try await kit.contacts.list(limit: 3, offset: 3)
        #expect(rest.contacts.map(\.id) == [ids[0]] && rest.total == 4 && !rest.hasMore)
        #expect(try await kit.contacts.list(status: .archived).contacts.map(\.id) == [ids[1]])
        #expect(try await kit.contacts.list(status: nil).total == 5)
        let inBusiness = try await kit.contacts.list(businessContextID: "a")
        #expect(inBusiness.total == 3 && inBusiness.contacts.count == 3)
        let leads = try await kit.contacts.list(contactType: .lead)
        #expect(leads.total == 1 && leads.contacts.map(\.id) == [ids[4]])
        let tagged = try await kit.contacts.list(tag: "even", limit: 2)
        #expect(tagged.total == 3 && tagged.contacts.map(\.id) == [ids[4], ids[2]] && tagged.hasMore)
        #expect(try await kit.contacts.list(tag: "ev").total == 0)
        #expect(try await kit.contacts.list(offset: 50).total == 4)
        let contacts = kit.contacts
        #expect(await refusal { try await contacts.list(limit: 201) } == "invalid_argument limit")
    }

    @Test func aPageStaysUnder64Kilobytes() async throws {
        let kit = try await ContactsKit()
        try await kit.execute(
            """
            INSERT INTO contacts (full_name, notes)
            SELECT 'Ann ' || n, repeat(E'\\x01"x\\n', 500 * n) FROM generate_series(1, 60) AS n
            """)
        var seen = 0
        while true {
            let page = try await kit.contacts.list(limit: 200, offset: seen)
            let size = try JSONEncoder().encode(page.contacts).count
            #expect(size < 65_536)
            #expect(!page.contacts.isEmpty)
            seen += page.contacts.count
            if !page.hasMore { break }
        }
        #expect(seen == 60)
        let longest = try #require(try await kit.contacts.get(idOrName: "Ann 60"))
        #expect(longest.notes?.hasSuffix("more characters]") == true)
    }
}
