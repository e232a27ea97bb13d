#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension Query {
    /// ``insert(_:)`` for many, without what it returns.
    static func insert(all contacts: [Contact]) -> Query {
        """
        INSERT INTO contacts (id, full_name, first_name, last_name, email, email_normalized, emails, phone, phone_e164, phones,
            address, city, state, zip, business_context_id, contact_type, status, tags, notes, source, source_ref, metadata,
            search_name)
        SELECT id, full_name, first_name, last_name, email, primary_email, emails::text[], phone, phone_e164, phones::text[],
            address, city, state, zip, business_context_id, contact_type, status, tags::text[], notes, source, source_ref,
            metadata, atlas_search_name(full_name)
        FROM \(rows(of: contacts))
        """
    }

    /// ``update(_:)`` for many, each once, without what it returns.
    static func update(all contacts: [Contact]) -> Query {
        """
        UPDATE contacts AS c SET full_name = n.full_name, first_name = n.first_name, last_name = n.last_name,
            email = n.email,
            email_normalized = CASE WHEN c.emails[1] IS NOT DISTINCT FROM (n.emails::text[])[1] THEN c.email_normalized
                ELSE n.primary_email END,
            emails = n.emails::text[], phone = n.phone, phone_e164 = n.phone_e164, phones = n.phones::text[],
            address = n.address, city = n.city, state = n.state, zip = n.zip, business_context_id = n.business_context_id,
            contact_type = n.contact_type, status = n.status, tags = n.tags::text[], notes = n.notes, source = n.source,
            source_ref = n.source_ref, metadata = n.metadata, updated_at = now()
        FROM \(rows(of: contacts))
        WHERE c.id = n.id
        """
    }

    /// The contacts as a table `n`. Lists travel as PostgreSQL's text for them, because an array of lists must be a rectangle.
    private static func rows(of contacts: [Contact]) -> Query {
        """
        unnest(\(contacts.column { $0.id }), \(contacts.column { $0.fullName }), \(contacts.column { $0.firstName }),
            \(contacts.column { $0.lastName }), \(contacts.column { $0.email }), \(contacts.column { $0.primaryEmail }),
            \(contacts.column { $0.emails.arrayText }), \(contacts.column { $0.phone }), \(contacts.column { $0.phoneE164 }),
            \(contacts.column { $0.phones.arrayText }), \(contacts.column { $0.address }), \(contacts.column { $0.city }),
            \(contacts.column { $0.state }), \(contacts.column { $0.zip }), \(contacts.column { $0.businessContextID }),
            \(contacts.column { $0.contactType }), \(contacts.column { $0.status }),
            \(contacts.column { $0.tags.arrayText }), \(contacts.column { $0.notes }), \(contacts.column { $0.source }),
            \(contacts.column { $0.sourceRef }), \(contacts.column { JSON.object($0.metadata) }))
            AS n (id, full_name, first_name, last_name, email, primary_email, emails, phone, phone_e164, phones, address, city,
            state, zip, business_context_id, contact_type, status, tags, notes, source, source_ref, metadata)
        """
    }
}

extension [Contact] {
    /// One thing of each. A contact has two dozen parts, and `map` would take hold of all of them to give one.
    fileprivate func column<Part>(_ part: (borrowing Contact) -> Part) -> [Part] {
        withUnsafeBufferPointer { contacts in
            var parts: [Part] = []
            parts.reserveCapacity(contacts.count)
            for index in contacts.indices { parts.append(part(contacts[index])) }
            return parts
        }
    }
}

extension [String] {
    /// As PostgreSQL writes an array (documentation, 8.15.2): every element quoted.
    fileprivate var arrayText: String {
        var text: [UInt8] = [UInt8(ascii: "{")]
        for (index, element) in enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "\""))
            for octet in element.utf8 {
                if octet == UInt8(ascii: "\"") || octet == UInt8(ascii: "\\") { text.append(UInt8(ascii: "\\")) }
                text.append(octet)
            }
            text.append(UInt8(ascii: "\""))
        }
        text.append(UInt8(ascii: "}"))
        return String(decoding: text, as: UTF8.self)
    }
}
