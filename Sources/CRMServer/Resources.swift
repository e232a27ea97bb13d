import AtlasCore
import AtlasServer
import MCP

enum ContactResources {
    static let templates: [ResourceTemplate<CRM>] = [
        ResourceTemplate(
            ContactURI.contextTemplate, name: "customer_context", title: "Customer context",
            description: "All that is known of a contact: history, appointments, calls, e-mails, and what is open.",
            mimeType: "application/json",
            read: { crm, variables in
                let key = try CustomerKey(contactID: variables["contact_id"], phone: nil, email: nil, name: nil)
                let context = try await crm.customers.context(of: key, limits: ContextLimits(), detail: .detailed)
                return context.found ? .json(context) : nil
            },
            complete: complete),
        ResourceTemplate(
            ContactURI.template, name: "contact", title: "Contact",
            description: "One contact, by its id or by a full name that only one contact has.",
            mimeType: "application/json",
            read: { crm, variables in
                try await crm.contacts.get(idOrName: variables["contact_id"] ?? "").map { .json($0) }
            },
            complete: complete),
    ]

    private static let complete: ResourceTemplate<CRM>.Complete = { crm, _, text, _ in
        try await crm.contacts.names(startingWith: text, limit: 100)
    }
}
