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

    func call(_ diary: Diary) async throws -> SyncedAppointment {
        try await diary.booking.sync(appointmentID, calendarID: calendarID)
    }
}

struct CheckAvailability: Tool {
    static let name = "check_availability"
    static let toolset = "scheduling"
    static let description = """
        Find when a visit can be booked, day by day: within the business's hours, free of events and of other visits. Use it before \
        you offer a customer a time.
        """
    static let hints: ToolHints = [.readOnly, .openWorld]

    @Parameter("The first day: 2026-11-24, tomorrow, next Tuesday.", .length(1...64)) var date: String
    @Parameter("How many days to look at, the first included.", .range(1...31)) var daysAhead = 7
    @Parameter("What is to be done; it decides how long a visit takes.", .length(...128)) var serviceType: String?

    func call(_ diary: Diary) async throws -> Availability {
        try await diary.booking.availability(date: date, daysAhead: daysAhead, serviceType: serviceType)
    }
}

struct BookAppointment: Tool {
    static let name = "book_appointment"
    static let toolset = "scheduling"
    static let description = """
        Book a visit for a customer: finds or makes the contact, takes the time so that nobody else can, writes the history, shows it in \
        the calendar and confirms by e-mail where that is set up. Do it once, and only when the customer agreed to the time.
        """
    static let hints: ToolHints = .openWorld

    @Parameter("The customer's name.", .length(1...256)) var customerName: String
    @Parameter("The customer's phone number, in any format.", .length(1...64)) var customerPhone: String
    @Parameter("The day: 2026-11-24, tomorrow, next Tuesday, Jan 20.", .length(1...64)) var date: String
    @Parameter("The time of day: 14:30, 2pm.", .length(1...64)) var time: String
    @Parameter("What is to be done; it decides how long the visit takes.", .length(...128)) var serviceType: String?
    @Parameter("Where the confirmation goes.", .length(...254)) var customerEmail: String?
    @Parameter("Where the visit is.", .length(...1000)) var address: String?
    @Parameter("What there is to know about it.", .length(...4000)) var notes: String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    func call(_ diary: Diary) async throws -> BookedAppointment {
        let wish = BookingWish(
            customerName: customerName, customerPhone: customerPhone, date: date, time: time, serviceType: serviceType,
            customerEmail: customerEmail, address: address, notes: notes)
        return try await diary.booking.book(wish, idempotencyKey: idempotencyKey)
    }
}

/// Which appointment is meant.
struct AppointmentChoice: Arguments {
    @Parameter("The appointment's id.") var appointmentID: UUID?
    @Parameter("Instead of the id: the phone number of a customer who has one visit to come.", .length(...64))
    var phone: String?

    func validate() throws {
        guard (appointmentID == nil) != (phone == nil) else {
            throw ToolFailure(
                code: "invalid_argument", "Give either appointment_id, or the customer's phone.",
                parameter: "appointment_id")
        }
    }

    var reference: AppointmentReference { appointmentID.map { .id($0) } ?? .phone(phone ?? "") }
}

struct RescheduleAppointment: Tool {
    static let name = "reschedule_appointment"
    static let toolset = "scheduling"
    static let description = """
        Move a visit to another time, if that is free; the calendar and the customer's letter follow. Do it only when the customer agreed.
        """
    static let hints: ToolHints = [.destructive, .openWorld]

    @Including var choice: AppointmentChoice
    @Parameter("The new day: 2026-11-24, tomorrow, next Tuesday.", .length(1...64)) var date: String
    @Parameter("The new time of day: 14:30, 2pm.", .length(1...64)) var time: String
    @Parameter("Why, for the history.", .length(...1000)) var reason: String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    func call(_ diary: Diary) async throws -> ChangedAppointment {
        try await diary.booking.reschedule(
            choice.reference, date: date, time: time, reason: reason, idempotencyKey: idempotencyKey)
    }
}

struct CancelAppointment: Tool {
    static let name = "cancel_appointment"
    static let toolset = "scheduling"
    static let description = """
        Call off a visit; its time is free again, its event leaves the calendar, the history stays. Do it only when the customer or the \
        user wants it.
        """
    static let hints: ToolHints = [.destructive, .openWorld]

    @Including var choice: AppointmentChoice
    @Parameter("Why, for the history.", .length(...1000)) var reason: String?
    @Parameter(.idempotencyKey, .length(...128)) var idempotencyKey: String?

    func call(_ diary: Diary) async throws -> ChangedAppointment {
        try await diary.booking.cancel(choice.reference, reason: reason, idempotencyKey: idempotencyKey)
    }
}

struct LookupCustomer: Tool {
    static let name = "lookup_customer"
    static let toolset = "scheduling"
    static let description = """
        Find out who a customer is and what they have booked, by phone number or name. Use it when somebody calls about a visit.
        """
    static let hints: ToolHints = .readOnly

    @Parameter("A phone number in any format.", .length(...64)) var phone: String?
    @Parameter("A name, or part of one.", .length(...200)) var name: String?
    @Parameter("Whether to tell what passed between them and the business.") var includeHistory = true

    func validate() throws {
        guard phone != nil || name != nil else {
            throw ToolFailure(code: "invalid_argument", "Give a phone or a name to look for.", parameter: "phone")
        }
    }

    func call(_ diary: Diary) async throws -> FoundCustomer {
        try await diary.customers.lookup(phone: phone, name: name, includeHistory: includeHistory)
    }
}
