#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A draft that has been checked: cleaned texts within their lengths, a phone and an e-mail address in normal form.
struct KnownPerson: Sendable, Equatable {
    var fullName: String
    /// Whether it only stands in for a name that nobody said.
    var nameIsPlaceholder: Bool
    /// In which call the name was said, if it was.
    var heardName: HeardName?
    var phone: GivenPhone?
    /// What was dialled after the number, which is no part of the identity.
    var phoneExtension: String?
    var email: EmailAddress?
    /// Further ones, as an address book has them. Each recognises the person, too.
    var otherPhones: [GivenPhone] = []
    var otherEmails: [EmailAddress] = []
    var address: String?
    var city: String?
    var state: String?
    var zip: String?
    /// The business the caller speaks for.
    var businessContextID: String?
    var contactType: ContactType?
    var notes: String?
    var source: String?
    var sourceRef: String?
    var tags: [String]

    /// - Throws: ``AtlasError`` `invalid_argument` naming the parameter.
    init(_ draft: ContactDraft, region: String, defaultContext: String?) throws {
        fullName = try TextLimit.fullName.required(draft.fullName)
        nameIsPlaceholder = draft.nameIsPlaceholder
        phone = try draft.phone.flatMap { try TextLimit.phone($0, region: region) }
        if phone?.number != nil, let text = draft.phone,
            text.contains(where: { $0.isLetter || $0 == "#" || $0 == ";" || $0 == "," })
        {
            phoneExtension = PhoneDescription(text.cleaned(), region: region)?.phoneExtension
        }
        email = try draft.email.flatMap(TextLimit.email)
        address = try TextLimit.address.optional(draft.address)
        city = try TextLimit.city.optional(draft.city)
        state = try TextLimit.state.optional(draft.state)
        zip = try TextLimit.zip.optional(draft.zip)
        businessContextID = try TextLimit.businessContext.optional(draft.businessContextID) ?? defaultContext
        contactType = draft.contactType
        notes = try TextLimit.notes.optional(draft.notes)
        source = try TextLimit.source.optional(draft.source)
        sourceRef = try TextLimit.sourceRef.optional(draft.sourceRef)
        tags = try TextLimit.tags(draft.tags)
    }

    /// The contact that the person becomes when nobody has met them.
    func contact(id: UUID, region: String) -> Contact {
        let name = nameIsPlaceholder ? (first: nil, last: nil) : PersonName.parts(of: fullName)
        let now = Date()
        var contact = Contact(
            id: id, fullName: fullName, firstName: name.first, lastName: name.last, email: email?.text,
            phone: phone?.text,
            phoneE164: phone?.number?.e164, phones: phone.map { [$0.text] } ?? [],
            emails: emailAddresses.map(\.text),
            address: address, city: city, state: state, zip: zip, businessContextID: businessContextID,
            contactType: (contactType ?? .customer).rawValue, status: ContactStatus.active.rawValue, tags: tags,
            notes: notes,
            source: source ?? "manual", sourceRef: sourceRef, createdAt: now, updatedAt: now, metadata: [:])
        if nameIsPlaceholder { contact.metadata[JSON.Object.nameIsPlaceholder] = true }
        contact.metadata.heardName = heardName
        noteExtension(in: &contact)
        guard !otherPhones.isEmpty else { return contact }
        var meeting = Meeting(of: contact)
        for phone in otherPhones { meeting.learn(phone, region: region) { _ in true } }
        return meeting.contact
    }

    /// The complete numbers, each once, the primary one first.
    var numbers: [PhoneNumber] {
        guard !otherPhones.isEmpty else { return phone?.number.map { [$0] } ?? [] }
        return ([phone] + otherPhones).compactMap { $0?.number }.distinct
    }

    /// The e-mail addresses, each once, the primary one first.
    var emailAddresses: [EmailAddress] {
        guard !otherEmails.isEmpty else { return email.map { [$0] } ?? [] }
        return ([email] + otherEmails).compactMap(\.self).distinct
    }

    /// Keeps the extension of the phone in `metadata.phone_extensions`, by number.
    func noteExtension(in contact: inout Contact) {
        guard let phoneExtension, let number = phone?.number?.e164, contact.phones.contains(number) else { return }
        var known = contact.metadata["phone_extensions"]?.object ?? [:]
        if known[number] == nil { known[number] = .string(phoneExtension) }
        contact.metadata["phone_extensions"] = .object(known)
    }

    /// What the caller should know of the phone, if it is no identity.
    var warnings: [String] {
        switch phone {
        case .incomplete(let text)?:
            [
                "phone \"\(text)\" cannot be completed to an international number, so it is kept as given and does not identify "
                    + "the contact. Give it with its area or country code."
            ]
        case .withheld(let text)?:
            ["phone \"\(text)\" stands for a withheld or unknown number, so it does not identify the contact."]
        case .number?, nil: []
        }
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it came first.
    fileprivate var distinct: [Element] {
        guard count > 1 else { return self }
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
