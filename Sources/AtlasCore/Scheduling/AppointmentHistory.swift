#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

import JSON

/// What a change of an appointment leaves behind besides the row itself: a line of its own history and one of its contact's.
struct AppointmentHistory {
    enum Kind: String { case created, rescheduled, cancelled }

    let kind: Kind
    let appointment: AppointmentSummary
    /// The appointment's after the change.
    let revision: Int
    var previously: Range<Date>?
    var reason: String?
    let time: BusinessTime

    var statements: [Query] { [change, interaction].compactMap(\.self) }

    private var change: Query {
        let isThere = kind != .cancelled
        return """
            INSERT INTO appointment_changes (id, appointment_id, revision, kind, old_start, old_end, new_start, new_end, reason)
            VALUES (\(UUID.timeOrdered()), \(appointment.id), \(revision), \(kind.rawValue), \(previously?.lowerBound),
                \(previously?.upperBound), \(isThere ? appointment.startTime : nil), \(isThere ? appointment.endTime : nil),
                \(reason))
            """
    }

    /// Of the same change there is one line, by whomever it is written.
    private var interaction: Query? {
        guard let contactID = appointment.contactID else { return nil }
        let metadata: JSON.Object = [
            "appointment_id": .string(appointment.id.uuidString.lowercased()), "change": .string(kind.rawValue),
        ]
        return """
            INSERT INTO contact_interactions (id, contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
            VALUES (\(UUID.timeOrdered()), \(contactID), \(InteractionType.appointment.rawValue), \(summary), now(), \(metadata),
                \("appointment:\(appointment.id.uuidString.lowercased()):\(revision)"))
            ON CONFLICT (source_ref) WHERE source_ref IS NOT NULL DO NOTHING
            """
    }

    /// `Booked deep clean for Tue 24 Nov 2026, 09:00–11:00 CST.`
    private var summary: String {
        let service = appointment.serviceType
        let when = time.span(from: appointment.startTime, to: appointment.endTime)
        let because = reason.map { " Reason: \($0)" } ?? ""
        switch kind {
        case .created: return "Booked \(service) for \(when)."
        case .rescheduled:
            let before = previously.map { time.span(from: $0.lowerBound, to: $0.upperBound) } ?? "another time"
            return "Moved \(service) from \(before) to \(when).\(because)"
        case .cancelled: return "Cancelled \(service) of \(when).\(because)"
        }
    }
}
