#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The look before a call is linked: whose the number, the e-mail address and the line are, seen and locked with the call itself.
/// One exchange with the database.
///
/// Locks in the order of every other writer: identities, contacts, then what points at them.
struct CallLook {
    let call: CallTranscript
    let customer: CallCustomer
    /// Nil when nobody is to be looked for.
    let person: KnownPerson?

    /// What was seen.
    struct Findings {
        /// The call as it is now, without its transcript.
        var call: CallTranscript?
        /// Whose it is already, if it is somebody's.
        var contact: Contact?
        var candidates: [ContactUpsert.Candidate] = []
        /// The one contact of this name that has the line or has spoken on it.
        var onTheLine: ContactUpsert.Candidate?
        /// Who has the interaction that another program logged for the call.
        var loggedFor: UUID?
    }

    var queries: [Query] {
        var queries: [Query] = []
        if let id = call.contactID {
            queries.append("\(Query.standingContact("\(id)")) FOR NO KEY UPDATE OF c")
        } else if let person {
            let look = ContactLook(person)
            queries.append(ContactLook.lock([customer.number, customer.line].compactMap(\.self), customer.email))
            queries.append(look.candidates)
            if let onTheLine { queries.append(onTheLine) }
        }
        queries.append(
            "SELECT \(.callTranscript(text: "NULL::text")) FROM call_transcripts t WHERE t.id = \(call.id) FOR UPDATE")
        queries.append("SELECT contact_id FROM contact_interactions WHERE source_ref = \(call.sourceRef)")
        return queries
    }

    func read(_ rows: [Rows]) throws -> Findings {
        var rows = rows[...]
        var findings = Findings()
        findings.loggedFor = try rows.popLast()?.first?.get("contact_id")
        findings.call = try rows.popLast()?.first.map(CallTranscript.init(row:))
        if call.contactID != nil {
            findings.contact = try rows.popFirst()?.first.map(Contact.init(row:))
        } else if person != nil {
            _ = rows.popFirst()
            findings.candidates = try rows.popFirst().map(ContactLook.candidates) ?? []
            if let found = rows.popFirst(), found.count == 1 {
                findings.onTheLine = try ContactUpsert.Candidate(
                    contact: Contact(row: found[0]), identities: [], rival: found[0].get("rival"))
            }
        }
        return findings
    }

    /// Contacts of the caller's name that have the line for a phone, or that an earlier call on it was linked to: the same person,
    /// who gave another number then or gives another one now.
    var onTheLine: Query? {
        guard let person, let line = customer.line, let name = customer.name else { return nil }
        let context = person.businessContextID
        return """
            SELECT \(.contact), \(ContactLook.rival(in: context)) AS rival FROM contacts c
            WHERE c.id IN (
                    SELECT contact_id FROM contact_identities
                    WHERE kind = 'phone' AND right(value, 7) = right(\(line.e164)::text, 7) AND value = \(line.e164)
                        AND identifies
                    UNION
                    SELECT contact_id FROM call_transcripts WHERE customer_line = \(line.e164) AND contact_id IS NOT NULL)
                AND c.search_name = atlas_search_name(\(name)) AND NOT coalesce(c.metadata ? 'merged_into', false)
                AND (\(context)::text IS NULL OR coalesce(c.business_context_id, \(context)) = \(context))
            ORDER BY c.id LIMIT 2
            FOR NO KEY UPDATE OF c
            """
    }
}

extension CallTranscript {
    /// What its interaction is known by.
    var sourceRef: String { "call:" + callSID }
}

extension Query {
    /// The contact with the id, or the one that it was merged into.
    static func standingContact(_ id: Query) -> Query {
        """
        WITH RECURSIVE \(chain(from: id))
        SELECT \(.contact) FROM contacts c WHERE c.id = \(endOfChain)
        """
    }

    /// From the contact with the id to the one that it was merged into: a part of WITH RECURSIVE.
    static func chain(from id: Query) -> Query {
        """
        chain (id, next, step) AS (
            SELECT m.id, m.metadata ->> 'merged_into', 0 FROM contacts m WHERE m.id = \(id)
            UNION ALL
            SELECT m.id, m.metadata ->> 'merged_into', chain.step + 1
            FROM chain JOIN contacts m
                ON m.id = CASE WHEN chain.next ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN chain.next::uuid END
            WHERE chain.step < 16
        )
        """
    }

    static let endOfChain: Query = "(SELECT chain.id FROM chain ORDER BY chain.step DESC LIMIT 1)"
}
