/// Why octets could not be sent to a mail server or received from it. The connection is of no use afterwards.
enum MailConnectionError: Error, Sendable, Equatable {
    /// The server closed the connection, or it was lost.
    case closed
    /// The deadline passed.
    case timeout
    /// The task was cancelled.
    case cancelled
}
