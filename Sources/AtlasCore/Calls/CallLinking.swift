#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One attempt to link a call, inside a transaction: look, decide, write.
struct CallLinking: Sendable {
    private let look: CallLook
    private let region: String
    private let newContactID = UUID.timeOrdered()
    private let interactionID = UUID.timeOrdered()

    enum Outcome: Sendable {
        /// With the contacts whose history or data it changed.
        case done(CallLink, touched: [UUID])
        /// The call, or its contact, was changed since it was read; nothing was written.
        case changed
    }

    private var call: CallTranscript { look.call }
    private var party: CallParty { look.party }

    /// - Throws: ``AtlasError`` `conflict` when the call was not understood yet.
    init(_ call: CallTranscript, party: CallParty, region: String, defaultContext: String?) throws {
        guard call.isUnderstood else {
            throw AtlasError(
                .conflict, "The call \(call.callSID) was not understood yet; run process_call.", parameter: "call_sid")
        }
        let isSomebodys = call.contactID == nil && !party.concernsNoCustomer && !party.isUnknown
        let person =
            isSomebodys ? try party.person(of: call, region: region, defaultContext: defaultContext) : nil
        look = CallLook(call: call, party: party, person: person)
        self.region = region
    }

    func run(in transaction: Transaction) throws -> Outcome {
        let found = try look.read(transaction.pipeline(look.queries))
        var asRead = call
        asRead.transcript = nil
        guard found.call == asRead, found.contact?.metadata["merged_into"] == nil else {
            try transaction.commit()
            return .changed
        }
        if let person = look.person { return try meet(person, found, transaction) }
        guard let contact = found.contact else {
            let rows = try transaction.commit(with: [settle(for: nil)])
            return .done(CallLink(try settled(rows[0]), nil, warnings: party.warnings), touched: [])
        }
        let rows = try transaction.commit(with: [settle(for: contact.id), log(for: contact.id)])
        return .done(
            CallLink(try settled(rows[0]), contact, warnings: party.warnings), touched: touched(contact.id, found))
    }

    private func meet(_ person: KnownPerson, _ found: CallLook.Findings, _ transaction: Transaction) throws -> Outcome {
        var person = person
        let upsert = ContactUpsert.decide(
            person, among: found.candidates, otherwise: found.onTheLine, region: region)
        if upsert.action == .insert {
            // A contact that is known was brought by somebody else: no difference worth noting.
            person.source = "call"
            person.sourceRef = call.callSID
        }
        let meeting = PlannedMeeting(of: person, upsert, newID: newContactID)
        let id = meeting.contact.id
        let rows = try transaction.commit(with: meeting.statements + [settle(for: id), log(for: id)])
        let outcome = try meeting.outcome(rows.first)
        let link = CallLink(
            try settled(rows[rows.count - 2]), outcome.contact, created: outcome.created, matchedOn: outcome.matchedOn,
            warnings: party.warnings + Self.warnings(outcome))
        return .done(link, touched: touched(id, found))
    }

    private static func warnings(_ outcome: ContactUpsertOutcome) -> [String] {
        let names = outcome.conflicts.filter { $0.field == "full_name" }.map {
            "The caller was called \"\($0.given)\"; the contact keeps the name \"\($0.kept)\"."
        }
        guard !outcome.possibleDuplicates.isEmpty else { return outcome.warnings + names }
        let others = outcome.possibleDuplicates.map { $0.uuidString.lowercased() }.joined(separator: ", ")
        return outcome.warnings + names + [
            "Another contact has a part of what the caller gave: \(others). If they are one person, merge them."
        ]
    }

    private func touched(_ id: UUID, _ found: CallLook.Findings) -> [UUID] {
        [id] + [found.loggedFor].compactMap(\.self).filter { $0 != id }
    }

    // MARK: Statements

    private func settle(for contactID: UUID?) -> Query {
        """
        UPDATE call_transcripts AS t
        SET contact_id = \(contactID), status = CASE t.status WHEN 'notified' THEN t.status ELSE 'ready' END,
            customer_line = coalesce(\(party.line?.e164), t.customer_line), linked_at = coalesce(t.linked_at, now()),
            processed_at = coalesce(t.processed_at, now()), failed_step = NULL, error_message = NULL
        WHERE t.id = \(call.id)
        RETURNING \(.callTranscript(text: "NULL::text"))
        """
    }

    private func settled(_ rows: Rows) throws -> CallTranscript {
        guard let row = rows.first else { throw AtlasError(.internal, "The call vanished while it was linked.") }
        var settled = try CallTranscript(row: row)
        settled.transcript = call.transcript
        return settled
    }

    /// One line of the history, however often the call is processed and whoever wrote it first: a call that was placed from here is
    /// logged when it is made, before anybody knows what was said.
    private func log(for contactID: UUID) -> Query {
        let summary = CallSummary(call)
        return """
            INSERT INTO contact_interactions AS i
                (id, contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
            VALUES (\(interactionID), \(contactID), \(InteractionType.call.rawValue), \(summary.text),
                \(call.occurredAt), \(summary.metadata), \(call.sourceRef))
            ON CONFLICT (source_ref) WHERE source_ref IS NOT NULL DO UPDATE
            SET contact_id = excluded.contact_id, summary = excluded.summary,
                occurred_at = CASE WHEN \(call.startedAt != nil) THEN excluded.occurred_at ELSE i.occurred_at END,
                metadata = CASE jsonb_typeof(i.metadata) WHEN 'object' THEN i.metadata ELSE '{}' END || excluded.metadata
            """
    }
}
