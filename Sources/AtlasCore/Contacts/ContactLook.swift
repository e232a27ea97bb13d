#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The look before a write: who has these identities, seen and locked so that nobody changes it before the transaction ends.
struct ContactLook {
    let number: PhoneNumber?
    let email: EmailAddress?
    /// The business that a contact of none may be claimed for.
    var businessContextID: String?

    init(number: PhoneNumber?, email: EmailAddress?, businessContextID: String? = nil) {
        self.number = number
        self.email = email
        self.businessContextID = businessContextID
    }

    init(_ person: KnownPerson) {
        self.init(number: person.phone?.number, email: person.email, businessContextID: person.businessContextID)
    }

    var isEmpty: Bool { number == nil && email == nil }

    /// The lock and the look, which needs a snapshot taken after it: two statements that travel together.
    var queries: [Query] { [lock, candidates] }

    private var lock: Query { Self.lock([number].compactMap(\.self), email) }

    static func lock(_ numbers: [PhoneNumber], _ email: EmailAddress?) -> Query {
        let identities = numbers.map { "phone:" + $0.e164 } + [email.map { "email:" + $0.text }].compactMap(\.self)
        return "SELECT atlas_lock_identities(\(identities))"
    }

    /// Contacts of every business that have the phone or the e-mail address, or a phone that ends alike and has never been
    /// normalised; one row for each identity.
    var candidates: Query {
        """
        SELECT \(.contact), i.value, i.identifies, \(Self.rival(in: businessContextID)) AS rival
        FROM (
            SELECT * FROM contact_identities
            WHERE kind = 'phone' AND right(value, 7) = right(\(number?.e164)::text, 7)
                AND (value = \(number?.e164) OR NOT identifies AND right(value, 10) = right(\(number?.e164)::text, 10))
            UNION ALL
            SELECT * FROM contact_identities WHERE kind = 'email' AND value = \(email?.text)
        ) i
        JOIN contacts c ON c.id = i.contact_id
        ORDER BY i.identifies DESC, c.status = 'archived', c.created_at, c.id
        LIMIT 50
        FOR NO KEY UPDATE OF c
        """
    }

    /// A contact of the business that shares an identity with `c`, which is of none.
    static func rival(in businessContextID: String?) -> Query {
        """
        CASE WHEN c.business_context_id IS NULL AND \(businessContextID)::text IS NOT NULL THEN (
            SELECT o.contact_id
            FROM contact_identities m
            JOIN contact_identities o ON o.business_context_id = \(businessContextID) AND o.kind = m.kind
                AND o.value = m.value AND o.identifies
            WHERE m.contact_id = c.id AND m.identifies
            LIMIT 1
        ) END
        """
    }

    /// The rows of ``candidates``, by contact.
    static func candidates(_ rows: Rows) throws -> [ContactUpsert.Candidate] {
        var candidates: [ContactUpsert.Candidate] = []
        for row in rows {
            let id: UUID = try row.get("id")
            let index = candidates.firstIndex { $0.contact.id == id } ?? candidates.endIndex
            if index == candidates.endIndex {
                candidates.append(
                    ContactUpsert.Candidate(
                        contact: try Contact(row: row), identities: [], rival: try row.get("rival")))
            }
            if try row.get("identifies") { candidates[index].identities.insert(try row.get("value")) }
        }
        return candidates
    }
}
