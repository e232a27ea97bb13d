import AtlasCore
import AtlasServer
import JSON
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct CreateContact: Tool {
    static let name = "create_contact"
    static let description = """
        Make sure a person or company is a contact. If one has the phone number or the e-mail address already, that contact is \
        completed with what is new and returned with created: false; nothing it knows is overwritten (see conflicts). So this \
        is safe to call whenever you meet somebody.
        """
    static let hints: ToolHints = .idempotent

    @Parameter("First and last name, or the company's name.", .length(1...256)) var fullName: String
    @Parameter("Phone number, in any format.", .length(...64)) var phone: String?
    @Parameter("E-mail address.", .length(...256), .format("email")) var email: String?
    @Parameter("Street and number.", .length(...1000)) var address: String?
    @Parameter("City.", .length(...128)) var city: String?
    @Parameter("State or province.", .length(...64)) var state: String?
    @Parameter("ZIP or postal code.", .length(...16)) var zipCode: String?
    @Parameter("The business context the contact belongs to.", .length(...64)) var businessContextID: String?
    @Parameter("What the contact is to the business.", .defaultsTo("customer")) var contactType: ContactType?
    @Parameter("Anything worth remembering.", .length(...8000)) var notes: String?
    @Parameter("Where the contact came from.", .length(...64), .defaultsTo("manual")) var source: String?
    @Parameter("Labels to find the contact by, like vip.") var tags: [String] = []

    struct Output: Codable {
        var success: Bool
        var contact: Contact
        var created: Bool
        var matchedOn: MatchedOn?
        var reactivated: Bool
        var conflicts: [FieldConflict]
        var possibleDuplicates: [UUID]
        var warnings: [String]
    }

    func call(_ crm: CRM) async throws -> Output {
        let outcome = try await crm.contacts.create(
            ContactDraft(
                fullName: fullName, phone: phone, email: email, address: address, city: city, state: state,
                zip: zipCode,
                businessContextID: businessContextID, contactType: contactType, notes: notes, source: source, tags: tags
            ))
        return Output(
            success: true, contact: outcome.contact, created: outcome.created, matchedOn: outcome.matchedOn,
            reactivated: outcome.reactivated, conflicts: outcome.conflicts,
            possibleDuplicates: outcome.possibleDuplicates, warnings: outcome.warnings)
    }
}

struct UpdateContact: Tool {
    static let name = "update_contact"
    static let description = """
        Change fields of one contact. What is left out stays as it is; name fields in clear to empty them. A phone or e-mail \
        address that another contact has is refused with that contact's id.
        """
    static let hints: ToolHints = [.destructive, .idempotent]

    @Parameter("The contact's id.") var contactID: UUID
    @Parameter("First and last name, or the company's name.", .length(...256)) var fullName: String?
    @Parameter("The primary phone number, in any format.", .length(...64)) var phone: String?
    @Parameter("The primary e-mail address.", .length(...256), .format("email")) var email: String?
    @Parameter("Street and number.", .length(...1000)) var address: String?
    @Parameter("City.", .length(...128)) var city: String?
    @Parameter("State or province.", .length(...64)) var state: String?
    @Parameter("ZIP or postal code.", .length(...16)) var zipCode: String?
    @Parameter("What the contact is to the business.") var contactType: ContactType?
    @Parameter("Notes, in place of the old ones.", .length(...8000)) var notes: String?
    @Parameter("Where the contact stands.") var status: ContactStatus?
    @Parameter("Labels, in place of the old ones.") var tags: [String]?
    @Parameter("Names of fields to empty.") var clear: [ContactChange.Field] = []

    struct Output: Codable {
        var success: Bool
        var contact: Contact
    }

    func call(_ crm: CRM) async throws -> Output {
        let contact = try await crm.contacts.update(
            contactID,
            ContactChange(
                fullName: fullName, phone: phone, email: email, address: address, city: city, state: state,
                zip: zipCode,
                contactType: contactType, notes: notes, status: status, tags: tags, clear: Set(clear)))
        return Output(success: true, contact: contact)
    }
}

struct DeleteContact: Tool {
    static let name = "delete_contact"
    static let description = """
        Archive a contact: it leaves lists and searches, its history stays, and create_contact with its phone or e-mail \
        address brings it back. Nothing is ever deleted.
        """
    static let hints: ToolHints = [.destructive, .idempotent]

    @Parameter("The contact's id.") var contactID: UUID

    struct Output: Codable {
        var success: Bool
        var contactID: UUID
        var status: String
    }

    func call(_ crm: CRM) async throws -> Output {
        let contact = try await crm.contacts.archive(contactID)
        return Output(success: true, contactID: contact.id, status: contact.status)
    }
}
