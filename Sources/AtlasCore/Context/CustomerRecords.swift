#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import Logging

/// What the database and the mailbox hold about a customer, before it is cut to what is shown.
struct CustomerRecords: Sendable {
    /// The newest of a kind, and how many there are; nil where that could not be found out.
    struct Part<Item: Sendable>: Sendable {
        var items: [Item] = []
        var total: Int?
        /// When the last contact of this kind was.
        var latest: Date?
    }

    var contact: Contact
    var interactions = Part<Interaction>()
    var appointments = Part<AppointmentSummary>()
    var nextAppointment: AppointmentSummary?
    var calls = Part<CallTranscript>()
    var followUps = Part<CallTranscript>()
    var sentEmails = Part<SentEmail>()
    var inboxEmails = Part<MessageSummary>()
    var unavailable: [String: String] = [:]
}

extension CustomerRecords {
    /// Takes the answers to ``CustomerStatements/sources``, in their order. What failed is named, and the rest stands.
    mutating func take(_ answers: ArraySlice<Result<Rows, any Error>>, _ logger: Logger) throws {
        var answers = answers
        try take(.interactions, &answers, logger) { records, rows in records.interactions = try Part(rows) }
        try take(.appointments, &answers, logger) { records, rows in
            let all = try Part<AppointmentSummary>(rows)
            let isNext = try rows.map { try $0.get("is_next", as: Bool.self) }
            records.nextAppointment = isNext.last == true ? all.items.last : nil
            records.appointments = Part(
                items: zip(all.items, isNext).filter { !$0.1 }.map(\.0), total: all.total, latest: nil)
        }
        try take(.callTranscripts, &answers, logger) { records, rows in
            records.calls = try Part(rows)
            records.calls.latest = records.calls.items.map(\.occurredAt).max()
        }
        try take(.openFollowUps, &answers, logger) { records, rows in records.followUps = try Part(rows) }
        try take(.sentEmails, &answers, logger) { records, rows in records.sentEmails = try Part(rows) }
    }

    private mutating func take(
        _ source: ContextSource, _ answers: inout ArraySlice<Result<Rows, any Error>>, _ logger: Logger,
        _ read: (inout CustomerRecords, Rows) throws -> Void
    ) throws {
        do {
            guard let answer = answers.popFirst() else { return }
            try read(&self, try answer.get())
        } catch let error as DatabaseError {
            unavailable[source.rawValue] = AtlasError(error).message
            logger.warning(
                "A part of what is known of a customer could not be read.",
                metadata: [
                    "part": "\(source.rawValue)", "kind": "\(error.kind)", "state": "\(error.sqlState ?? "-")",
                ])
        }
    }
}

extension CustomerRecords.Part where Item: Record {
    /// Of rows that each tell the total, and the latest moment where that is asked for.
    init(_ rows: Rows) throws {
        items = try rows.records()
        total = try rows.first?.get("total") ?? 0
        if let first = rows.first, first.has("latest") { latest = try first.get("latest") }
    }
}

extension CustomerStatements {
    /// In the order in which ``CustomerRecords/take(_:_:)`` takes their answers.
    var sources: [Query] { [interactions, appointments, calls, followUps, sentEmails] }
}

/// Where a part of a context comes from, by the name of the part.
enum ContextSource: String {
    case interactions, appointments
    case callTranscripts = "call_transcripts"
    case openFollowUps = "open_follow_ups"
    case sentEmails = "sent_emails"
    case inboxEmails = "inbox_emails"
}
