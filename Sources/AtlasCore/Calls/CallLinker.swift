#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Ties a call to its contact: finds or creates the customer, notes whose the call was, and logs one `call` interaction.
///
/// The customer's number is the one they gave, else the other end of the call; then the e-mail address counts. Where nobody has
/// either, somebody of the same name who has the line, or has called from it, is the same person and gets the further number.
/// Spam, wrong numbers and personal calls are nobody's. All of it is one transaction.
public struct CallLinker: Sendable {
    let contacts: Contacts
    let ownNumbers: Set<String>

    /// - Parameter ownNumbers: the business's own numbers as E.164. They identify nobody, and tell who called whom where that is not known.
    public init(contacts: Contacts, ownNumbers: Set<String> = []) {
        self.contacts = contacts
        self.ownNumbers = ownNumbers
    }

    /// Links the call, whose data has been extracted; its status becomes `ready`. A call that is linked already stays as it is.
    ///
    /// Three exchanges with the database, one when there is nothing to do.
    ///
    /// - Throws: ``AtlasError`` `not_found`; `conflict` when the call was not understood yet; `unavailable` or `timeout` when the
    ///   database does not answer, and then the call is as it was.
    public func link(_ callSID: String) async throws -> CallLink {
        let callSID = try TextLimit.callSID.required(callSID)
        let (call, contact) = try await contacts.database.look { connection in
            let id = Query.idOfCall(callSID)
            let rows = try connection.pipeline([
                "SELECT \(.callTranscript) FROM call_transcripts t WHERE t.id = \(id)",
                .standingContact("(SELECT t.contact_id FROM call_transcripts t WHERE t.id = \(id))"),
            ])
            return (try rows[0].first.map(CallTranscript.init(row:)), try rows[1].first.map(Contact.init(row:)))
        }
        guard let call else {
            throw AtlasError(
                .notFound, "No call \(callSID) is written down. Bring it with process_call or save_call_transcript.",
                parameter: "call_sid")
        }
        if call.isSettled { return CallLink(call, contact, warnings: customer(of: call).warnings) }
        return try await link(call)
    }

    /// As ``link(_:)-(String)``, of a call that was just read: two exchanges with the database, unless it has changed since.
    public func link(_ call: CallTranscript) async throws -> CallLink {
        var call = call
        for _ in 0..<8 {
            let linking = try CallLinking(
                call, customer: customer(of: call), region: contacts.region, defaultContext: contacts.businessContextID)
            switch try await contacts.database.change({ try linking.run(in: $0) }) {
            case .done(let link, let touched):
                touched.forEach(contacts.changed)
                return link
            case .changed:
                guard let fresh = try await CallTranscripts(contacts: contacts).get(call.callSID) else {
                    throw AtlasError(.notFound, "The call \(call.callSID) was deleted.", parameter: "call_sid")
                }
                if fresh.isSettled { return try await link(call.callSID) }
                call = fresh
            }
        }
        throw AtlasError(
            .unavailable, "The call \(call.callSID) is being changed all the time. Try again in a moment.")
    }

    private func customer(of call: CallTranscript) -> CallCustomer {
        CallCustomer(of: call, region: contacts.region, ownNumbers: ownNumbers)
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

    init(
        _ transcript: CallTranscript, _ contact: Contact?, created: Bool = false, matchedOn: MatchedOn? = nil,
        warnings: [String]
    ) {
        self.transcript = transcript
        self.contact = contact?.presentable
        self.created = created
        self.matchedOn = matchedOn
        self.warnings = warnings
    }
}

extension CallTranscript {
    /// Whether nothing is left to be done: it is told whose the call was, or that it is nobody's.
    var isSettled: Bool { linkedAt != nil && isDone }

    private var isDone: Bool {
        status == CallTranscriptStatus.ready.rawValue || status == CallTranscriptStatus.notified.rawValue
    }

    /// Whether what was said has been understood, by us or by a reference server.
    var isUnderstood: Bool { processedAt != nil || !extractedData.isEmpty || isDone }
}
