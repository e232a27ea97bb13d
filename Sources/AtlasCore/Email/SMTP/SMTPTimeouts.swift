/// How long the steps of sending may take. RFC 5321, 4.5.3.2 would have minutes for each; the whole must end before the outbox
/// takes its server for dead (``Dispatch/longestSending``).
struct SMTPTimeouts: Sendable {
    /// Connection, TLS and log-in.
    var connect = Duration.seconds(20)
    /// The answer to a command.
    var command = Duration.seconds(30)
    /// Everything before the final dot: what ends here has certainly sent nothing, so it may not eat the time of what comes after.
    var beforeDot = Duration.seconds(75)
    /// The answer to the final dot, in which servers look through the message.
    var completion = Duration.seconds(60)
    var whole = Duration.seconds(110)
    /// The farewell, which changes nothing any more.
    var farewell = Duration.seconds(2)
}
