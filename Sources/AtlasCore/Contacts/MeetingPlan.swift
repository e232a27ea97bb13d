#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What meeting a person comes to, decided and not written yet: for a transaction that may have more to write.
struct MeetingPlan {
    let person: KnownPerson
    let upsert: ContactUpsert
    /// The contact as it will be.
    var contact: Contact

    /// - Parameters:
    ///   - newID: the id of the contact, if the person turns out to be new.
    ///   - candidates: what ``ContactLook`` found, still locked.
    ///   - otherwise: whom the person is taken for when nobody has the phone or the e-mail address.
    init(
        of person: KnownPerson, newID: UUID, among candidates: [ContactUpsert.Candidate],
        otherwise: ContactUpsert.Candidate? = nil, region: String
    ) {
        self.person = person
        upsert = ContactUpsert.decide(person, among: candidates, otherwise: otherwise, region: region)
        switch upsert.action {
        case .insert: contact = person.contact(id: newID, region: region)
        case .update(_, let after): contact = after
        }
    }

    var isNew: Bool { upsert.action == .insert }

    /// Writes the contact and returns its row; nil when nothing is new.
    var statement: Query? {
        switch upsert.action {
        case .insert: .insert(contact)
        case .update(let before, _): contact == before ? nil : .update(contact)
        }
    }

    /// - Parameter written: what ``statement`` returned.
    func outcome(written: Rows?) throws -> ContactUpsertOutcome {
        let contact = try written?.first.map(Contact.init(row:)) ?? contact
        return ContactUpsertOutcome(
            contact: contact.presentable, created: isNew, matchedOn: upsert.matchedOn, reactivated: upsert.reactivated,
            conflicts: upsert.conflicts, possibleDuplicates: upsert.possibleDuplicates, warnings: person.warnings)
    }
}
