/// Which column of a table says what of a person: by the names that address books and CRMs give their columns (Google Contacts,
/// Outlook, HubSpot and our own export among them).
public struct ContactColumns: Sendable, Equatable {
    public enum Field: String, Sendable, CaseIterable {
        case fullName = "full_name"
        case firstName = "first_name"
        case middleName = "middle_name"
        case lastName = "last_name"
        case company
        case phone, phones, email, emails, address, city, state, zip, notes, tags, source
        case sourceRef = "source_ref"
        case contactType = "contact_type"
        case businessContextID = "business_context_id"
    }

    /// Of each column; nil for one that is left out.
    public let fields: [Field?]
    private let places: [Field: [Int]]

    /// - Parameter chosen: what the caller says of some columns, by their names; an empty name leaves one out.
    /// - Throws: ``AtlasError`` `invalid_argument` when a name in `chosen` is no column, or no column identifies or names anybody.
    public init(header: [String], chosen: [String: Field?] = [:]) throws {
        for name in chosen.keys where !header.contains(where: { Self.plain($0) == Self.plain(name) }) {
            throw AtlasError(
                .invalidArgument,
                "There is no column \"\(name.cleaned())\". There are: \(header.map { $0.cleaned() }.joined(separator: ", "))."
            )
        }
        let byName = Dictionary(chosen.map { (Self.plain($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
        var fields = header.map { name in byName[Self.plain(name)] ?? Self.field(named: Self.plain(name)) }
        // Of these there is one: the first column has it.
        for field in [Field.fullName, .city, .state, .zip, .source, .sourceRef, .contactType] {
            for extra in fields.indices.filter({ fields[$0] == field }).dropFirst() { fields[extra] = nil }
        }
        self.fields = fields
        places = Dictionary(grouping: fields.indices.filter { fields[$0] != nil }) { fields[$0] ?? .notes }
        let telling: Set<Field> = [.fullName, .firstName, .lastName, .company, .phone, .phones, .email, .emails]
        guard !telling.isDisjoint(with: places.keys) else {
            throw AtlasError(
                .invalidArgument,
                "No column is known as a name, phone or e-mail address. The first line must name the columns; there are: "
                    + "\(header.prefix(40).map { $0.cleaned() }.joined(separator: ", ")).")
        }
    }

    /// The person of one row.
    public func entry(_ record: CSVReader.Record) -> ContactEntry {
        func all(_ field: Field) -> [String] {
            (places[field] ?? []).compactMap { place in
                guard place < record.fields.count else { return nil }
                let text = record.fields[place]
                return text.isEmpty ? nil : text
            }
        }
        func one(_ field: Field) -> String? { all(field).first { !$0.trimmed.isEmpty } }
        func list(_ field: Field) -> [String] { all(field).flatMap(Self.values) }

        let names = [Field.firstName, .middleName, .lastName].compactMap(one)
        let name = one(.fullName) ?? (names.isEmpty ? nil : names.joined(separator: " ")) ?? one(.company)
        let phones = list(.phone) + list(.phones)
        let emails = list(.email) + list(.emails)
        let type = one(.contactType)?.cleaned().lowercased()
        var draft = ContactDraft(
            fullName: name ?? "", phone: phones.first, email: emails.first,
            address: all(.address).isEmpty ? nil : all(.address).joined(separator: ", "), city: one(.city),
            state: one(.state), zip: one(.zip), businessContextID: one(.businessContextID),
            contactType: type.flatMap(ContactType.init(rawValue:)), notes: all(.notes).joined(separator: "\n"),
            source: one(.source), sourceRef: one(.sourceRef), tags: all(.tags).flatMap(Self.tags))
        // A type that is not one of ours says something all the same.
        if let type, draft.contactType == nil { draft.tags.append(type) }
        return ContactEntry(
            line: record.line, draft: draft, otherPhones: Array(phones.dropFirst()),
            otherEmails: Array(emails.dropFirst()))
    }

    /// Google Contacts puts several values into one field.
    static let between = " ::: "

    private static func values(_ text: String) -> [String] {
        guard text.utf8.contains(UInt8(ascii: ":")) else { return [text] }
        return text.split(separator: ":::").map(String.init)
    }

    private static func tags(_ text: String) -> [String] {
        values(text).flatMap { $0.split { $0 == "," || $0 == ";" } }.map { String($0).cleaned() }
            // Google's own groups.
            .filter { !$0.isEmpty && !$0.hasPrefix("*") }
    }

    // MARK: Names of columns

    private static func plain(_ name: String) -> String {
        String(name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) })
    }

    private static func field(named name: String) -> Field? {
        if let known = names[name] { return known }
        if name.hasSuffix("type") || name.hasSuffix("label") || name.contains("fax") { return nil }
        if name.hasPrefix("email"), !name.contains("display"), !name.contains("optout") { return .emails }
        if ["phone", "mobile", "telephone", "cell"].contains(where: name.contains), !name.contains("ext") {
            return .phones
        }
        return nil
    }

    private static let names: [String: Field] = {
        let known: [Field: String] = [
            .fullName: "name fullname displayname contactname customername clientname customer contact client fileas",
            .firstName: "firstname givenname forename first", .middleName: "middlename additionalname",
            .lastName: "lastname familyname surname last",
            .company:
                "company companyname organization organizationname organization1name organisation business businessname",
            .phone: "phone phonenumber primaryphone mainphone", .phones: "phones otherphones",
            .email: "email emailaddress primaryemail", .emails: "emails otheremails",
            .address:
                "address streetaddress street address1 addressline1 address2 addressline2 address1street homestreet "
                + "billingaddress serviceaddress mailingaddress homeaddress homestreetaddress",
            .city: "city town address1city homecity billingcity servicecity mailingcity locality",
            .state: "state province region stateregion address1region homestate billingstate servicestate mailingstate",
            .zip:
                "zip zipcode postcode postalcode address1postalcode homepostalcode billingzip servicezip mailingzip "
                + "mailingpostalcode",
            .notes: "notes note comments comment description",
            .tags: "tags tag labels label groups group groupmembership categories",
            .source: "source leadsource", .sourceRef: "sourceref externalid", .contactType: "contacttype",
            .businessContextID: "businesscontextid businesscontext",
        ]
        return known.reduce(into: [:]) { names, item in
            for name in item.value.split(separator: " ") { names[String(name)] = item.key }
        }
    }()
}
