import JSON

extension Contact: Record {
    public init(row: Row) throws {
        id = try row.get("id")
        fullName = try row.get("full_name")
        firstName = try row.get("first_name")
        lastName = try row.get("last_name")
        let givenEmail: String? = try row.get("email")
        let givenPhone: String? = try row.get("phone")
        phoneE164 = try row.get("phone_e164")
        phones = try row.get("phones")
        emails = try row.get("emails")
        email = emails.first ?? givenEmail
        phone = phones.first ?? givenPhone
        address = try row.get("address")
        city = try row.get("city")
        state = try row.get("state")
        zip = try row.get("zip")
        businessContextID = try row.get("business_context_id")
        contactType = try row.get("contact_type")
        status = try row.get("status")
        tags = (try row.get("tags", as: [String?]?.self) ?? []).compactMap(\.self)
        notes = try row.get("notes")
        source = try row.get("source")
        sourceRef = try row.get("source_ref")
        createdAt = try row.get("created_at")
        updatedAt = try row.get("updated_at")
        // Another program may have put anything there.
        let metadata: JSON = try row.get("metadata", as: JSON?.self) ?? [:]
        self.metadata = metadata.object ?? (metadata.isNull ? [:] : ["value": metadata])
    }
}

extension Contact {
    /// The first of `emails`, when it is an address.
    var primaryEmail: String? { emails.first.flatMap(EmailAddress.init)?.text }
}

extension Query {
    /// The columns of a ``Contact`` in a statement that calls its table `c`.
    static let contact: Query = """
        c.id, c.full_name, c.first_name, c.last_name, c.email, c.phone, c.phone_e164, c.phones, c.emails, c.address, c.city, \
        c.state, c.zip, c.business_context_id, c.contact_type, c.status, c.tags, c.notes, c.source, c.source_ref, c.created_at, \
        c.updated_at, c.metadata
        """

    static func insert(_ contact: Contact) -> Query {
        """
        INSERT INTO contacts AS c (id, full_name, first_name, last_name, email, email_normalized, emails, phone, phone_e164,
            phones, address, city, state, zip, business_context_id, contact_type, status, tags, notes, source, source_ref,
            metadata, search_name)
        VALUES (\(contact.id), \(contact.fullName), \(contact.firstName), \(contact.lastName), \(contact.email),
            \(contact.primaryEmail), \(contact.emails), \(contact.phone), \(contact.phoneE164), \(contact.phones),
            \(contact.address), \(contact.city), \(contact.state), \(contact.zip), \(contact.businessContextID),
            \(contact.contactType), \(contact.status), \(contact.tags), \(contact.notes), \(contact.source),
            \(contact.sourceRef), \(contact.metadata), atlas_search_name(\(contact.fullName)))
        RETURNING \(.contact)
        """
    }

    /// Writes all of `contact`, which the transaction has locked. An address that was not its own stays what it was.
    static func update(_ contact: Contact) -> Query {
        """
        UPDATE contacts AS c SET full_name = \(contact.fullName), first_name = \(contact.firstName),
            last_name = \(contact.lastName), email = \(contact.email),
            email_normalized = CASE WHEN c.emails[1] IS NOT DISTINCT FROM \(contact.emails.first) THEN c.email_normalized
                ELSE \(contact.primaryEmail) END,
            emails = \(contact.emails), phone = \(contact.phone), phone_e164 = \(contact.phoneE164),
            phones = \(contact.phones), address = \(contact.address), city = \(contact.city), state = \(contact.state),
            zip = \(contact.zip), business_context_id = \(contact.businessContextID), contact_type = \(contact.contactType),
            status = \(contact.status), tags = \(contact.tags), notes = \(contact.notes), source = \(contact.source),
            source_ref = \(contact.sourceRef), metadata = \(contact.metadata), updated_at = now()
        WHERE c.id = \(contact.id)
        RETURNING \(.contact)
        """
    }
}
