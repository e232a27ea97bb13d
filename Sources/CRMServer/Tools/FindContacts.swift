import AtlasCore
import AtlasServer
import MCP

struct SearchContacts: Tool {
    static let name = "search_contacts"
    static let description = """
        Find contacts by name, phone number or e-mail address. Use it before creating a contact, and whenever you need a \
        contact's id. Names match in any word order, without accents, and with a typo; a phone matches in any format, also by \
        its last 7 or 10 digits. What is given is combined: all of it must match. Best match first.
        """
    static let hints: ToolHints = .readOnly

    @Parameter("A name or part of one, like \"garcia maria\".", .length(...200)) var query: String?
    @Parameter("A phone number in any format, or its last 7 or 10 digits.", .length(...64)) var phone: String?
    @Parameter("An e-mail address.", .length(...256)) var email: String?
    @Parameter("Only contacts of this business context.", .length(...64)) var businessContextID: String?
    @Parameter("Most contacts to return.", .range(1...200)) var limit = 20
    @Parameter("How many to skip.", .atLeast(0)) var offset = 0

    struct Output: Codable, PagedOutput {
        var found: Bool
        var contacts: [Contact]
        var count: Int
        var hasMore: Bool

        mutating func keep(first count: Int) {
            contacts.removeLast(contacts.count - count)
            self.count = count
            hasMore = true
        }
    }

    func validate() throws {
        guard query != nil || phone != nil || email != nil else {
            throw ToolFailure(
                code: "invalid_argument", "Give at least one of query, phone and email to search for.",
                parameter: "query")
        }
    }

    func call(_ crm: CRM) async throws -> Output {
        let page = try await crm.contacts.search(
            name: query, phone: phone, email: email, businessContextID: businessContextID, limit: limit, offset: offset)
        return Output(
            found: !page.contacts.isEmpty, contacts: page.contacts, count: page.contacts.count, hasMore: page.hasMore)
    }
}

struct GetContact: Tool {
    static let name = "get_contact"
    static let description = """
        Read one contact by its id, or by its full name if only one contact has it. found is false when there is none.
        """
    static let hints: ToolHints = .readOnly

    @Parameter("The contact's id (a UUID), or its exact full name.", .length(1...256)) var contactID: String

    struct Output: Codable {
        var found: Bool
        var contact: Contact?
    }

    func call(_ crm: CRM) async throws -> Output {
        let contact = try await crm.contacts.get(idOrName: contactID)
        return Output(found: contact != nil, contact: contact)
    }
}

struct ListContacts: Tool {
    static let name = "list_contacts"
    static let description = """
        Page through contacts, last changed first, with the exact total. To find somebody in particular use search_contacts.
        """
    static let hints: ToolHints = .readOnly

    @Parameter("Only contacts of this business context.", .length(...64)) var businessContextID: String?
    @Parameter("Only contacts that stand so.") var status: ContactStatus = .active
    @Parameter("Only contacts of this kind.") var contactType: ContactType?
    @Parameter("Only contacts with this tag.", .length(...64)) var tag: String?
    @Parameter("Most contacts to return.", .range(1...200)) var limit = 50
    @Parameter("How many to skip.", .atLeast(0)) var offset = 0

    struct Output: Codable, PagedOutput {
        var contacts: [Contact]
        var count: Int
        var total: Int
        var hasMore: Bool

        mutating func keep(first count: Int) {
            contacts.removeLast(contacts.count - count)
            self.count = count
            hasMore = true
        }
    }

    func call(_ crm: CRM) async throws -> Output {
        let listing = try await crm.contacts.list(
            businessContextID: businessContextID, status: status, contactType: contactType, tag: tag, limit: limit,
            offset: offset)
        return Output(
            contacts: listing.contacts, count: listing.contacts.count, total: listing.total, hasMore: listing.hasMore)
    }
}
