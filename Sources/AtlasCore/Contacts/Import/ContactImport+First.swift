import Dispatch

/// The first contacts of a database.
///
/// Most of what a new contact costs are its twenty entries in indexes, each at a place of its own; an index that is built when all rows
/// are there costs a fifth of that. So where there are no contacts yet, and more than a page of people come, one transaction takes the
/// indexes away, writes, and builds them anew: other programs wait for it, and if it fails, nothing has happened. It takes only people
/// whose phones and addresses nobody before them in the file has, so that none of them is anybody else. The others come after it.
extension ContactImport {
    /// How many it takes at most, and how many pages of others may be put off before it ends: all of them are kept in memory.
    private static let most = 2_000_000
    private static let mostPagesLate = 4
    /// How many rows one statement writes.
    private static let rowsOfStatement = 4096

    struct First: Sendable {
        /// What became of those that were written, and of those that were refused.
        var outcomes: [ContactEntryOutcome] = []
        /// Who may be one of the others.
        var late = Page()
    }

    /// - Returns: nil, with nothing done, where there are contacts already, or others keep the tables or have the right to change them.
    func first(
        _ page: Page, next: @escaping @Sendable () throws -> Page?, seen: @Sendable (Progress) -> Void
    ) async throws -> First? {
        do {
            return try await database.run { connection in
                let limit = connection.limit
                connection.limit = nil
                defer { connection.limit = limit }
                return try Transaction.run(on: connection) { transaction in
                    guard try Self.isFirst(transaction) else { return nil }
                    return try fill(transaction, page, next, seen)
                }
            }
        } catch is TablesAreInUse {
            return nil
        }
    }

    private struct TablesAreInUse: Error {}

    /// Takes the tables if they are empty and ours to change.
    private static func isFirst(_ transaction: Transaction) throws -> Bool {
        let mayTry: Bool? = try transaction.value(
            """
            SELECT NOT EXISTS (SELECT FROM contacts) AND bool_and(relkind = 'r' AND pg_has_role(relowner, 'USAGE')
                AND has_schema_privilege(relnamespace, 'CREATE'))
            FROM pg_class WHERE oid IN ('contacts'::regclass, 'contact_identities'::regclass)
            """)
        guard mayTry == true else { return false }
        do {
            let rows = try transaction.pipeline([
                "SET LOCAL lock_timeout = '2s'", "LOCK TABLE contacts, contact_identities IN ACCESS EXCLUSIVE MODE",
                "SET LOCAL lock_timeout = 0", "SET LOCAL statement_timeout = 0",
                "SET LOCAL idle_in_transaction_session_timeout = 0", "SET LOCAL work_mem = '64MB'",
                "SET LOCAL maintenance_work_mem = '128MB'", plainPlans,
                "SELECT NOT EXISTS (SELECT FROM contacts) AND NOT EXISTS (SELECT FROM contact_identities)",
            ])
            return try rows.last?.first?.get(0) ?? false
        } catch let error as DatabaseError where error.kind == .timeout {
            throw TablesAreInUse()
        }
    }

    private func fill(
        _ transaction: Transaction, _ page: Page, _ next: @escaping @Sendable () throws -> Page?,
        _ seen: @Sendable (Progress) -> Void
    ) throws -> First {
        let indexes = try transaction.all(
            """
            SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index i
            WHERE indrelid IN ('contacts'::regclass, 'contact_identities'::regclass) AND NOT indisreplident AND NOT indisclustered
                AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)
            ORDER BY indexrelid
            """, as: Index.self)
        // Both texts are the server's own.
        for index in indexes { try transaction.execute(Query(stringLiteral: "DROP INDEX \(index.name)")) }
        var first = First()
        // In one pair of hands at a time.
        let sieve = Locked(Sieve())
        var count = 0
        var ahead: Ahead<Sifted?>? = Ahead { sift(page, sieve) }
        while let sifted = try ahead?.value() {
            first.outcomes += sifted.outcomes
            first.late.add(sifted.late)
            count += sifted.contacts.count
            let isEnough = first.late.people.count > Self.mostPagesLate * pageSize || count >= Self.most
            ahead = isEnough ? nil : Ahead { try next().map { sift($0, sieve) } }
            for rows in sifted.contacts.chunks(of: Self.rowsOfStatement) {
                try transaction.execute(.insert(all: Array(rows)))
            }
            seen(.rows(count + first.late.people.count))
        }
        for (done, index) in indexes.enumerated() {
            seen(.indexes(done: done, of: indexes.count))
            try transaction.execute(Query(stringLiteral: index.definition))
        }
        // What the planner knows of an empty table would mislead it.
        try transaction.commit(with: ["ANALYZE contacts", "ANALYZE contact_identities", "ANALYZE contact_words"])
        return first
    }

    private struct Index: Record {
        let name: String
        let definition: String
        init(row: Row) throws {
            name = try row.get("name")
            definition = try row.get("definition")
        }
    }

    /// A page, parted into those who are new and those who may be somebody.
    private struct Sifted: Sendable {
        var contacts: [Contact] = []
        var outcomes: [ContactEntryOutcome] = []
        var late = Page()
    }

    private func sift(_ page: Page, _ sieve: Locked<Sieve>) -> Sifted {
        var sifted = Sifted()
        var new: [Person] = []
        new.reserveCapacity(page.people.count)
        var isLate: Set<Int> = []
        for person in page.people {
            if sieve.withLock({ $0.letsPass(person.person) }) {
                new.append(person)
            } else {
                isLate.insert(person.index)
                sifted.late.add(person, page.outcomes[person.index])
            }
        }
        var plan = Plan(outcomes: page.outcomes)
        decide(new, &plan)
        sifted.contacts = plan.roster.entries.map(\.contact)
        sifted.outcomes =
            isLate.isEmpty
            ? plan.outcomes
            : plan.outcomes.indices.filter { !isLate.contains($0) }.map { plan.outcomes[$0] }
        return sifted
    }

    /// Lets a person pass of whom nothing has been seen before that recognises anybody.
    ///
    /// It keeps hashes: two that are equal by chance put a person off, and nothing worse.
    private struct Sieve: Sendable {
        private var seen: Set<Int> = []

        mutating func letsPass(_ person: KnownPerson) -> Bool {
            var isNew = !person.identities.isEmpty
            // Numbers are compared by their last ten digits where one of them is incomplete.
            for phone in [person.phone].compactMap(\.self) + person.otherPhones {
                if !seen.insert(phone.text.digits.suffix(10).hashValue).inserted { isNew = false }
            }
            for email in person.emailAddresses where !seen.insert(email.text.hashValue).inserted { isNew = false }
            return isNew
        }
    }
}

/// Work that a thread of its own does ahead of the time when it is asked for.
private final class Ahead<Value: Sendable>: Sendable {
    private let result = Locked<Result<Value, any Error>?>(nil)
    private let done = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () throws -> Value) {
        let run: @Sendable () -> Void = { [self] in
            let value = Result { try work() }
            result.withLock { $0 = value }
            done.signal()
        }
        if !startDetachedThread(stackSize: 1 << 20, run) { run() }
    }

    /// Waits for it. Once.
    func value() throws -> Value {
        done.wait()
        guard let result = result.withLock({ $0 }) else { preconditionFailure("signalled before it was done") }
        return try result.get()
    }
}
