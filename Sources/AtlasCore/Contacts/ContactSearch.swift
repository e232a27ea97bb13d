/// What a caller is looking for, checked, and the statement that finds it.
struct ContactSearch {
    /// A phone as somebody remembers it.
    struct Phone {
        /// E.164, when the text can be completed to it.
        let number: PhoneNumber?
        /// The digits, at least seven.
        let digits: String
        /// The digits that the number may end in: the seven to ten given without a country code, or the last ten of what is no
        /// number here (another country's, written as at home).
        let end: String?

        /// - Returns: nil for what no number can be found by: fewer than seven digits, a withheld caller.
        init?(_ text: String, region: String) {
            let given = GivenPhone(text, region: region)
            if case .withheld = given { return nil }
            number = given.number
            let written = text.cleaned()
            let bare = written.digits
            guard bare.count >= 7 else { return nil }
            let isBare = !written.hasPrefix("+") && !bare.hasPrefix("011") && !bare.hasPrefix("00") && bare.count <= 10
            end = isBare ? bare : number == nil ? String(bare.suffix(10)) : nil
            digits = isBare ? bare : number.map { String($0.digits) } ?? bare
        }
    }

    var name: String?
    var phone: Phone?
    var email: String?
    var businessContextID: String?
    var page: PageRange
    /// Whether nobody can be found: the phone is none.
    private(set) var isHopeless = false

    /// - Throws: ``AtlasError`` `invalid_argument`.
    init(
        name: String? = nil, phone: String? = nil, email: String? = nil, businessContextID: String? = nil, limit: Int,
        offset: Int = 0, region: String
    ) throws {
        page = try PageRange(limit: limit, offset: offset)
        self.businessContextID = try TextLimit.businessContext.optional(businessContextID)
        self.email = try TextLimit.soughtEmail.optional(email)?.lowercased()
        let phone = try TextLimit.soughtPhone.optional(phone)
        if let phone {
            self.phone = Phone(phone, region: region)
            isHopeless = self.phone == nil
        }
        if let query = try TextLimit.query.optional(name) {
            // Some callers put whatever they have into the query.
            if self.email == nil, let address = EmailAddress(query) {
                self.email = address.text
            } else if phone == nil, !query.contains(where: \.isLetter), let number = Phone(query, region: region) {
                self.phone = number
            } else {
                self.name = query
            }
        }
        guard self.name != nil || phone != nil || self.phone != nil || self.email != nil else {
            throw AtlasError(
                .invalidArgument, "Give a query (a name), a phone or an email to search for.", parameter: "query")
        }
    }

    /// Contacts that fit, best first, one more than the page takes.
    var query: Query {
        if let phone { return byPhone(phone) }
        if let email { return byEmail(email) }
        return """
            SELECT \(.contact) FROM atlas_find_names(\(name), \(businessContextID), \(Int32(page.limit + 1)),
                \(Int32(page.offset))) f
            JOIN contacts c ON c.id = f.id
            ORDER BY f.place
            """
    }

    /// Whose a phone is: the contacts that are known by it (`owns`), that have it besides, and that have one which ends alike.
    static func owners(of phone: Phone) -> Query {
        // What is no possible number to us may have passed for one when another program wrote it.
        let number = phone.number?.e164 ?? "+" + phone.digits
        let ending: Query = phone.end.map { " OR right(value, \(Int32($0.count))) = \($0)" } ?? ""
        return """
            SELECT contact_id, bool_or(value = \(number) AND identifies) AS owns, bool_or(value = \(number)) AS has
            FROM contact_identities
            WHERE kind = 'phone' AND right(value, 7) = right(\(phone.digits), 7)
                AND (value = \(number) OR NOT identifies AND right(value, 10) = right(\(phone.digits), 10)\(ending))
            GROUP BY contact_id
            """
    }

    private func byPhone(_ phone: Phone) -> Query {
        """
        SELECT \(.contact) FROM (\(Self.owners(of: phone))) m
        JOIN contacts c ON c.id = m.contact_id
        WHERE c.status <> 'archived'\(ofBusiness)\(withEmail)\(withName)
        ORDER BY m.owns DESC, m.has DESC, c.updated_at DESC, c.id
        LIMIT \(page.limit + 1) OFFSET \(page.offset)
        """
    }

    private func byEmail(_ email: String) -> Query {
        """
        SELECT \(.contact) FROM contact_identities i JOIN contacts c ON c.id = i.contact_id
        WHERE i.kind = 'email' AND i.value = \(email) AND c.status <> 'archived'\(ofBusiness)\(withName)
        ORDER BY i.identifies DESC, c.updated_at DESC, c.id
        LIMIT \(page.limit + 1) OFFSET \(page.offset)
        """
    }

    private var ofBusiness: Query {
        businessContextID.map { " AND c.business_context_id = \($0)" } ?? ""
    }

    private var withEmail: Query {
        email.map {
            """
             AND EXISTS (
                SELECT FROM contact_identities e WHERE e.contact_id = c.id AND e.kind = 'email' AND e.value = \($0))
            """
        } ?? ""
    }

    private var withName: Query { name.map { " AND atlas_name_matches(c.search_name, \($0))" } ?? "" }

    /// Whether a row that the digits found is what was looked for: a number that has not been normalised may be another country's.
    func fits(_ contact: Contact, region: String) -> Bool { phone?.fits(contact, region: region) ?? true }
}

extension ContactSearch.Phone {
    func fits(_ contact: Contact, region: String) -> Bool {
        guard end == nil, let number else { return true }
        return contact.phones.contains {
            $0 == number.e164 || $0.digits.count < number.digits.count && number.digits.hasSuffix($0.digits)
                || PhoneNumber.normalize($0, region: region) == number
        }
    }
}

extension Contacts {
    /// The contacts that a name, a phone (any format, or its last 7 or 10 digits) and an e-mail address describe together,
    /// best match first; archived ones are left out.
    ///
    /// - Parameters:
    ///   - name: words of a name in any order, case and accents aside, one may be mistyped. An e-mail address or a phone number
    ///     here is looked for as what it is.
    ///   - businessContextID: only contacts of this business; nil searches everywhere.
    public func search(
        name: String? = nil, phone: String? = nil, email: String? = nil, businessContextID: String? = nil,
        limit: Int = 20, offset: Int = 0
    ) async throws -> ContactPage {
        let search = try ContactSearch(
            name: name, phone: phone, email: email, businessContextID: businessContextID, limit: limit, offset: offset,
            region: region)
        if search.isHopeless { return ContactPage(contacts: [], hasMore: false) }
        let found: [Contact] = try await database.look { try $0.all(search.query) }
        let (contacts, hasMore) = search.page.cut(found)
        return ContactPage(contacts: contacts.filter { search.fits($0, region: region) }, hasMore: hasMore)
    }

    /// Phone numbers of contacts, as E.164, that begin with what is typed, with or without the country code; none for less than three
    /// digits.
    public func phones(startingWith prefix: String, limit: Int = 100) async throws -> [String] {
        let typed = prefix.cleaned()
        guard typed.utf8.count <= 64, !typed.contains(where: \.isLetter), typed.digits.count >= 3 else { return [] }
        var beginnings = ["+" + typed.digits]
        if !typed.hasPrefix("+"), let code = PhoneNumber.callingCode(of: region) {
            beginnings.append("+\(code)" + typed.digits)
        }
        let patterns = beginnings.map { $0 + "%" }
        return try await database.look { connection in
            try connection.query(
                """
                SELECT DISTINCT i.value COLLATE "C" AS phone
                FROM unnest(\(patterns)) AS p (pattern)
                CROSS JOIN LATERAL (
                    SELECT value FROM contact_identities
                    WHERE kind = 'phone' AND value COLLATE "C" LIKE p.pattern
                    ORDER BY value COLLATE "C" LIMIT \(Int32(min(limit, 100)))
                ) i
                ORDER BY phone LIMIT \(Int32(min(limit, 100)))
                """
            ).map { try $0.get(0) }
        }
    }

    /// What ``get(idOrName:)`` takes for the contacts whose names fit `prefix`, for completion, at most `limit`; none for a
    /// blank. That is the full name, or the id where several contacts share the name.
    public func names(startingWith prefix: String, limit: Int = 100) async throws -> [String] {
        guard let prefix = try TextLimit.query.optional(prefix) else { return [] }
        return try await database.look { connection in
            try connection.query(
                """
                SELECT CASE WHEN EXISTS (
                        SELECT FROM contacts o
                        WHERE o.search_name = c.search_name AND o.id <> c.id AND o.status <> 'archived')
                    THEN c.id::text ELSE c.full_name END
                FROM atlas_find_names(\(prefix), NULL, \(Int32(min(limit, 100))), 0) f
                JOIN contacts c ON c.id = f.id
                ORDER BY f.place
                """
            ).map { try $0.get(0) }
        }
    }
}
