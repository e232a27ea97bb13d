import AtlasCore
import AtlasServer
import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct SyncAppointment: Tool {
    static let name = "sync_appointment"
    static let description = """
        Show an appointment in the calendar, or bring its event up to date. Use it when a booking said that the calendar could not be \
        reached, or when the event was changed or lost. However often it is called, there is one event.
        """
    static let hints: ToolHints = [.idempotent, .openWorld]

    @Parameter("The appointment's id.") var appointmentID: UUID
    @Parameter(.calendar, .length(...1000)) var calendarID: String?

    struct Output: Codable {
        var appointmentID: UUID
        var calendarEventID: String
        var summary: String
        var start: Date
        var end: Date
        /// `created` or `updated`.
        var status: String
    }

    func call(_ diary: Diary) async throws -> Output {
        throw AtlasError(.notConfigured, "Not yet.")
    }
}
