extension ContactImport {
    /// How far an import has come.
    public enum Progress: Sendable, Equatable {
        /// So many entries have been looked at.
        case rows(Int)
        /// The rows are there, and the indexes are being built.
        case indexes(done: Int, of: Int)
    }

    /// Imports a whole file. Into a database without contacts, what is long enough comes in one transaction (``first(_:next:seen:)``).
    ///
    /// - Parameters:
    ///   - next: gives the next entries, `pageSize` of them but for the last ones; nil at the end. It is asked by one at a time, while
    ///     the database works on those before.
    ///   - told: hears what became of entries, in the order in which they are safe in the database.
    /// - Throws: what `next` and `told` throw; ``DatabaseError``; `CancellationError`. What was told is imported then.
    public func all(
        _ next: @escaping @Sendable () throws -> [ContactEntry]?, seen: @escaping @Sendable (Progress) -> Void,
        told: @Sendable ([ContactEntryOutcome]) throws -> Void
    ) async throws {
        let checkedNext: @Sendable () throws -> Page? = { try next().map(checked) }
        var page = try checkedNext()
        var rows = 0
        if let start = page, !isDryRun, start.outcomes.count >= pageSize,
            let first = try await first(start, next: checkedNext, seen: seen)
        {
            for part in first.outcomes.chunks(of: pageSize) { try told(Array(part)) }
            rows = first.outcomes.count
            page = first.late.people.isEmpty ? nil : first.late
            if page == nil { page = try checkedNext() }
        }
        while let current = page {
            try Task.checkCancellation()
            // While the database has its work with one page, the next one is read.
            async let following = checkedNext()
            let outcomes = try await self.page(current)
            try told(outcomes)
            rows += outcomes.count
            seen(.rows(rows))
            page = try await following
        }
    }

    /// As ``checked(_:)`` and ``page(_:)-(Page)``.
    public func page(_ entries: [ContactEntry]) async throws -> [ContactEntryOutcome] {
        try await page(checked(entries))
    }

    /// People of a file that have been checked, and those that were refused.
    public struct Page: Sendable {
        var outcomes: [ContactEntryOutcome] = []
        var people: [Person] = []
        /// What becomes of them if all are new.
        var plan: Plan?

        mutating func add(_ person: Person, _ outcome: ContactEntryOutcome) {
            var person = person
            person.index = outcomes.count
            people.append(person)
            outcomes.append(outcome)
        }

        mutating func add(_ other: Page) {
            for person in other.people { add(person, other.outcomes[person.index]) }
        }
    }

    /// What becomes of people, decided in memory.
    struct Plan: Sendable {
        var roster = ContactRoster()
        var outcomes: [ContactEntryOutcome]
        /// Who must wait until the others are written.
        var rest: ArraySlice<Person> = []
    }

    /// Checks entries and brings them to normal form, which asks no database: the next page can be prepared while one is imported.
    public func checked(_ entries: [ContactEntry]) throws -> Page {
        var page = Page()
        page.outcomes.reserveCapacity(entries.count)
        page.people.reserveCapacity(entries.count)
        for (index, entry) in entries.enumerated() {
            var outcome = ContactEntryOutcome(line: entry.line, name: entry.draft.fullName.cleaned(), kind: .refused)
            do {
                let person = try entry.person(region: region, defaultContext: businessContextID)
                outcome.name = person.fullName
                page.people.append(Person(person, at: index))
            } catch let error as AtlasError {
                outcome.reason = error.message
            }
            page.outcomes.append(outcome)
        }
        if !isDryRun, !meetsKnown.withLock({ $0 }), !page.people.contains(where: \.identities.isEmpty) {
            var plan = Plan(outcomes: page.outcomes)
            decide(page.people, &plan)
            page.plan = plan
        }
        return page
    }
}
