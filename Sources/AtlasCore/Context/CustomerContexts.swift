#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the business knows of its customers, from everywhere at once.
///
/// The database is asked once: a statement for each source, all in one exchange of messages, each of which may fail by itself. The
/// mailbox comes after, because the addresses to look for are among the answers. A source that fails or takes too long is named in
/// the result with the reason; only without the contact there is no result.
public struct CustomerContexts: Sendable {
    let contacts: Contacts
    let inbox: Inbox?
    let time: BusinessTime
    /// How long each source may take.
    var patience = Duration.seconds(3)

    /// - Parameter inbox: nil where mail is not to be read.
    public init(contacts: Contacts, inbox: Inbox?, time: BusinessTime) {
        self.contacts = contacts
        self.inbox = inbox
        self.time = time
    }

    /// - Throws: ``AtlasError``: `invalid_argument` that lists the contacts when several are meant; `unavailable` or `timeout` when the
    ///   database does not say who the customer is.
    public func context(
        of key: CustomerKey, limits: ContextLimits, detail: ContextDetail = .concise
    ) async throws -> CustomerContext {
        let business = contacts.businessContextID
        guard let lookup = try CustomerSearch(key, region: contacts.region, businessContextID: business) else {
            return .nobody
        }
        let statements = CustomerStatements(lookup: lookup, limits: limits, detail: detail, businessContextID: business)
        let answer = try await contacts.database.look { try records(statements, on: $0) }
        guard var records = answer.records else {
            // Rare: what the statements took for the likeliest contact has another country's number.
            guard let id = answer.meant else { return .nobody }
            return try await context(of: .id(id), limits: limits, detail: detail)
        }
        try await addMail(to: &records, limit: limits.emails)
        return CustomerContext(records, detail: detail, time: time)
    }

    /// Asks the database.
    ///
    /// - Returns: nothing known, but who is meant, where that is not the contact which the statements found by themselves.
    private func records(
        _ statements: CustomerStatements, on connection: Connection
    ) throws -> (records: CustomerRecords?, meant: UUID?) {
        let lookup = statements.lookup
        let candidates = lookup.candidates
        let queries = [candidates, lookup.contact].compactMap(\.self) + statements.sources
        var answers = try connection.eachAlone(queries, timeout: patience)[...]
        if candidates != nil, let rows = try answers.popFirst()?.get() {
            guard let meant = try lookup.choose(rows) else { return (nil, nil) }
            guard try rows.first?.get("id") == meant else { return (nil, meant) }
        }
        guard let row = try answers.popFirst()?.get().first else { return (nil, nil) }
        var records = CustomerRecords(contact: try Contact(row: row))
        try records.take(answers, contacts.database.logger)
        return (records, nil)
    }

    private func addMail(to records: inout CustomerRecords, limit: Int) async throws {
        let source = ContextSource.inboxEmails.rawValue
        guard let inbox else { return }
        guard !inbox.ways.isEmpty else {
            records.unavailable[source] = "No mail account is configured (ATLAS_EMAIL_IMAP_… or ATLAS_TOOLS_GMAIL_…)."
            return
        }
        let addresses = CustomerAddresses(records.contact)
        guard !addresses.isEmpty else {
            records.inboxEmails.total = 0
            return
        }
        do {
            records.inboxEmails = try await Deadline.within(
                patience, of: "The mail server", on: contacts.database.workers
            ) {
                try await addresses.mail(in: inbox, limit: limit)
            }
        } catch let error as AtlasError {
            records.unavailable[source] = error.message
        }
    }
}
