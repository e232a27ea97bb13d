import ArgumentParser
import AtlasCore
import AtlasServer
import MCP

@main
struct CRMServer: ServerCommand {
    static let configuration = CommandConfiguration(
        commandName: "CRMServer",
        abstract: "A business's contacts and its history with them, for an LLM agent.",
        discussion: """
            Speaks the Model Context Protocol over standard input and output; logs go to standard error. Started without \
            options it registers its nine default tools. Settings are environment variables: see docs/configuration.md.
            """,
        version: atlasVersion)

    @OptionGroup var options: ServerOptions

    static let program = ServerProgram(
        name: "atlas-crm",
        title: "Atlas CRM",
        product: "CRMServer",
        instructions: """
            The business's contacts: who they are and what passed between them and the business. One person is one contact: \
            create_contact recognises a known phone number or e-mail address in any spelling and completes that contact \
            instead of making another, so call it whenever you meet somebody. Look people up with search_contacts, and record \
            every conversation with log_interaction. Times are in the business's time zone.
            """,
        tools: tools,
        resources: ContactResources.templates,
        prompts: ContactPrompts.all,
        services: CRM.init)

    /// Every tool, in the order clients list them.
    static let tools: [any Tool<CRM>.Type] = [
        SearchContacts.self,
        GetContact.self,
        CreateContact.self,
        UpdateContact.self,
        DeleteContact.self,
        ListContacts.self,
        LogInteraction.self,
        GetInteractions.self,
        GetContactAppointments.self,
        FindDuplicates.self,
        MergeContacts.self,
        GetCustomerContext.self,
    ]
}
