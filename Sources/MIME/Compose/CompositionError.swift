/// Why a message cannot be written: something in it has no place in a message (RFC 5322).
public struct CompositionError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is to blame.
    public enum Part: String, Sendable {
        case from, replyTo, to, cc, bcc, messageID
    }

    public let part: Part
    /// One sentence that says what is wrong and what to do.
    public let message: String

    public var description: String { message }
}
