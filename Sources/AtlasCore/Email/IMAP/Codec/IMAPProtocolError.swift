/// What a server sent that is not IMAP, or more than is taken. Where the next response begins is unknown then, so the connection is
/// of no use any more.
enum IMAPProtocolError: Error, Sendable, Equatable {
    case lineTooLong
    case literalTooLong
    case responseTooLong
    case tooManyValues
    case tooDeep
    /// Parentheses, quotes or a literal that do not end.
    case malformed
    /// A tag that we did not give.
    case unknownTag
}

/// How much of a server's response is taken.
struct IMAPLimits: Sendable {
    /// Octets of a line without its literals. An old server's answer to a search names each message it found, so a megabyte would
    /// end at 130,000 messages.
    var line = 4 << 20
    var literal = 64 << 20
    var response = 80 << 20
    /// Lists within lists. Servers describe a message as deep as it is, Dovecot to a hundred levels: what a stranger can send must not
    /// make the list that it stands in unreadable.
    var depth = 512
    var values = 1_000_000
}
