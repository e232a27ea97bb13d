#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// All contacts, page by page, in the order of their ids.
public struct ContactExport: Sendable {
    let database: Database
    private let filter: Query

    /// - Parameters:
    ///   - businessContextID: nil for every business.
    ///   - archived: whether those out of sight come, too.
    public init(_ contacts: Contacts, businessContextID: String? = nil, archived: Bool = false) {
        database = contacts.database
        var filter: Query = archived ? "true" : "c.status <> 'archived'"
        if let businessContextID { filter += " AND c.business_context_id = \(businessContextID)" }
        self.filter = filter
    }

    /// The next contacts after one; none at the end.
    ///
    /// - Throws: ``AtlasError`` `unavailable`, `timeout`.
    public func page(after last: Contact.ID?, limit: Int = 5000) async throws -> [Contact] {
        let start = last ?? UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
        return try await database.look { connection in
            try connection.all(
                "SELECT \(.contact) FROM contacts c WHERE c.id > \(start) AND \(filter) ORDER BY c.id LIMIT \(limit)")
        }
    }
}

extension Contact {
    /// The names of ``row``'s columns; an import knows them.
    public static let columns = [
        "full_name", "phone", "email", "phones", "emails", "address", "city", "state", "zip", "tags", "notes",
        "contact_type",
        "business_context_id", "source", "source_ref", "status", "id", "created_at", "updated_at",
    ]

    /// The contact as a row of a table. Lists of phones and e-mail addresses are written as Google Contacts does.
    public var row: [String] {
        [
            fullName, phone ?? "", email ?? "", phones.joined(separator: ContactColumns.between),
            emails.joined(separator: ContactColumns.between), address ?? "", city ?? "", state ?? "", zip ?? "",
            tags.joined(separator: ContactColumns.between), notes ?? "", contactType, businessContextID ?? "",
            source ?? "",
            sourceRef ?? "", status, id.uuidString.lowercased(), createdAt.ISO8601Format(), updatedAt.ISO8601Format(),
        ]
    }

    /// The contact as a vCard of version 3.0 (RFC 2426), which every address book reads.
    public var vCard: String {
        func list(_ texts: [String?]) -> String {
            texts.map { ContentProperty.escaped($0 ?? "") }.joined(separator: ";")
        }
        let name = PersonName.parts(of: fullName)
        var lines = [
            ("BEGIN", "VCARD"), ("VERSION", "3.0"), ("UID", "urn:uuid:\(id.uuidString.lowercased())"),
            ("FN", ContentProperty.escaped(fullName)),
            ("N", list([lastName ?? name.last, firstName ?? name.first, nil, nil, nil])),
        ]
        lines +=
            phones.map { ("TEL", ContentProperty.escaped($0)) } + emails.map { ("EMAIL", ContentProperty.escaped($0)) }
        if [address, city, state, zip].contains(where: { $0?.isEmpty == false }) {
            lines.append(("ADR", list([nil, nil, address, city, state, zip, nil])))
        }
        if !tags.isEmpty { lines.append(("CATEGORIES", tags.map(ContentProperty.escaped).joined(separator: ","))) }
        if let notes, !notes.isEmpty { lines.append(("NOTE", ContentProperty.escaped(notes))) }
        lines += [("REV", updatedAt.ISO8601Format()), ("END", "VCARD")]
        return lines.map { String(decoding: ContentLine($0.0, $0.1, ending: .crlf).octets, as: UTF8.self) }.joined()
    }
}
