import AtlasCore
import AtlasServer
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct LogInteraction: Tool {
    static let name = "log_interaction"
    static let description = """
        Record that the business was in touch with a contact: a call, an e-mail, a meeting, or a note about them. Use it after \
        every conversation, so that the next one can build on it.
        """
    static let hints: ToolHints = []

    @Parameter("The contact's id.") var contactID: UUID
    @Parameter("How you were in touch.") var interactionType: InteractionType
    @Parameter("What happened, in a sentence or two.", .length(1...4000)) var summary: String
    @Parameter(
        "When it happened, ISO 8601; without an offset it is meant in the business's time zone. Now, if left out.",
        .length(...40)) var occurredAt: String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    struct Output: Codable {
        var success: Bool
        var interaction: Interaction
        var replayed: Bool
    }

    func call(_ crm: CRM) async throws -> Output {
        let when = try occurredAt.map { try crm.time.read($0, parameter: "occurred_at").start }
        let logged = try await crm.contacts.logInteraction(
            contactID, type: interactionType, summary: summary, occurredAt: when, idempotencyKey: idempotencyKey)
        return Output(success: true, interaction: logged.interaction, replayed: logged.replayed)
    }
}

struct GetInteractions: Tool {
    static let name = "get_interactions"
    static let description = "Read what passed between the business and a contact, newest first."
    static let hints: ToolHints = .readOnly

    @Parameter("The contact's id.") var contactID: UUID
    @Parameter("Most interactions to return.", .range(1...200)) var limit = 20
    @Parameter("Only interactions of this kind.") var interactionType: InteractionType?

    struct Output: Codable, PagedOutput {
        var interactions: [Interaction]
        var count: Int
        var truncated: Bool

        mutating func keep(first count: Int) {
            interactions.removeLast(interactions.count - count)
            self.count = count
            truncated = true
        }
    }

    func call(_ crm: CRM) async throws -> Output {
        let interactions = try await crm.contacts.interactions(of: contactID, type: interactionType, limit: limit)
        return Output(interactions: interactions, count: interactions.count, truncated: false)
    }
}

struct GetContactAppointments: Tool {
    static let name = "get_contact_appointments"
    static let description = "Read a contact's appointments, past and coming, newest first."
    static let hints: ToolHints = .readOnly

    @Parameter("The contact's id.") var contactID: UUID

    struct Output: Codable, PagedOutput {
        var appointments: [AppointmentSummary]
        var count: Int
        var truncated: Bool

        mutating func keep(first count: Int) {
            appointments.removeLast(appointments.count - count)
            self.count = count
            truncated = true
        }
    }

    func call(_ crm: CRM) async throws -> Output {
        let time = try crm.time
        let appointments = try await crm.contacts.appointments(of: contactID).map { $0.shown(in: time) }
        return Output(appointments: appointments, count: appointments.count, truncated: false)
    }
}
