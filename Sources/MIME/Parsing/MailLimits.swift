/// How much of a message is read. Ordinary mail stays far below each; a message that is made to harm comes to a limit, not to a trap.
enum MailLimits {
    /// How deep parts may stand in parts. Mail that people write has four.
    static let depth = 32
    static let parts = 1000
    /// Fields in the header of one part.
    static let fields = 1000
    /// Octets of one field, name and value.
    static let field = 64 << 10
    /// Parameters of one field.
    static let parameters = 100
    /// Message-IDs in one field.
    static let identifiers = 1000
    static let addresses = 2000
    static let problems = 20
}
