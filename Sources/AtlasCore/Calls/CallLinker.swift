#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Ties a call to its contact: finds or creates the customer, notes whose the call was, and logs one `call` interaction.
///
/// All of it is one transaction of two exchanges, after the look at the call: it happens whole or not at all, and what was written
/// down of the call stays either way.
public struct CallLinker: Sendable {
    let contacts: Contacts
    let ownNumbers: Set<String>

    /// - Parameter ownNumbers: the business's own, as E.164: nobody is met by them.
    public init(contacts: Contacts, ownNumbers: Set<String> = []) {
        self.contacts = contacts
        self.ownNumbers = ownNumbers
    }

    /// Links the call, whose data has been extracted; its status becomes `ready`. A call that is linked already stays as it is.
    ///
    /// - Throws: ``AtlasError`` `not_found` when the call was not written down.
    public func link(_ callSID: String) async throws -> CallLink {
        let database = contacts.database
        let id = UUID.timeOrdered()
        var known: CallTranscript? = try await database.look {
            try $0.first(CallTranscripts.one(callSID), as: CallTranscript.self)
        }
        while let call = known {
            if call.isLinked { return try await linked(call) }
            switch try await database.change({ transaction in try link(call, newID: id, in: transaction) }) {
            case .done(let link):
                if let contact = link.transcript.contactID { contacts.changed(contact) }
                // A contact that somebody had noted has not been read yet.
                return link.contact == nil && link.transcript.contactID != nil
                    ? try await linked(link.transcript) : link
            // Somebody has worked on it since we looked.
            case .changed(let now): known = now
            }
        }
        throw AtlasError(
            .notFound,
            "There is no transcript of call \(callSID.cutShort(at: 64)); process_call or save_call_transcript makes one.",
            parameter: "call_sid")
    }

    private enum Attempt: Sendable {
        case done(CallLink)
        case changed(CallTranscript?)
    }

    private func link(_ call: CallTranscript, newID: UUID, in transaction: Transaction) throws -> Attempt {
        let customer = CallCustomer(of: call, region: contacts.region, ownNumbers: ownNumbers)
        let person = try customer.draft.map {
            try KnownPerson($0, region: contacts.region, defaultContext: contacts.businessContextID)
        }
        // A contact that somebody has noted already is not looked for.
        let look = call.contactID == nil ? person.map(ContactLook.init(of:)) : nil
        let rows = try transaction.pipeline((look?.queries ?? []) + [Self.lock(call.id)])
        guard let row = rows.last?.first, case let now = try CallTranscript(row: row), now == call else {
            return .changed(try rows.last?.first.map(CallTranscript.init(row:)))
        }

        var plan: MeetingPlan?
        if let person, look != nil {
            plan = MeetingPlan(
                of: person, newID: newID, among: try ContactLook.candidates(rows[1]), region: contacts.region)
            if plan?.isNew == true {
                plan?.contact.source = "call"
                plan?.contact.sourceRef = call.callSID
            }
        }
        let contactID = plan?.contact.id ?? call.contactID
        var statements = [plan?.statement].compactMap(\.self)
        statements.append(Self.settle(call.id, contactID))
        if let contactID { statements.append(CallInteraction(of: call).statement(for: contactID)) }
        let written = try transaction.commit(with: statements)

        let writesContact = plan?.statement != nil
        guard let settled = try written[writesContact ? 1 : 0].first.map(CallTranscript.init(row:)) else {
            throw DatabaseError(.serialization)
        }
        let outcome = try plan?.outcome(written: writesContact ? written[0] : nil)
        return .done(
            CallLink(
                transcript: settled, contact: outcome?.contact, created: outcome?.created ?? false,
                matchedOn: outcome?.matchedOn, warnings: customer.warnings + (outcome?.warnings ?? [])))
    }

    /// What became of a call that is linked.
    private func linked(_ call: CallTranscript) async throws -> CallLink {
        var contact = try await contacts.get(call.contactID)
        if let kept = contact?.metadata["merged_into"]?.text.flatMap({ UUID(canonical: $0) }) {
            contact = try await contacts.get(kept)
        }
        return CallLink(transcript: call, contact: contact, created: false, matchedOn: nil, warnings: [])
    }

    private static func lock(_ id: UUID) -> Query {
        "SELECT \(.callTranscript) FROM call_transcripts WHERE id = \(id) FOR UPDATE"
    }

    private static func settle(_ id: UUID, _ contactID: UUID?) -> Query {
        """
        UPDATE call_transcripts SET contact_id = \(contactID), status = 'ready', failed_step = NULL, error_message = NULL,
            processed_at = coalesce(processed_at, now()), linked_at = now(), worker = NULL, claimed_until = NULL
        WHERE id = \(id)
        RETURNING \(.callTranscript)
        """
    }
}

/// Whose a call was.
public struct CallLink: Sendable, Equatable {
    public var transcript: CallTranscript
    /// Nil when the call concerns no customer, or nobody can be told from it.
    public var contact: Contact?
    /// Whether the contact was met for the first time.
    public var created: Bool
    public var matchedOn: MatchedOn?
    /// Sentences for the caller: why there is no contact, which phone was no number …
    public var warnings: [String]
}

extension ContactLook {
    fileprivate init(of person: KnownPerson) {
        self.init(
            number: person.phone?.number, email: person.email, businessContextID: person.businessContextID)
    }
}

extension Contacts {
    fileprivate func get(_ id: UUID?) async throws -> Contact? {
        guard let id else { return nil }
        return try await get(id)
    }
}
