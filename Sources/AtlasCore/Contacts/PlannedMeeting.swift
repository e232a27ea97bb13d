#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What meeting a person comes to, decided and not yet written: a larger transaction writes it with what else it has to write.
struct PlannedMeeting {
    let person: KnownPerson
    var upsert: ContactUpsert
    /// The contact as it will be.
    let contact: Contact

    init(of person: KnownPerson, _ upsert: ContactUpsert, newID: UUID) {
        self.person = person
        self.upsert = upsert
        switch upsert.action {
        case .insert: contact = person.contact(id: newID)
        case .update(_, let after): contact = after
        }
    }

    /// Whether there is anything to write.
    var isChange: Bool {
        switch upsert.action {
        case .insert: true
        case .update(let before, let after): after != before
        }
    }

    /// One statement that gives the contact's row back; none when nothing is new.
    var statements: [Query] {
        guard isChange else { return [] }
        return [upsert.action == .insert ? .insert(contact) : .update(contact)]
    }

    /// What is answered when the ``statements`` have run.
    ///
    /// - Parameter rows: what they gave, if there was one.
    func outcome(_ rows: Rows?) throws -> ContactUpsertOutcome {
        let written = isChange ? try rows?.first.map(Contact.init(row:)) : nil
        return ContactUpsertOutcome(
            contact: (written ?? contact).presentable, created: upsert.action == .insert, matchedOn: upsert.matchedOn,
            reactivated: upsert.reactivated, conflicts: upsert.conflicts, possibleDuplicates: upsert.possibleDuplicates,
            warnings: person.warnings)
    }
}
