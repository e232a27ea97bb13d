#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Brings the people of a file among the contacts, by the rules of ``Contacts/create(_:)``: as if each were met in the order of the
/// file, so that the same file can be imported again and changes nothing.
///
/// A page of people is looked up at once, decided in memory, and its contacts are written by several connections, a hundred or two
/// in one transaction. Servers go on meanwhile: a transaction holds the locks of its own identities only, and looks again under
/// them; who is not what the page took them for is decided anew. While a file turns out to be of new people, pages are not looked
/// up beforehand.
///
/// Two things differ from ``Contacts/create(_:)``, so that a file can be imported twice: a person of whom neither a phone nor an e-mail
/// address is known is the contact that has the same name, address, city and ZIP code and no identity either; and a person may have
/// several phones and e-mail addresses, each of which recognises it.
public struct ContactImport: Sendable {
    let database: Database
    let region: String
    let businessContextID: String?
    let isDryRun: Bool
    /// Where those come from of whom the file does not say it.
    let source: String?
    /// What a dry run knows by now.
    private let roster = Locked(ContactRoster())
    /// Whether people of this file were found to be known, so that looking a page up before it is decided saves more than it costs.
    /// How many contacts were made since the server's statistics were, and before that.
    private let growth = Locked((since: 0, before: 0))
    let meetsKnown = Locked(true)

    /// How many people are decided at once.
    public static let pageSize = 16_384
    let pageSize: Int
    private static let connections = 4

    /// - Parameters:
    ///   - isDryRun: whether only to say what would be done. What it would have made is kept in memory, about 2 KB a contact.
    ///   - source: the `source` of the new contacts of whom the file does not say it.
    ///   - pageSize: how many entries a full page has.
    public init(
        _ contacts: Contacts, isDryRun: Bool = false, source: String? = nil, pageSize: Int = ContactImport.pageSize
    ) {
        self.pageSize = pageSize
        self.source = source
        database = contacts.database
        region = contacts.region
        businessContextID = contacts.businessContextID
        self.isDryRun = isDryRun
    }

    /// A person whom a page can meet, with its place in the page.
    struct Person: Sendable {
        var index: Int
        var person: KnownPerson
        let identities: [SoughtIdentity]

        init(_ person: KnownPerson, at index: Int) {
            self.index = index
            self.person = person
            identities = person.identities
        }
    }

    /// Imports one page, and says what became of each entry, in their order, when it is safe in the database.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`. Some of the page may be imported then: import it again.
    public func page(_ page: Page) async throws -> [ContactEntryOutcome] {
        var outcomes = page.outcomes
        var people = page.people
        var plan = page.plan
        var vainAttempts = 0
        var isFirst = true
        var replaced: [UUID: Int] = [:]
        while !people.isEmpty {
            let before = people.count
            people = try await meet(people, isFirst: isFirst, plan, &outcomes, &replaced)
            isFirst = false
            plan = nil
            vainAttempts = people.count < before ? 0 : vainAttempts + 1
            guard vainAttempts < 20 else {
                throw AtlasError(.conflict, "Other programs keep changing the same contacts.")
            }
        }
        if !isDryRun { await noteGrowth(outcomes.count { $0.kind == .created }) }
        guard !replaced.isEmpty else { return outcomes }
        for index in outcomes.indices {
            outcomes[index].possibleDuplicates = outcomes[index].possibleDuplicates.compactMap { id in
                replaced[id].map { outcomes[$0].contact } ?? id
            }
        }
        return outcomes
    }

    /// - Parameters:
    ///   - newcomers: what becomes of the people if all are new, where that has been decided already.
    ///   - replaced: gets the contacts that were planned and not made, with the entry whose they were.
    /// - Returns: those who were not what they were taken for, and those who must wait until the others are written.
    private func meet(
        _ people: [Person], isFirst: Bool, _ newcomers: Plan?, _ outcomes: inout [ContactEntryOutcome],
        _ replaced: inout [UUID: Int]
    ) async throws -> [Person] {
        var looksFirst = isDryRun || !isFirst || meetsKnown.withLock { $0 }
        var plan: Plan
        if let newcomers, !looksFirst {
            plan = newcomers
        } else {
            plan = try await decide(people, outcomes, looking: looksFirst)
        }
        if !looksFirst, people.contains(where: { !plan.outcomes[$0.index].possibleDuplicates.isEmpty }) {
            // What becomes of one of them depends on others, who must therefore be the right ones.
            looksFirst = true
            plan = try await decide(people, outcomes, looking: true)
        }
        outcomes = plan.outcomes
        if isDryRun { return [] }
        let roster = plan.roster
        let stale = try await write(roster, people).map { roster.entries[$0] }
        for entry in stale where entry.original == nil {
            if let first = entry.people.first { replaced[entry.contact.id] = people[first].index }
        }
        if isFirst {
            let known = looksFirst ? roster.entries.count { $0.original != nil && !$0.people.isEmpty } : stale.count
            meetsKnown.withLock { $0 = known * 50 > people.count }
        }
        return stale.flatMap(\.people).sorted().map { people[$0] } + plan.rest
    }

    /// - Parameter isLooking: whether those whom the database knows are looked up; else everybody is taken to be new.
    private func decide(
        _ people: [Person], _ outcomes: [ContactEntryOutcome], looking isLooking: Bool
    ) async throws -> Plan {
        let findings = try await look(for: people, identities: isLooking)
        var plan = Plan(outcomes: outcomes)
        // A dry run remembers whom it would have made. It is taken, not copied: it is large.
        if isDryRun { roster.withLock { swap(&plan.roster, &$0) } }
        for found in findings { plan.roster.add(found) }
        decide(people, &plan)
        if isDryRun { roster.withLock { $0 = plan.roster } }
        return plan
    }

    /// Decides one person after the other.
    func decide(_ people: [Person], _ plan: inout Plan) {
        for (place, person) in people.enumerated() {
            guard
                let (upsert, entry) = plan.roster.meet(
                    person.person, at: place, region: region, source: source, mayMove: isDryRun || place == 0)
            else {
                plan.rest = people[place...]
                break
            }
            plan.outcomes[person.index].tell(
                upsert, of: person.person, entry: plan.roster.entries[entry], isDryRun: isDryRun)
        }
    }

    // MARK: Looking

    private func look(for people: [Person], identities isWanted: Bool) async throws -> [ContactFindings] {
        let identities = isWanted ? Array(Set(people.flatMap(\.identities))) : []
        let names = Array(Set(people.filter(\.identities.isEmpty).map(\.person.fullName)))
        var lookups = identities.chunks(of: 1000).map { ContactFindings.look(Array($0)) }
        if !names.isEmpty { lookups.append(ContactFindings.namesakes(names)) }
        return try await concurrently(lookups) { [database] query in
            try await database.look { connection in
                try ContactFindings(connection.pipeline([Self.plainPlans, Self.freshPlans, query])[2])
            }
        }
    }

    /// The plan of a statement is kept, and an import begins with empty tables and ends with full ones: so only plans that serve both.
    static let plainPlans: Query = """
        SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
            set_config('enable_mergejoin', 'off', true), set_config('jit', 'off', true),
            set_config('max_parallel_workers_per_gather', '0', true)
        """

    /// Makes the server's statistics anew each time the contacts have doubled: it would come to that in a minute, and plans of small tables
    /// are no good until then.
    private func noteGrowth(_ count: Int) async {
        let isDue = growth.withLock { growth in
            growth.since += count
            guard growth.since > max(10_000, growth.before) else { return false }
            growth = (0, growth.before + growth.since)
            return true
        }
        guard isDue else { return }
        // Who may not do it is told so by a notice; and what is imported is imported, also when this fails.
        _ = try? await database.run { connection in
            for table in ["contacts", "contact_identities", "contact_words"] {
                try connection.execute(Query(stringLiteral: "ANALYZE \(table)"))
            }
        }
    }

    /// Around a look: while a table is small, all of an index seems as good as a place in it, so the plan is made anew each time.
    static let freshPlans: Query = "SET LOCAL plan_cache_mode = force_custom_plan"
    static let keptPlans: Query = "SET LOCAL plan_cache_mode = DEFAULT"

    /// `work` on each item, on a few connections at a time; what it gives, in no order.
    func concurrently<Item: Sendable, R: Sendable>(
        _ items: [Item], _ work: @escaping @Sendable (Item) async throws -> R
    ) async throws -> [R] {
        try await withThrowingTaskGroup(of: R.self) { group in
            var results: [R] = []
            results.reserveCapacity(items.count)
            var rest = items[...]
            func next() {
                guard let item = rest.popFirst() else { return }
                group.addTask { try await work(item) }
            }
            for _ in 0..<Self.connections { next() }
            while let result = try await group.next() {
                results.append(result)
                next()
            }
            return results
        }
    }
}

extension ContactEntryOutcome {
    fileprivate mutating func tell(
        _ upsert: ContactUpsert, of person: KnownPerson, entry: ContactRoster.Entry, isDryRun: Bool
    ) {
        switch upsert.action {
        case .insert: kind = .created
        case .update(let before, let after): kind = before == after ? .unchanged : .updated
        }
        isRepeat = entry.people.count > 1
        contact = isDryRun && entry.original == nil ? nil : entry.contact.id
        matchedOn = kind == .created ? nil : upsert.matchedOn
        conflicts = upsert.conflicts
        possibleDuplicates = upsert.possibleDuplicates
        warnings = person.warnings
        reason = nil
    }
}

extension Array {
    func chunks(of size: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
    }
}
