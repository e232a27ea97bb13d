import AtlasCore
import AtlasServer
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct FindDuplicates: Tool {
    static let name = "find_duplicates"
    static let toolset = "dedup"
    static let description = """
        Find groups of contacts that may be one person. Look at each group, and merge with merge_contacts only what a person \
        would agree is the same customer.
        """
    static let hints: ToolHints = .readOnly

    @Parameter("Most groups to return.", .range(1...200)) var limit = 20

    struct Output: Codable, PagedOutput {
        var groups: [DuplicateGroup]
        var count: Int
        var truncated: Bool

        mutating func keep(first count: Int) {
            groups.removeLast(groups.count - count)
            self.count = count
            truncated = true
        }
    }

    func call(_ crm: CRM) async throws -> Output {
        let groups = try await crm.contacts.findDuplicates(limit: limit)
        return Output(groups: groups, count: groups.count, truncated: false)
    }
}

struct MergeContacts: InteractiveTool {
    static let name = "merge_contacts"
    static let toolset = "dedup"
    static let description = """
        Make two contacts one. Interactions, appointments and calls move to the kept contact, the other is archived and \
        remembers where it went; nothing is lost. A host that can ask its user is asked to confirm.
        """
    static let hints: ToolHints = .destructive

    @Parameter("The id of the contact to keep.") var keepID: UUID
    @Parameter("The id of the contact to merge into it.") var mergeID: UUID

    struct Output: Codable {
        var success: Bool
        var contact: Contact
        var mergedID: UUID
        var moved: ContactMerge.Moved
        var conflicts: [FieldConflict]
    }

    func validate() throws {
        guard keepID != mergeID else {
            throw ToolFailure(
                code: "invalid_argument", "keep_id and merge_id are the same contact; give two.", parameter: "merge_id")
        }
    }

    func call(_ crm: CRM, _ client: Client) async throws -> Output {
        let contacts = try crm.contacts
        let keep = try await contact(keepID, "keep_id", contacts)
        let other = try await contact(mergeID, "merge_id", contacts)
        let answer = try await client.elicit(
            "Merge \(other.fullName) into \(keep.fullName)? Everything of the former moves to the latter.",
            form: [.flag("confirm", "Yes, they are the same customer", isRequired: true)])
        switch answer {
        case .unavailable: break  // a host that cannot ask its user has asked for this itself
        case .accept(let form) where form["confirm"] == true: break
        case .accept, .decline, .cancel:
            throw ToolFailure(
                code: "permission_denied", "The user did not agree to merge these contacts; nothing changed.")
        }
        let merge = try await contacts.merge(mergeID, into: keepID)
        return Output(
            success: true, contact: merge.contact, mergedID: merge.mergedID, moved: merge.moved,
            conflicts: merge.conflicts)
    }

    private func contact(_ id: UUID, _ parameter: String, _ contacts: Contacts) async throws -> Contact {
        if let contact = try await contacts.get(id) { return contact }
        throw ToolFailure(
            code: "not_found",
            "\(parameter): no contact has the id \(id.uuidString.lowercased()). Look it up with search_contacts.",
            parameter: parameter)
    }
}
