import AtlasCore
import AtlasServer

/// What the telephony tools work with.
struct Phone: Sendable {
    let atlas: Atlas

    init(_ atlas: Atlas) { self.atlas = atlas }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    var telephony: Telephony { get throws { try atlas.telephony } }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are wrong.
    var calls: CallIntelligence { get throws { try atlas.calls } }
}
