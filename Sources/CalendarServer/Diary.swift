import AtlasCore
import AtlasServer

/// What the calendar tools work with.
struct Diary: Sendable {
    let atlas: Atlas

    init(_ atlas: Atlas) { self.atlas = atlas }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    var calendar: BusinessCalendar { get throws { try atlas.calendar } }
}
