/// Commands and replies on a connection to an SMTP server.
struct SMTPDialogue {
    /// Why there is no reply.
    enum Failure: Error, Equatable {
        case connection(MailConnectionError)
        /// What came is not SMTP.
        case nonsense
    }

    let connection: MailConnection
    /// No step before the final dot lasts longer.
    let deadline: ContinuousClock.Instant
    let timeouts: SMTPTimeouts
    private var replies = SMTPReplyParser()

    init(_ connection: MailConnection, deadline: ContinuousClock.Instant, timeouts: SMTPTimeouts) {
        self.connection = connection
        self.deadline = deadline
        self.timeouts = timeouts
    }

    /// Sends a command and waits for what the server says to it.
    mutating func ask(_ command: String) async throws(Failure) -> SMTPReply {
        try await send(Array((command + "\r\n").utf8))
        return try await reply()
    }

    func send(_ octets: [UInt8]) async throws(Failure) {
        do { try await connection.send(octets, deadline: deadline) } catch { throw .connection(error) }
    }

    mutating func reply() async throws(Failure) -> SMTPReply {
        try await reply(until: min(.now + timeouts.command, deadline))
    }

    mutating func reply(until deadline: ContinuousClock.Instant) async throws(Failure) -> SMTPReply {
        while true {
            do throws(SMTPReplyParser.Nonsense) {
                if let reply = try replies.next() { return reply }
            } catch { throw .nonsense }
            do throws(MailConnectionError) {
                replies.append(try await connection.receive(atMost: 16 << 10, deadline: deadline))
            } catch { throw .connection(error) }
        }
    }

    /// Whether the server has said, or done, something that nobody asked for.
    var hasNews: Bool { replies.isWithin || connection.hasNews }

    /// Takes leave, so that the server need not wonder, and closes. Whether it answers changes nothing.
    mutating func quit() async {
        let deadline = ContinuousClock.now + timeouts.farewell
        do {
            try await connection.send(Array("QUIT\r\n".utf8), deadline: deadline)
            _ = try await reply(until: deadline)
        } catch {}
        connection.close()
    }
}
