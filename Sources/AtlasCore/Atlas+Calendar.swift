#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Atlas {
    /// The business's calendars.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    public var calendar: BusinessCalendar {
        get throws {
            let policy = try BookingPolicy(configuration)
            return BusinessCalendar(
                provider: try calendarProvider, time: try time, hours: policy.hours,
                database: { [self] in try opened.withLock { try database(&$0) } },
                appointments: { [self] range in try await booking(policy, letters: nil).busy(in: range) })
        }
    }

    /// The business's visits to its customers.
    ///
    /// - Parameter renderer: fills the templates of the letters about them.
    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong. Mail that is not set up, or wrongly,
    ///   matters only when a customer is to be told.
    public func booking(_ renderer: any TemplateRenderer) throws -> Booking {
        let sends = [ConfigurationKey.smtpHost, .gmailRefreshToken, .resendKey].contains { configuration[$0] != nil }
        return try booking(
            try BookingPolicy(configuration), letters: sends ? LettersByMail { [self] in try mailer(renderer) } : nil)
    }

    private func booking(_ policy: BookingPolicy, letters: (any AppointmentLetters)?) throws -> Booking {
        Booking(
            contacts: try contacts, time: try time, policy: policy,
            calendar: AppointmentEvents { [self] in try calendarProvider }, letters: letters)
    }

    /// CalDAV where it is set up, else Google where that is enabled, else the calendar in the database.
    var calendarProvider: any CalendarProvider {
        get throws {
            let time = try time
            return try opened.withLock { opened in
                if let calendars = opened.calendars { return calendars }
                let calendars: any CalendarProvider
                if configuration[.caldavURL] != nil {
                    calendars = try CalDAVCalendars(configuration, time: time, http: http(&opened))
                } else if try configuration.flag(.googleCalendarEnabled) ?? false {
                    calendars = try GoogleCalendars(configuration, time: time, http: http(&opened))
                } else {
                    calendars = try LocalCalendars(configuration, time: time, database: database(&opened))
                }
                opened.calendars = calendars
                return calendars
            }
        }
    }
}

/// Letters that look for the mail when they are written.
private struct LettersByMail: AppointmentLetters {
    let mailer: @Sendable () throws -> Mailer

    func send(_ letter: AppointmentLetter, idempotencyKey: String) async throws {
        try await mailer().send(letter, idempotencyKey: idempotencyKey)
    }
}
