#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One row of `appointments` with what is ours of it.
struct AppointmentRow: Record, Sendable, Equatable {
    var appointment: AppointmentSummary
    var resource: String
    var revision: Int
    /// The revision that the calendar shows.
    var syncedRevision: Int?
    var calendarID: String?
    /// Who shows it in the calendar just now, or did last.
    var worker: UUID?
    /// When what is left is tried again; nil when nothing is.
    var dueAt: Date?
    var letter: AppointmentLetter.Occasion?
    var isConfirmationSent: Bool
    /// When it was before its last change.
    var previously: Range<Date>?

    init(row: Row) throws {
        appointment = try AppointmentSummary(row: row)
        resource = try row.get("resource")
        revision = try row.get("revision")
        syncedRevision = try row.get("synced_revision")
        calendarID = try row.get("calendar_id")
        worker = try row.get("sync_worker")
        dueAt = try row.get("due_at")
        letter = try row.get("letter", as: String?.self).flatMap(AppointmentLetter.Occasion.init)
        isConfirmationSent = try row.get("confirmation_sent")
        let (start, end): (Date?, Date?) = (try row.get("old_start"), try row.get("old_end"))
        if let start, let end, start < end { previously = start..<end }
    }

    var id: UUID { appointment.id }
    var isCancelled: Bool { appointment.status == AppointmentStatus.cancelled.rawValue }
    var isConfirmed: Bool { appointment.status == AppointmentStatus.confirmed.rawValue }

    var calendarState: CalendarState {
        guard syncedRevision == revision else { return .pending }
        return isCancelled ? .removed : .synced
    }
}

/// What becomes of an appointment; other programs may write other words.
public enum AppointmentStatus: String, Codable, CaseIterable, Sendable {
    case confirmed, cancelled, completed
    case noShow = "no_show"
}

extension Query {
    /// The columns of an ``AppointmentRow``, of the table by its own name.
    static let appointmentRow: Query = """
        \(.appointment), resource, revision, synced_revision, calendar_id, sync_worker, due_at, letter, \
        coalesce(confirmation_sent, false) AS confirmation_sent, \
        (SELECT h.old_start FROM appointment_changes h WHERE h.appointment_id = appointments.id \
        AND h.revision = appointments.revision) AS old_start, \
        (SELECT h.old_end FROM appointment_changes h WHERE h.appointment_id = appointments.id \
        AND h.revision = appointments.revision) AS old_end
        """

    static func appointmentRow(_ id: UUID) -> Query {
        "SELECT \(.appointmentRow) FROM appointments WHERE id = \(id)"
    }

    /// When an appointment takes place, as the constraint `appointments_apart` has it.
    static let appointmentSpan: Query = "(CASE WHEN start_time < end_time THEN tstzrange(start_time, end_time) END)"

    /// One booking of a business and resource at a time, so that the look for what is near holds until the end of the transaction.
    static func lockBookings(of businessContextID: String, _ resource: String) -> Query {
        "SELECT pg_advisory_xact_lock(1096043606, hashtext(\(businessContextID)::text || chr(31) || \(resource)::text))"
    }

    /// The confirmed appointments that take time in `range`, by start.
    static func appointments(
        _ columns: Query, in range: Range<Date>, of businessContextID: String, _ resource: String?,
        except id: UUID? = nil
    ) -> Query {
        let ofResource: Query = resource.map { " AND resource = \($0)" } ?? ""
        let others: Query = id.map { " AND id <> \($0)" } ?? ""
        return """
            SELECT \(columns) FROM appointments
            WHERE status = 'confirmed' AND business_context_id = \(businessContextID)\(ofResource)
                AND \(.appointmentSpan) && tstzrange(\(range.lowerBound), \(range.upperBound))\(others)
            ORDER BY start_time
            """
    }
}
