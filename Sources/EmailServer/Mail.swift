import AtlasCore
import AtlasServer
import MailTemplates

/// What the mail tools work with.
struct Mail: Sendable {
    let atlas: Atlas

    init(_ atlas: Atlas) { self.atlas = atlas }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are wrong.
    var inbox: Inbox { get throws { try atlas.inbox } }

    /// - Throws: ``AtlasError`` `not_configured` that names the variables which are missing or wrong.
    var mailer: Mailer { get throws { try atlas.mailer(MustacheRenderer()) } }
}
