import AtlasCore
import AtlasServer

/// What the CRM tools work with.
struct CRM: Sendable {
    let atlas: Atlas

    init(_ atlas: Atlas) { self.atlas = atlas }

    /// - Throws: ``AtlasError`` `not_configured` when the database's settings are wrong.
    var contacts: Contacts { get throws { try atlas.contacts } }

    /// - Throws: ``AtlasError`` `not_configured` when there is no such time zone.
    var time: BusinessTime { get throws { try atlas.time } }
}
