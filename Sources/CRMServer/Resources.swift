import AtlasCore
import AtlasServer
import MCP

enum ContactResources {
    static let templates: [ResourceTemplate<CRM>] = [
        ResourceTemplate(
            ContactURI.template, name: "contact", title: "Contact",
            description: "One contact, by its id or by a full name that only one contact has.",
            mimeType: "application/json",
            read: { crm, variables in
                try await crm.contacts.get(idOrName: variables["contact_id"] ?? "").map { .json($0) }
            },
            complete: { crm, _, text, _ in try await crm.contacts.names(startingWith: text, limit: 100) })
    ]
}
