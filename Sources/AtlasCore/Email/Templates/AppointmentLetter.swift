#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

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
    /// Of a customer who has an e-mail address.
    var appointment: AppointmentSummary
    /// When it was before it was moved.
    var previously: Range<Date>?

    /// For the idempotency key: what makes it the same letter, not how the customer is written.
    var arguments: JSON {
        [
            "appointment_id": .string(appointment.id.uuidString.lowercased()), "occasion": .string(occasion.rawValue),
            "start_time": .number(appointment.startTime.timeIntervalSince1970),
        ]
    }

    /// `Appointment moved`, as the history says it.
    var title: String { "Appointment \(occasion.rawValue)" }
}

extension Mailer: AppointmentLetters {
    func send(_ letter: AppointmentLetter, idempotencyKey: String) async throws {
        guard let to = letter.appointment.customerEmail else {
            throw AtlasError(.invalidArgument, "The customer has no e-mail address.", parameter: "customer_email")
        }
        _ = try await once("appointment_letter", arguments: letter.arguments, idempotencyKey: idempotencyKey) {
            let appointment = letter.appointment
            let span = appointment.startTime..<max(appointment.startTime, appointment.endTime)
            let (date, hours) = time.letterTime(span)
            let old = letter.previously.map { time.letterTime($0) }
            return try made(
                "appointment_\(letter.occasion.rawValue)", .generic, to: [to], title: letter.title,
                values: [
                    ("client_name", appointment.customerName.cleaned()), ("service", appointment.serviceType.cleaned()),
                    ("date", date), ("time", hours), ("old_date", old?.date), ("old_time", old?.hours),
                    ("address", appointment.customerAddress?.cleaned(keepingLines: true)),
                ])
        }
    }
}

extension BusinessTime {
    /// A visit's day and hours for a customer: `Tuesday, November 24, 2026` and `9:00 AM – 11:00 AM CST`.
    fileprivate func letterTime(_ span: Range<Date>) -> (date: String, hours: String) {
        func clock(_ date: Date) -> String {
            let instant = Int(date.timeIntervalSince1970.rounded(.down))
            let minutes = (instant + zone.offset(at: instant)).floorRemainder(by: 86400) / 60
            let (hour, minute) = (minutes / 60, minutes % 60)
            return "\((hour + 11) % 12 + 1):\(minute < 10 ? "0" : "")\(minute) \(hour < 12 ? "AM" : "PM")"
        }
        let abbreviation = zone.abbreviation(at: Int(span.lowerBound.timeIntervalSince1970.rounded(.down)))
        let end = span.isEmpty ? "" : " – \(clock(span.upperBound))"
        return (Self.longDate(day(of: span.lowerBound)), "\(clock(span.lowerBound))\(end) \(abbreviation)")
    }
}
