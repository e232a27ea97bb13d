#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Which appointment is meant: by its id, or by the phone of a customer who has exactly one to come.
public enum AppointmentReference: Sendable, Equatable {
    case id(UUID)
    case phone(String)
}

/// What a customer wants, in a caller's words.
public struct BookingWish: Sendable, Equatable {
    public var customerName: String
    public var customerPhone: String
    /// `2026-11-24`, `tomorrow`, `next Tuesday`
    public var date: String
    /// `14:30`, `2pm`
    public var time: String
    public var serviceType: String?
    public var customerEmail: String?
    public var address: String?
    public var notes: String?
    /// How long the visit takes; nil for what the service takes.
    public var minutes: Int?
    /// Who or what does the visit, where there are several; blank for the business itself.
    public var resource: String

    public init(
        customerName: String, customerPhone: String, date: String, time: String, serviceType: String? = nil,
        customerEmail: String? = nil, address: String? = nil, notes: String? = nil, minutes: Int? = nil,
        resource: String = ""
    ) {
        self.customerName = customerName
        self.customerPhone = customerPhone
        self.date = date
        self.time = time
        self.serviceType = serviceType
        self.customerEmail = customerEmail
        self.address = address
        self.notes = notes
        self.minutes = minutes
        self.resource = resource
    }
}

/// Whether the calendar shows an appointment as it is.
public enum CalendarState: String, Codable, CaseIterable, Sendable {
    /// It does.
    case synced
    /// Not yet; it is tried again.
    case pending
    /// The appointment is cancelled, and its event gone.
    case removed
}

/// Whether the customer was told by e-mail.
public enum LetterState: String, Codable, CaseIterable, Sendable {
    case sent
    /// The customer has no e-mail address.
    case noAddress = "no_address"
    /// No mail is set up.
    case notConfigured = "not_configured"
    case failed
    /// Not yet; it is tried again.
    case pending
    /// This call wrote none; an earlier one may have.
    case notSent = "not_sent"
    /// Nothing changed, so there was nothing to tell.
    case notNeeded = "not_needed"
}

/// What `book_appointment` did.
public struct BookedAppointment: Codable, Sendable, Equatable {
    public var appointment: AppointmentSummary
    public var contactID: UUID
    public var contactCreated: Bool
    /// What the caller said and the contact has otherwise.
    public var conflicts: [FieldConflict]
    public var calendar: CalendarState
    public var confirmation: LetterState
    /// Sentences for the caller.
    public var warnings: [String]
    /// True when an earlier call with the same idempotency key booked it, and this one nothing.
    public var replayed: Bool

    enum CodingKeys: String, CodingKey {
        case appointment
        case contactID = "contact_id"
        case contactCreated = "contact_created"
        case conflicts, calendar, confirmation, warnings, replayed
    }
}

/// What `reschedule_appointment` or `cancel_appointment` did.
public struct ChangedAppointment: Codable, Sendable, Equatable {
    public var appointment: AppointmentSummary
    /// When it was before, for a reader.
    public var previousWhen: String?
    /// False when it was so already.
    public var changed: Bool
    public var calendar: CalendarState
    public var notice: LetterState
    public var warnings: [String]
    public var replayed: Bool

    enum CodingKeys: String, CodingKey {
        case appointment
        case previousWhen = "previous_when"
        case changed, calendar, notice, warnings, replayed
    }
}

/// What `sync_appointment` did.
public struct SyncedAppointment: Codable, Sendable, Equatable {
    public enum Status: String, Codable, CaseIterable, Sendable { case created, updated }

    public var appointmentID: UUID
    public var calendarEventID: String
    public var summary: String
    public var start: Date
    public var end: Date
    public var when: String
    public var status: Status

    enum CodingKeys: String, CodingKey {
        case appointmentID = "appointment_id"
        case calendarEventID = "calendar_event_id"
        case summary, start, end, when, status
    }
}
