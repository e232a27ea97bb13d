#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Visits of the business to its customers: when there can be one, and one of them made, moved, called off and shown in the calendar.
///
/// The database is the truth: two confirmed appointments of one business and one resource cannot overlap there. The calendar and the
/// letter come after it, and neither's failure takes a booking back. Every method throws ``AtlasError``.
public struct Booking: Sendable {
    let contacts: Contacts
    let time: BusinessTime
    let policy: BookingPolicy
    let calendar: any AppointmentCalendar
    /// Nil where the business sends no letters.
    let letters: (any AppointmentLetters)?
    let now: @Sendable () -> Date
    /// How long the calendar may take to answer.
    let patience: Duration

    init(
        contacts: Contacts, time: BusinessTime, policy: BookingPolicy, calendar: any AppointmentCalendar,
        letters: (any AppointmentLetters)? = nil, now: @escaping @Sendable () -> Date = { Date() },
        patience: Duration = .seconds(20)
    ) {
        self.contacts = contacts
        self.time = time
        self.policy = policy
        self.calendar = calendar
        self.letters = letters
        self.now = now
        self.patience = patience
    }

    var database: Database { contacts.database }
    /// As `appointments` writes it: blank where there is none.
    var businessContextID: String { contacts.businessContextID ?? "" }

    /// Asks the calendar, which may be slow or silent.
    ///
    /// - Throws: `timeout` when it takes too long.
    func limited<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) async throws -> R {
        try await withThrowingTaskGroup(of: R.self) { group in
            group.addTask(operation: body)
            group.addTask { [patience] in
                try await Task.sleep(for: patience)
                throw AtlasError(.timeout, "The calendar did not answer in time.")
            }
            defer { group.cancelAll() }
            guard let answer = try await group.next() else { throw CancellationError() }
            return answer
        }
    }
}
