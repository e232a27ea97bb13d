#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The people a business deals with: found, met, changed, merged.
///
/// Every method throws ``AtlasError``: `invalid_argument` naming the parameter, `not_found`, `conflict` naming the other
/// contact's id, `unavailable` or `timeout` when the database does not answer. An empty answer always means that there is
/// nothing, never that something failed.
public struct Contacts: Sendable {
    /// The contacts that a name, a phone (any format, or its last 7 or 10 digits) and an e-mail address describe together,
    /// best match first.
    ///
    /// - Parameter businessContextID: only contacts of this business (and none of others); nil searches everywhere.
    public func search(
        name: String? = nil, phone: String? = nil, email: String? = nil, businessContextID: String? = nil,
        limit: Int = 20, offset: Int = 0
    ) async throws -> ContactPage { fatalError() }

    /// The contact with this id.
    public func get(_ id: UUID) async throws -> Contact? { fatalError() }

    /// The contact with this id, or with this full name if only one has it.
    public func get(idOrName: String) async throws -> Contact? { fatalError() }

    /// Meets a person: finds the contact that has the phone or the e-mail address, and adds what is new; else creates one.
    public func create(_ draft: ContactDraft) async throws -> ContactUpsertOutcome { fatalError() }

    public func update(_ id: UUID, _ change: ContactChange) async throws -> Contact { fatalError() }

    /// Puts a contact out of sight. Its history stays, and meeting the person again brings it back.
    public func archive(_ id: UUID) async throws -> Contact { fatalError() }

    /// Contacts by time of the last change, newest first.
    public func list(
        businessContextID: String? = nil, status: ContactStatus? = .active, contactType: ContactType? = nil,
        tag: String? = nil, limit: Int = 50, offset: Int = 0
    ) async throws -> ContactListing { fatalError() }

    public func logInteraction(
        _ contactID: UUID, type: InteractionType, summary: String, occurredAt: Date? = nil,
        idempotencyKey: String? = nil
    ) async throws -> LoggedInteraction { fatalError() }

    /// What passed between us and a contact, newest first. `not_found` when there is no such contact.
    public func interactions(
        of contactID: UUID, type: InteractionType? = nil, limit: Int = 20
    ) async throws -> [Interaction] { fatalError() }

    /// A contact's appointments, newest first. `not_found` when there is no such contact.
    public func appointments(of contactID: UUID, limit: Int = 200) async throws -> [AppointmentSummary] { fatalError() }

    /// Groups of contacts that look like one person.
    public func findDuplicates(limit: Int = 20) async throws -> [DuplicateGroup] { fatalError() }

    /// Moves everything of `mergeID` to `keepID` and archives it.
    public func merge(_ mergeID: UUID, into keepID: UUID) async throws -> ContactMerge { fatalError() }

    /// The full names that start with `prefix`, for completion, at most `limit`.
    public func names(startingWith prefix: String, limit: Int = 100) async throws -> [String] { fatalError() }
}
