#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds the contact that a ``CustomerKey`` means: in SQL, so that whatever is asked about it travels with the question who it is.
///
/// One that was merged away is followed to the one it was merged into. Where a phone or an address is several contacts', it means the
/// one that is known by it, of the business that the server serves, and not an archived one where there is another.
struct CustomerSearch {
    /// Rows of `contact_id`, `owns` (known by it) and `has` (has exactly it); nil when there is an id.
    private let matches: Query?
    private let order: Query
    private let key: CustomerKey
    private let phone: ContactSearch.Phone?
    private let region: String
    /// Of two that have the same phone or address, the one of this business is meant; names are asked back about, as everywhere.
    private let businessContextID: String?

    /// - Returns: nil for what nobody can be known by, like a withheld number.
    /// - Throws: ``AtlasError`` `invalid_argument`.
    init?(_ key: CustomerKey, region: String, businessContextID: String?) throws {
        self.key = key
        self.region = region
        if case .name = key { self.businessContextID = nil } else { self.businessContextID = businessContextID }
        order = """
            m.owns DESC, m.has DESC, c.status = 'archived', \
            coalesce(c.business_context_id = \(self.businessContextID), false) DESC, c.updated_at DESC, c.id
            """
        var phone: ContactSearch.Phone?
        switch key {
        case .id:
            matches = nil
        case .phone(let text):
            phone = try ContactSearch.Phone(TextLimit.soughtPhone.required(text), region: region)
            guard let phone else { return nil }
            matches = ContactSearch.owners(of: phone)
        case .email(let text):
            let email = try TextLimit.soughtEmail.required(text).lowercased()
            matches = """
                SELECT contact_id, bool_or(identifies) AS owns, true AS has FROM contact_identities
                WHERE kind = 'email' AND value = \(email) GROUP BY contact_id
                """
        case .name(let text, let parameter):
            let name = try TextLimit(parameter: parameter, longest: TextLimit.fullName.longest).required(text)
            matches = """
                SELECT id AS contact_id, true AS owns, true AS has FROM contacts
                WHERE search_name = atlas_search_name(\(name))
                """
        }
        self.phone = phone
    }

    /// The id of the likeliest contact, which may have been merged away.
    private var start: Query {
        if case .id(let id) = key { return "\(id)" }
        return matches.map {
            "(SELECT c.id FROM (\($0)) m JOIN contacts c ON c.id = m.contact_id ORDER BY \(order) LIMIT 1)"
        } ?? "NULL::uuid"
    }

    /// The beginning of a statement after which `who` holds the id.
    var with: Query {
        "WITH RECURSIVE \(.chain(from: start)), who AS MATERIALIZED (SELECT \(.endOfChain) AS id)"
    }

    static let who: Query = "(SELECT who.id FROM who)"

    var contact: Query { "\(with) SELECT \(.contact) FROM contacts c WHERE c.id = \(Self.who)" }

    /// Whom else the key may mean, the likeliest first; nil when there is nothing to choose.
    var candidates: Query? {
        matches.map {
            """
            SELECT \(.contact), m.owns, m.has FROM (\($0)) m JOIN contacts c ON c.id = m.contact_id
            ORDER BY \(order) LIMIT 11
            """
        }
    }

    /// Which of the candidates is meant.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` that lists them when several are as likely.
    func choose(_ rows: Rows) throws -> UUID? {
        struct Likelihood: Equatable {
            let owns, has, isArchived, isOurs: Bool
        }
        var found: [(contact: Contact, likelihood: Likelihood)] = []
        for row in rows {
            let contact = try Contact(row: row)
            let has: Bool = try row.get("has")
            // A number that was never normalised may be another country's.
            if let phone, !has, !phone.fits(contact, region: region) { continue }
            let isOurs = businessContextID != nil && contact.businessContextID == businessContextID
            found.append(
                (
                    contact,
                    Likelihood(
                        owns: try row.get("owns"), has: has, isArchived: contact.status == "archived", isOurs: isOurs)
                ))
        }
        guard let first = found.first else { return nil }
        let best = found.filter { $0.likelihood == first.likelihood }.map(\.contact)
        // Two that were merged into one are one.
        guard Set(best.map { $0.metadata["merged_into"]?.text ?? $0.id.uuidString.lowercased() }).count > 1 else {
            return first.contact.id
        }
        throw AtlasError(.invalidArgument, Contacts.choice(words, among: best), parameter: key.parameter)
    }

    private var words: String {
        switch key {
        case .id: "have this id"
        case .phone(let text): "have the phone \"\(text.excerpt(64))\""
        case .email(let text): "have the e-mail address \"\(text.excerpt(256))\""
        case .name(let text, _): "are called \"\(text.excerpt(256))\""
        }
    }
}
