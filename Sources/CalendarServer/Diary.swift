import AtlasCore
import AtlasServer
import MailTemplates

/// What the calendar tools work with.
struct Diary: Sendable {
    let atlas: Atlas

    init(_ atlas: Atlas) { self.atlas = atlas }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    var calendar: BusinessCalendar { get throws { try atlas.calendar } }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    var booking: Booking { get throws { try atlas.booking(MustacheRenderer()) } }

    /// - Throws: ``AtlasError`` `not_configured` when a setting that contacts or their times need is wrong.
    var customers: CustomerLookup {
        get throws { CustomerLookup(contacts: try atlas.contacts, time: try atlas.time) }
    }
}
