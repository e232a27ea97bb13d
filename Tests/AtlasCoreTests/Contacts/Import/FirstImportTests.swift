import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// Files that come into a database without contacts.
@Suite struct FirstImportTests: ImportComparison {
    /// Runs a whole file through, and gives what was told, by line, with the stages that were seen.
    private func bring(
        _ entries: [ContactEntry], into kit: ContactsKit, pageSize: Int = 20,
        before: @escaping @Sendable (Int) throws -> Void = { _ in }
    ) async throws -> (outcomes: [ContactEntryOutcome], builtIndexes: Bool) {
        let next = Shared(0)
        let told = Shared<[ContactEntryOutcome]>([])
        let built = Shared(false)
        try await ContactImport(kit.contacts, pageSize: pageSize).all {
            let start = next.value
            try before(start)
            let page = Array(entries[start..<min(start + pageSize, entries.count)])
            next.update { $0 += page.count }
            return page.isEmpty ? nil : page
        } seen: { stage in
            if case .indexes = stage { built.update { $0 = true } }
        } told: { outcomes in
            told.update { $0 += outcomes }
        }
        return (told.value.sorted { $0.line < $1.line }, built.value)
    }

    private func indexes(_ kit: ContactsKit) async throws -> [String] {
        try await kit.database.run { connection in
            try connection.query(
                "SELECT indexdef FROM pg_indexes WHERE tablename IN ('contacts', 'contact_identities') ORDER BY indexname"
            ).map { try $0.get(0) }
        }
    }

    private func people(_ count: Int) -> [ContactEntry] {
        entries((0..<count).map { ContactDraft(fullName: "Person \($0)", phone: "+1217555\(1000 + $0)") })
    }

    @Test(arguments: 0..<12) func itComesToTheSameAsItsRowsOneAfterTheOther(seed: Int) async throws {
        var random = SeededRandom(UInt64(seed))
        let single = try await ContactsKit()
        let many = try await ContactsKit()
        let before = try await indexes(many)
        // Strangers between those who meet each other, so that some pages are of new people and others end the first import.
        let strangers = people(150)
        var all = drafts(150, random: &random) + strangers.map(\.draft)
        all.shuffle(using: &random)
        var expected: [ContactUpsertOutcome] = []
        for draft in all { expected.append(try await single.contacts.create(draft)) }
        let (outcomes, builtIndexes) = try await bring(entries(all), into: many, pageSize: [20, 50, 300][seed % 3])
        #expect(builtIndexes)
        #expect(outcomes.map(\.line) == Array(2..<302))
        for (outcome, other) in zip(outcomes, expected) {
            #expect((outcome.kind == .created) == other.created && outcome.matchedOn == other.matchedOn)
            #expect(outcome.conflicts == other.conflicts)
            #expect(outcome.possibleDuplicates.count == other.possibleDuplicates.count)
        }
        try await compare(many, single)
        #expect(try await indexes(many) == before)
        let known: Bool? = try await many.database.run {
            try $0.value(
                "SELECT bool_and(reltuples > 0) FROM pg_class WHERE relname IN ('contacts', 'contact_identities')")
        }
        #expect(known == true)
    }

    /// Who repeats himself, or shows two numbers, is one person all the same.
    @Test func peopleWithoutAnIdentityAndThoseWithSeveralAreMetAfterIt() async throws {
        let kit = try await ContactsKit()
        var all = people(40)
        all[3].otherPhones = ["+1 217 555 1004", "217-555-9000"]
        all[4].draft.phone = "(217) 555-1004"
        all[30].draft.phone = "217 555 9000"
        for line in [5, 35] {
            all[line].draft.phone = nil
            all[line].draft.fullName = "Nobody In Particular"
        }
        all[6].draft.email = "no address"
        let (outcomes, builtIndexes) = try await bring(all, into: kit)
        #expect(builtIndexes)
        #expect(outcomes[6].kind == .refused && outcomes[6].reason?.contains("email") == true)
        #expect(outcomes[3].contact == outcomes[4].contact && outcomes[3].contact == outcomes[30].contact)
        #expect(outcomes[5].contact == outcomes[35].contact)
        #expect(outcomes.count { $0.kind == .created } == 36)
        #expect(try await kit.count("contacts") == 36)
        #expect(try await bring(all, into: kit).outcomes.allSatisfy { [.unchanged, .refused].contains($0.kind) })
    }

    @Test func whereThereIsAContactTheIndexesStay() async throws {
        let kit = try await ContactsKit()
        _ = try await kit.contacts.create(ContactDraft(fullName: "Ann", phone: "+12175551003"))
        let (outcomes, builtIndexes) = try await bring(people(60), into: kit)
        #expect(!builtIndexes && outcomes.count { $0.kind == .created } == 59)
        let few = try await ContactsKit()
        #expect(try await !bring(people(19), into: few).builtIndexes)
    }

    @Test func whoKeepsTheTablesIsNotWaitedForLong() async throws {
        let kit = try await ContactsKit()
        let other = try kit.base.source.connect(DatabaseOptions(), .silent)
        try other.query("BEGIN")
        try other.query("SELECT FROM contacts")
        let (outcomes, builtIndexes) = try await bring(people(60), into: kit)
        #expect(!builtIndexes && outcomes.count == 60)
        #expect(try await kit.count("contacts") == 60)
        try other.query("ROLLBACK")
    }

    @Test func whatFailsOnTheWayLeavesNothing() async throws {
        struct Unreadable: Error {}
        let kit = try await ContactsKit()
        let before = try await indexes(kit)
        await #expect(throws: Unreadable.self) {
            try await bring(people(100), into: kit) { if $0 >= 60 { throw Unreadable() } }
        }
        #expect(try await kit.count("contacts") == 0)
        #expect(try await kit.count("contact_counts") == 0)
        #expect(try await indexes(kit) == before)
        let task = Task {
            try await bring(people(100), into: kit) { if $0 >= 40 { Thread.sleep(forTimeInterval: 0.1) } }
        }
        while try await kit.count("pg_locks", where: "mode = 'AccessExclusiveLock' AND relation = 'contacts'::regclass")
            == 0
        {
            try await Task.sleep(for: .milliseconds(5))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await kit.count("contacts") == 0)
        #expect(try await indexes(kit) == before)
        #expect(try await bring(people(100), into: kit).outcomes.count { $0.kind == .created } == 100)
    }
}
