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
    private var customer: CallCustomer { look.customer }

    /// - Throws: ``AtlasError`` `conflict` when the call was not understood yet.
    init(_ call: CallTranscript, customer: CallCustomer, region: String, defaultContext: String?) throws {
        guard call.isUnderstood else {
            throw AtlasError(
                .conflict, "The call \(call.callSID) was not understood yet; run process_call.", parameter: "call_sid")
        }
        let isSomebodys = call.contactID == nil && !customer.concernsNoCustomer && !customer.isUnknown
        let person =
            isSomebodys ? try customer.person(of: call, region: region, defaultContext: defaultContext) : nil
        look = CallLook(call: call, customer: customer, person: person)
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
            return .done(CallLink(try settled(rows[0]), nil, warnings: customer.warnings), touched: [])
        }
        let rows = try transaction.commit(with: [settle(for: contact.id), interaction(for: contact.id)])
        return .done(
            CallLink(try settled(rows[0]), contact, warnings: customer.warnings), touched: touched(contact.id, found))
    }

    private func meet(_ person: KnownPerson, _ found: CallLook.Findings, _ transaction: Transaction) throws -> Outcome {
        var plan = MeetingPlan(
            of: person, newID: newContactID, among: found.candidates, otherwise: found.onTheLine, region: region)
        if plan.isNew {
            // A contact that is known was brought by somebody else: no difference worth noting.
            plan.contact.source = "call"
            plan.contact.sourceRef = call.callSID
        }
        let id = plan.contact.id
        let rows = try transaction.commit(
            with: [plan.statement].compactMap(\.self) + [settle(for: id), interaction(for: id)])
        let outcome = try plan.outcome(written: plan.statement == nil ? nil : rows.first)
        let link = CallLink(
            try settled(rows[rows.count - 2]), outcome.contact, created: outcome.created, matchedOn: outcome.matchedOn,
            warnings: customer.warnings + Self.warnings(outcome))
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

    private func interaction(for contactID: UUID) -> Query {
        CallInteraction(of: call).statement(interactionID, for: contactID)
    }

    private func settle(for contactID: UUID?) -> Query {
        """
        UPDATE call_transcripts AS t
        SET contact_id = \(contactID), status = CASE t.status WHEN 'notified' THEN t.status ELSE 'ready' END,
            customer_line = coalesce(\(customer.line?.e164), t.customer_line), linked_at = coalesce(t.linked_at, now()),
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
}
