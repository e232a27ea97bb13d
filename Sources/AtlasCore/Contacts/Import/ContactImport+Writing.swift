#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension ContactImport {
    /// `atlas_lock_identities` takes the one lock for all beyond 400.
    private static let mostIdentities = 380
    private static let mostContacts = 200

    /// Contacts that are written in one transaction.
    private struct Batch: Sendable {
        /// Their places in the roster: an entry is large, and copies of it cost more than all that is decided here.
        var places: [Int] = []
        /// Of each, the identities of its people.
        var values: [[String]] = []
        var identities: Set<SoughtIdentity> = []
    }

    /// - Returns: the places of the contacts that were not written, because the database knows other things of them than were looked
    ///   up.
    func write(_ roster: ContactRoster, _ people: [Person]) async throws -> [Int] {
        let entries = roster.entries
        let changes = entries.indices.filter { entries[$0].isChange && !entries[$0].people.isEmpty }
        // What leaves the business of none leaves its phones and addresses to others, who must find them free.
        let stale = try await write(changes.filter { entries[$0].moves }, roster, people)
        return try await stale + write(changes.filter { !entries[$0].moves }, roster, people)
    }

    private func write(_ places: [Int], _ roster: ContactRoster, _ people: [Person]) async throws -> [Int] {
        var batches: [Batch] = []
        var batch = Batch()
        for place in places {
            let identities = roster.entries[place].people.flatMap { people[$0].identities }
            if batch.places.count >= Self.mostContacts
                || !batch.places.isEmpty && batch.identities.count + identities.count > Self.mostIdentities
            {
                batches.append(batch)
                batch = Batch()
            }
            batch.places.append(place)
            batch.values.append(identities.map(\.value))
            batch.identities.formUnion(identities)
        }
        if !batch.places.isEmpty { batches.append(batch) }
        let stale = try await concurrently(batches) { [database] batch in
            do {
                return try await database.transaction { try Self.write(batch, roster, $0) }
            } catch let error as DatabaseError {
                // Somebody who takes no locks was faster.
                if case .constraint(.unique, _) = error.kind { return batch.places }
                throw AtlasError(error)
            }
        }
        return stale.flatMap(\.self)
    }

    /// - Returns: those of the batch that were left out.
    private static func write(
        _ batch: Batch, _ roster: ContactRoster, _ transaction: Transaction
    ) throws -> [Int] {
        let entries = roster.entries
        let known = batch.places.compactMap { entries[$0].original?.contact.id }
        let identities = Array(batch.identities)
        var queries: [Query] = [plainPlans, freshPlans]
        if !identities.isEmpty {
            queries.append("SELECT atlas_lock_identities(\(identities.map(\.lock)))")
            queries.append(ContactFindings.traces(of: identities))
        }
        if !known.isEmpty {
            queries.append(
                """
                SELECT \(.contact) FROM contacts c WHERE c.id = ANY (\(known)) ORDER BY c.id
                FOR NO KEY UPDATE
                """)
        }
        let rows = try transaction.pipeline(queries + [keptPlans]).dropLast()
        let held = identities.isEmpty ? [] : try ContactFindings.found(identities, in: rows[3])
        let found =
            held.isEmpty
            ? ContactFindings()
            : try ContactFindings(transaction.pipeline([freshPlans, ContactFindings.look(held), keptPlans])[1])
        var surprising: Set<String> = []
        for candidate in found.candidates.values where !roster.has(candidate) {
            surprising.formUnion(found.reasons[candidate.contact.id] ?? [])
        }
        var locked: [UUID: Contact] = [:]
        if !known.isEmpty, let last = rows.last {
            for contact in try last.records(Contact.self) { locked[contact.id] = contact }
        }
        var new: [Contact] = []
        var changed: [Contact] = []
        var stale: [Int] = []
        for (place, values) in zip(batch.places, batch.values) {
            if !surprising.isEmpty, values.contains(where: surprising.contains) {
                stale.append(place)
            } else if let original = entries[place].original?.contact {
                if locked[original.id] == original {
                    changed.append(entries[place].contact)
                } else {
                    stale.append(place)
                }
            } else {
                new.append(entries[place].contact)
            }
        }
        var changes: [Query] = []
        if !new.isEmpty { changes.append(.insert(all: new)) }
        if !changed.isEmpty { changes.append(.update(all: changed)) }
        try transaction.commit(with: changes)
        return stale
    }
}

extension ContactRoster {
    /// Whether this was known of a contact when it was looked up. One that the page changes itself may have been written meanwhile:
    /// its own batch sees to it.
    fileprivate func has(_ candidate: ContactUpsert.Candidate) -> Bool {
        guard let entry = entry(candidate.contact.id) else { return false }
        guard let original = entry.original, !entry.isChange else { return true }
        return original.contact == candidate.contact && original.identities.isSuperset(of: candidate.identities)
    }
}
