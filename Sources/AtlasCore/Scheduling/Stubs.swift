#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Booking {
    /// When there can be a visit, from a day on.
    ///
    /// - Parameters:
    ///   - date: as people say it.
    ///   - daysAhead: how many days, 1…31.
    ///   - minutes: how long the visit takes; nil for what the service takes.
    public func availability(
        date: String, daysAhead: Int = 7, serviceType: String? = nil, minutes: Int? = nil, resource: String = ""
    ) async throws -> Availability {
        throw AtlasError(.internal, "Not there yet.")
    }

    /// When confirmed appointments take up time, whether a calendar shows them or not.
    ///
    /// - Parameter unsyncedOnly: only those that the calendar does not show as they are.
    public func busy(in range: Range<Date>, resource: String? = nil, unsyncedOnly: Bool = false) async throws -> [Range<
        Date
    >] {
        throw AtlasError(.internal, "Not there yet.")
    }

    /// Books a visit, once.
    ///
    /// - Throws: `invalid_argument` that names all that is wrong; `conflict` that offers other times when the time is taken.
    public func book(_ wish: BookingWish, idempotencyKey: String?) async throws -> BookedAppointment {
        throw AtlasError(.internal, "Not there yet.")
    }

    /// Moves an appointment.
    public func reschedule(
        _ reference: AppointmentReference, date: String, time: String, reason: String?, idempotencyKey: String?
    ) async throws -> ChangedAppointment {
        throw AtlasError(.internal, "Not there yet.")
    }

    /// Calls an appointment off.
    public func cancel(
        _ reference: AppointmentReference, reason: String?, idempotencyKey: String?
    ) async throws -> ChangedAppointment {
        throw AtlasError(.internal, "Not there yet.")
    }

    /// Shows an appointment in the calendar as it is.
    public func sync(_ id: UUID, calendarID: String? = nil) async throws -> SyncedAppointment {
        throw AtlasError(.internal, "Not there yet.")
    }

    /// Shows up to `limit` appointments whose turn it is again.
    ///
    /// - Returns: how many the calendar shows now.
    @discardableResult
    public func resyncDue(limit: Int = 3) async -> Int { 0 }
}

extension CustomerLookup {
    /// Finds a customer by phone, or by name.
    public func lookup(phone: String?, name: String?, includeHistory: Bool = true) async throws -> FoundCustomer {
        throw AtlasError(.internal, "Not there yet.")
    }
}

extension BookingPolicy {
    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    public init(_ configuration: Configuration) throws(AtlasError) {
        self.init(hours: WeeklyHours(from: 8, to: 18))
    }
}
