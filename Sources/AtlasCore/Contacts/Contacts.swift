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
    let database: Database
    /// Where a number without country code is dialled: ISO 3166-1 alpha-2.
    let region: String
    /// The business that a new contact belongs to when the caller names none.
    let businessContextID: String?
    let changed: @Sendable (UUID) -> Void

    /// - Parameters:
    ///   - changed: told the id of each contact that was made or changed, after it is safe in the database.
    public init(
        database: Database, region: String = "US", businessContextID: String? = nil,
        changed: @escaping @Sendable (UUID) -> Void = { _ in }
    ) {
        self.database = database
        self.region = region.uppercased()
        self.businessContextID = businessContextID
        self.changed = changed
    }

    /// The contact with this id, archived or not.
    public func get(_ id: UUID) async throws -> Contact? {
        try await database.look {
            try $0.first("SELECT \(.contact) FROM contacts c WHERE c.id = \(id)", as: Contact.self)?.presentable
        }
    }

    /// The contact with this id, or with this full name if only one has it (case, accents and spacing aside).
    ///
    /// - Throws: `invalid_argument` that lists them when several have the name.
    public func get(idOrName text: String) async throws -> Contact? {
        if let id = UUID(canonical: text) { return try await get(id) }
        let name = try TextLimit.fullName.required(text)
        let found: [Contact] = try await database.look { connection in
            try connection.all(
                """
                SELECT \(.contact) FROM contacts c
                WHERE c.search_name = atlas_search_name(\(name)) AND c.status <> 'archived'
                ORDER BY c.updated_at DESC, c.id LIMIT 11
                """)
        }
        guard found.count > 1 else { return found.first?.presentable }
        throw AtlasError(.invalidArgument, Self.choice("are called \"\(name)\"", among: found), parameter: "contact_id")
    }

    /// - Parameter what: what is true of all of them: `are called "Ann"`.
    static func choice(_ what: String, among found: [Contact]) -> String {
        let listed = found.prefix(10).map { contact in
            let details = [contact.phone, contact.email, contact.city].compactMap(\.self).joined(separator: ", ")
            return "\(contact.id.uuidString.lowercased()) (\(contact.fullName)\(details.isEmpty ? "" : ", " + details))"
        }
        let several = found.count > 10 ? "More than 10" : "\(found.count)"
        return "\(several) contacts \(what); give the contact_id of the one you mean: "
            + listed.joined(separator: "; ") + "."
    }

    /// Contacts by time of the last change, newest first, and how many there are in all.
    ///
    /// - Parameter status: nil for all.
    public func list(
        businessContextID: String? = nil, status: ContactStatus? = .active, contactType: ContactType? = nil,
        tag: String? = nil, limit: Int = 50, offset: Int = 0
    ) async throws -> ContactListing {
        let page = try PageRange(limit: limit, offset: offset)
        var filters: [Query] = []
        if let status { filters.append("status = \(status.rawValue)") }
        if let context = try TextLimit.businessContext.optional(businessContextID) {
            filters.append("business_context_id = \(context)")
        }
        if let contactType { filters.append("contact_type = \(contactType.rawValue)") }
        let tag = try TextLimit.tag.optional(tag)
        let filter: Query = filters.isEmpty ? "true" : filters.joined(separator: " AND ")
        return try await database.look { connection in
            let total: Query
            let contacts: Query
            if let tag {
                let tagged: Query = "tags @> \([tag]) AND \(filter)"
                total = "SELECT count(*) FROM contacts WHERE \(tagged)"
                contacts = """
                    SELECT \(.contact) FROM (SELECT * FROM contacts WHERE \(tagged) OFFSET 0) c
                    ORDER BY updated_at DESC, id LIMIT \(page.limit + 1) OFFSET \(page.offset)
                    """
            } else {
                total = "SELECT coalesce(sum(count), 0)::bigint FROM contact_counts WHERE \(filter)"
                contacts = """
                    SELECT \(.contact) FROM contacts c WHERE \(filter)
                    ORDER BY updated_at DESC, id LIMIT \(page.limit + 1) OFFSET \(page.offset)
                    """
            }
            let rows = try connection.pipeline([contacts, total])
            let (kept, hasMore) = page.cut(try rows[0].records(Contact.self))
            return ContactListing(contacts: kept, total: try rows[1].first?.get(0) ?? 0, hasMore: hasMore)
        }
    }
}
