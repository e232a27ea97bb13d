import AtlasCore
import AtlasServer
import MCP

struct GetCustomerContext: Tool {
    static let name = "get_customer_context"
    static let toolset = "context"
    static let description = """
        Read all that is known of one customer at once: who they are, what passed between them and the business, their appointments, \
        calls, the e-mails to and from them, what comes next and which calls still wait for a follow-up. Use it before you talk to \
        them or decide anything about them. Give one of contact_id, phone, email and name. Each list begins with the newest; counts \
        says how many there are in all; a part that could not be read is named in unavailable with the reason.
        """
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The contact's id (a UUID), or its exact full name.", .length(1...256)) var contactID: String?
    @Parameter("A phone number of theirs, in any format.", .length(...64)) var phone: String?
    @Parameter("An e-mail address of theirs.", .length(...256)) var email: String?
    @Parameter("Their exact full name, if only one contact has it.", .length(...256)) var name: String?
    @Parameter("Most interactions to return.", .range(1...50)) var maxInteractions = 10
    @Parameter("Most calls to return.", .range(1...50)) var maxCalls = 10
    @Parameter("Most appointments to return.", .range(1...50)) var maxAppointments = 10
    @Parameter("Most e-mails to return, of those sent and of those in the mailbox.", .range(1...50)) var maxEmails = 10
    @Parameter("concise: texts are cut short, of a call only its summary. detailed: everything, transcripts included.")
    var detail: ContextDetail = .concise

    func call(_ crm: CRM) async throws -> CustomerContext {
        let key = try CustomerKey(contactID: contactID, phone: phone, email: email, name: name)
        let limits = try ContextLimits(
            interactions: maxInteractions, calls: maxCalls, appointments: maxAppointments, emails: maxEmails)
        return try await crm.customers.context(of: key, limits: limits, detail: detail)
    }
}
