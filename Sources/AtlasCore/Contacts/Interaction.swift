#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// Something that passed between a contact and the business. One row of `contact_interactions`.
public struct Interaction: Codable, Sendable, Equatable, Identifiable {
    public var id: UUID
    public var contactID: UUID
    /// One of ``InteractionType``, or what a reference server wrote.
    public var interactionType: String
    public var summary: String?
    public var occurredAt: Date
    public var createdAt: Date
    public var metadata: JSON.Object

    enum CodingKeys: String, CodingKey {
        case id
        case contactID = "contact_id"
        case interactionType = "interaction_type"
        case summary
        case occurredAt = "occurred_at"
        case createdAt = "created_at"
        case metadata
    }
}

/// How a contact and the business met.
public enum InteractionType: String, Codable, CaseIterable, Sendable {
    case call, email, appointment, sms, note, meeting
}

/// What `log_interaction` did.
public struct LoggedInteraction: Codable, Sendable, Equatable {
    public var interaction: Interaction
    /// True when an earlier call with the same idempotency key did it, and this one nothing.
    public var replayed: Bool
}

/// An appointment as its contact sees it. One row of `appointments`.
public struct AppointmentSummary: Codable, Sendable, Equatable, Identifiable {
    public var id: UUID
    public var startTime: Date
    public var endTime: Date
    /// Start and end for a reader; blank until ``shown(in:)``.
    public var when = ""
    public var durationMinutes: Int
    public var serviceType: String
    public var status: String
    public var customerName: String
    public var customerPhone: String
    public var customerEmail: String?
    public var customerAddress: String?
    public var calendarEventID: String?
    public var businessContextID: String
    public var contactID: UUID?
    public var notes: String?
    public var cancelledAt: Date?
    public var cancellationReason: String?
    public var createdAt: Date
    public var updatedAt: Date

    enum CodingKeys: String, CodingKey {
        case id
        case startTime = "start_time"
        case endTime = "end_time"
        case when
        case durationMinutes = "duration_minutes"
        case serviceType = "service_type"
        case status
        case customerName = "customer_name"
        case customerPhone = "customer_phone"
        case customerEmail = "customer_email"
        case customerAddress = "customer_address"
        case calendarEventID = "calendar_event_id"
        case businessContextID = "business_context_id"
        case contactID = "contact_id"
        case notes
        case cancelledAt = "cancelled_at"
        case cancellationReason = "cancellation_reason"
        case createdAt = "created_at"
        case updatedAt = "updated_at"
    }
}

extension AppointmentSummary {
    /// The same, with the times as the business says them.
    public func shown(in time: BusinessTime) -> AppointmentSummary {
        var shown = self
        shown.when = time.span(from: startTime, to: endTime)
        return shown
    }
}
