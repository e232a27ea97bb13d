#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Contacts {
    /// Meets a person: finds the contact that has the phone or the e-mail address, and adds what is new; else creates one.
    ///
    /// Two exchanges with the database: lock and look, write and commit. The locks make every caller of the same identity wait its
    /// turn, across processes; the unique indexes hold against whoever does not take them.
    public func create(_ draft: ContactDraft) async throws -> ContactUpsertOutcome {
        let person = try KnownPerson(draft, region: region, defaultContext: businessContextID)
        let id = UUID.timeOrdered()
        let outcome = try await database.change { try meet(person, newID: id, in: $0) }
        if outcome.isChange { changed(outcome.answer.contact.id) }
        return outcome.answer
    }

    /// What a meeting came to, and whether it left anything in the database.
    private struct MeetingOutcome: Sendable {
        var answer: ContactUpsertOutcome
        var isChange = true
    }

    private func meet(_ person: KnownPerson, newID: UUID, in transaction: Transaction) throws -> MeetingOutcome {
        let look = ContactLook(
            number: person.phone?.number, email: person.email, businessContextID: person.businessContextID)
        let candidates = look.isEmpty ? [] : try ContactLook.candidates(transaction.pipeline(look.queries)[1])
        let plan = MeetingPlan(of: person, newID: newID, among: candidates, region: region)
        var statements = plan.statement.map { [$0] } ?? []
        if look.isEmpty { statements.append(namesakes(of: plan.contact)) }
        let written = try transaction.commit(with: statements)
        var answer = try plan.outcome(written: plan.statement == nil ? nil : written.first)
        if look.isEmpty { answer.possibleDuplicates = try written.last?.map { try $0.get("id") } ?? [] }
        return MeetingOutcome(answer: answer, isChange: plan.statement != nil)
    }

    /// Those who have the same name as a person of whom nothing else is known.
    private func namesakes(of contact: Contact) -> Query {
        """
        SELECT c.id FROM contacts c
        WHERE c.search_name = atlas_search_name(\(contact.fullName)) AND c.status <> 'archived' AND c.id <> \(contact.id)
            AND c.business_context_id IS NOT DISTINCT FROM \(contact.businessContextID)
        ORDER BY c.updated_at DESC, c.id LIMIT 10
        """
    }

    /// Changes what the caller says, and nothing else.
    ///
    /// - Throws: `not_found`; `conflict`, with nothing changed, when another contact of the business has the phone or the e-mail
    ///   address.
    public func update(_ id: UUID, _ change: ContactChange) async throws -> Contact {
        let edit = try ContactEdit(change, region: region)
        let (contact, isChange) = try await database.change { transaction -> (Contact, Bool) in
            let look = ContactLook(number: edit.phone?.number, email: edit.email)
            var queries: [Query] = look.isEmpty ? [] : look.queries
            queries.append("SELECT \(.contact) FROM contacts c WHERE c.id = \(id) FOR NO KEY UPDATE")
            let rows = try transaction.pipeline(queries)
            guard let row = rows.last?.first else { throw AtlasError.noContact(id) }
            let before = try Contact(row: row)
            try edit.check(before, among: look.isEmpty ? [] : try ContactLook.candidates(rows[1]))
            let after = edit.applied(to: before)
            if after == before {
                try transaction.commit()
                return (before, false)
            }
            let written = try transaction.commit(with: [.update(after)])
            return (try written.first?.first.map(Contact.init(row:)) ?? after, true)
        }
        if isChange { changed(id) }
        return contact.presentable
    }

    /// Puts a contact out of sight. Its history stays, and meeting the person again brings it back.
    ///
    /// - Throws: `not_found`.
    public func archive(_ id: UUID) async throws -> Contact {
        let contact: Contact? = try await database.write { connection in
            try connection.first(
                """
                UPDATE contacts AS c
                SET status = 'archived', updated_at = CASE c.status WHEN 'archived' THEN c.updated_at ELSE now() END
                WHERE c.id = \(id)
                RETURNING \(.contact)
                """)
        }
        guard let contact else { throw AtlasError.noContact(id) }
        changed(id)
        return contact.presentable
    }
}

extension AtlasError {
    static func noContact(_ id: UUID, parameter: String = "contact_id") -> AtlasError {
        AtlasError(
            .notFound, "No contact has the id \(id.uuidString.lowercased()). Find it with search_contacts first.",
            parameter: parameter)
    }
}
