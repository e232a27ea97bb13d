#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A change that has been checked, and what it makes of a contact.
struct ContactEdit {
    let change: ContactChange
    private(set) var phone: GivenPhone?
    private(set) var email: EmailAddress?

    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    init(_ change: ContactChange, region: String) throws {
        var change = change
        change.fullName = try TextLimit.fullName.optional(change.fullName)
        change.address = try TextLimit.address.optional(change.address)
        change.city = try TextLimit.city.optional(change.city)
        change.state = try TextLimit.state.optional(change.state)
        change.zip = try TextLimit.zip.optional(change.zip)
        change.notes = try TextLimit.notes.optional(change.notes)
        change.tags = try change.tags.map(TextLimit.tags)
        phone = try change.phone.flatMap { try TextLimit.phone($0, region: region) }
        email = try change.email.flatMap(TextLimit.email)
        change.phone = phone?.text
        change.email = email?.text
        self.change = change

        let given: [ContactChange.Field: Bool] = [
            .phone: change.phone != nil, .email: change.email != nil, .address: change.address != nil,
            .city: change.city != nil, .state: change.state != nil, .zipCode: change.zip != nil,
            .notes: change.notes != nil, .tags: change.tags.map { !$0.isEmpty } ?? false,
        ]
        for field in ContactChange.Field.allCases where given[field] == true && change.clear.contains(field) {
            throw AtlasError(
                .invalidArgument, "\(field.rawValue) is both given and in clear; say one of them.",
                parameter: field.rawValue)
        }
        let isEmpty = !given.values.contains(true) && change.clear.isEmpty && change.tags == nil
        if isEmpty, change.fullName == nil, change.contactType == nil, change.status == nil {
            throw AtlasError(.invalidArgument, "Nothing to change was given: name at least one field.")
        }
    }

    /// - Throws: ``AtlasError`` `conflict` when somebody else has the new phone or e-mail address, or the contact is no more.
    func check(_ contact: Contact, among others: [ContactUpsert.Candidate]) throws {
        if let kept = contact.metadata["merged_into"]?.text {
            throw AtlasError(
                .conflict, "This contact was merged into \(kept); change that one.", parameter: "contact_id")
        }
        for other in others
        where other.contact.id != contact.id && other.contact.businessContextID == contact.businessContextID {
            let taken: (String, String)? =
                if let number = phone?.number, other.identities.contains(number.e164) {
                    ("phone", number.e164)
                } else if let email, other.identities.contains(email.text) {
                    ("email", email.text)
                } else {
                    nil
                }
            guard let (parameter, value) = taken else { continue }
            let archived = other.contact.status == ContactStatus.archived.rawValue ? ", which is archived" : ""
            throw AtlasError(
                .conflict,
                "Contact \(other.contact.id.uuidString.lowercased()) (\(other.contact.fullName))\(archived) has the \(parameter) "
                    + "\(value) already; nothing was changed. If they are one person, merge them.",
                parameter: parameter)
        }
    }

    /// The contact after the change. A new phone or e-mail address takes the place of the primary one; one that the contact has
    /// already becomes the primary one and the others stay.
    func applied(to contact: Contact) -> Contact {
        var after = contact
        if let name = change.fullName, name != contact.fullName { after.rename(name) }
        if let phone {
            after.phones = Self.primary(phone.text, in: contact.phones)
            after.phoneE164 = phone.number?.e164
        }
        if let email { after.emails = Self.primary(email.text, in: contact.emails) }
        if let address = change.address { after.address = address }
        if let city = change.city { after.city = city }
        if let state = change.state { after.state = state }
        if let zip = change.zip { after.zip = zip }
        if let type = change.contactType { after.contactType = type.rawValue }
        if let notes = change.notes { after.notes = notes }
        if let status = change.status { after.status = status.rawValue }
        if let tags = change.tags { after.tags = tags }
        for field in change.clear { Self.clear(field, of: &after) }
        after.phone = after.phones.first
        after.email = after.emails.first
        return after
    }

    private static func primary(_ value: String, in list: [String]) -> [String] {
        [value] + (list.contains(value) ? list.filter { $0 != value } : Array(list.dropFirst()))
    }

    private static func clear(_ field: ContactChange.Field, of contact: inout Contact) {
        switch field {
        case .phone:
            contact.phones = []
            contact.phoneE164 = nil
        case .email: contact.emails = []
        case .address: contact.address = nil
        case .city: contact.city = nil
        case .state: contact.state = nil
        case .zipCode: contact.zip = nil
        case .notes: contact.notes = nil
        case .tags: contact.tags = []
        }
    }
}
