import AtlasCore
import AtlasServer

/// What the CRM tools work with.
struct CRM: Sendable {
    let atlas: Atlas

    init(_ atlas: Atlas) { self.atlas = atlas }

    /// - Throws: ``AtlasError`` `not_configured` when a setting that they or their times need is wrong.
    var contacts: Contacts {
        get throws {
            _ = try atlas.time
            return try atlas.contacts
        }
    }

    /// - Throws: ``AtlasError`` `not_configured` when a setting that they or their times need is wrong.
    var customers: CustomerContexts { get throws { try atlas.customers } }

    /// - Throws: ``AtlasError`` `not_configured` when there is no such time zone.
    var time: BusinessTime { get throws { try atlas.time } }
}
