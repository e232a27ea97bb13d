#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Tells customers of their appointments.
protocol AppointmentLetters: Sendable {
    /// Writes to the customer, once for each key.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when no mail can be sent at all.
    func send(_ letter: AppointmentLetter, idempotencyKey: String) async throws
}

/// A letter about an appointment.
struct AppointmentLetter: Sendable, Equatable {
    enum Occasion: String, CaseIterable, Sendable { case confirmed, moved, cancelled }

    var occasion: Occasion
    var appointment: AppointmentSummary
    /// When it was before it was moved.
    var previously: Range<Date>?
}
