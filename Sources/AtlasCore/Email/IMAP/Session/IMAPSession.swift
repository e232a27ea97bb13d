#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A conversation with an IMAP server after log-in: commands go out, several at once where that saves waiting, and responses come in.
final class IMAPSession: @unchecked Sendable {
    // Sendable because whoever holds the session has it alone: `IMAPConnections` hands it to one caller at a time, under its lock.

    /// The mailbox that is open.
    struct Selected: Equatable {
        /// As the server writes it.
        var name: String
        var isReadOnly: Bool
        /// UIDVALIDITY: as long as it stays the same, so does what a UID means (RFC 3501, 2.3.1.1).
        var validity: UInt32
    }

    /// For one command.
    static let patience = Duration.seconds(30)
    /// For the first sign of life of a connection that was long at rest: it may have died without a word.
    private static let patienceWithOld = Duration.seconds(8)
    private static let mostResponses = 200_000
    private static let mostOctets = 160 << 20

    let connection: MailConnection
    private(set) var capabilities = IMAPCapabilities([])
    private(set) var selected: Selected?
    private(set) var lastUsed = ContinuousClock.now
    /// Whether it served before, so that it may have been closed meanwhile.
    private(set) var isOld = false

    /// Whether the server told of changes in the mailbox with the last commands.
    private(set) var hadNews = false

    private let limits: IMAPLimits
    private var frames: IMAPFrames
    /// Random, so that no message holds a line that looks like the end of a command.
    private let tagPrefix: String
    private var tagCount = 0

    init(_ connection: MailConnection, limits: IMAPLimits = IMAPLimits()) {
        self.connection = connection
        self.limits = limits
        frames = IMAPFrames(limits: limits)
        tagPrefix = String((0..<8).map { _ in "ABCDEFGHJKLMNPQRSTUVWXYZ23456789".randomElement() ?? "A" })
    }

    /// Connects and logs in.
    static func open(_ account: MailServerAccount, timeout: Duration) async throws -> IMAPSession {
        let connection = try await MailConnection.open(account, timeout: timeout)
        let session = IMAPSession(connection)
        if let told = IMAPCapabilities(logInLines: connection.lines) {
            session.capabilities = told
        } else {
            do {
                _ = try await session.run(IMAPCommand("CAPABILITY"))
            } catch let failure as IMAPFailure {
                session.close()
                throw failure.error(account)
            }
        }
        return session
    }

    func close() { connection.close() }

    /// Says goodbye without waiting for an answer, and closes.
    func logOut() async {
        try? await connection.send(Array("\(tagPrefix)Z LOGOUT\r\n".utf8), deadline: .now + .milliseconds(500))
        connection.close()
    }

    /// The holder gives it back.
    func rest() {
        isOld = true
        lastUsed = .now
    }

    /// Runs one command.
    ///
    /// - Throws: ``IMAPFailure``; `CancellationError`, after which the session is of no use, as after any failure that ends it.
    func run(_ command: IMAPCommand, patience: Duration = patience) async throws -> IMAPReply {
        let replies = try await pipeline([command], patience: patience)
        guard let reply = replies.first else { throw IMAPFailure.lost }
        guard reply.status.kind == .ok else { throw IMAPFailure.refused(reply.status, command: command.name) }
        return reply
    }

    /// Runs commands that do not depend on each other's answers, all sent before the first answer is waited for.
    ///
    /// - Returns: a reply for each, refusals among them.
    func pipeline(_ commands: [IMAPCommand], patience: Duration = patience) async throws -> [IMAPReply] {
        let deadline = ContinuousClock.now + patience
        var exchange = IMAPExchange(commands: commands.map { (nextTag(), $0) })
        do {
            try await send(&exchange, deadline: deadline)
            while !exchange.isOver { try await take(&exchange, deadline: deadline) }
        } catch MailConnectionError.cancelled {
            close()
            throw CancellationError()
        } catch let error as MailConnectionError {
            close()
            throw exchange.bye.map(IMAPFailure.bye) ?? IMAPFailure(error)
        } catch let error as IMAPProtocolError {
            close()
            throw IMAPFailure.malformed(error)
        }
        hadNews = exchange.hasNews
        return exchange.replies
    }

    private func nextTag() -> String {
        tagCount += 1
        return tagPrefix + String(tagCount)
    }

    /// Sends the commands, and waits where a literal must be asked for.
    private func send(_ exchange: inout IMAPExchange, deadline: ContinuousClock.Instant) async throws {
        var octets: [UInt8] = []
        for (tag, command) in exchange.commands {
            if exchange.hasEnded(tag) { continue }
            octets += "\(tag) ".utf8
            pieces: for piece in command.pieces {
                switch piece {
                case .text(let text): octets += text
                case .literal(let literal):
                    let isUnasked = capabilities.allowsUnasked(literal: literal.count)
                    octets += "{\(literal.count)\(isUnasked ? "+" : "")}\r\n".utf8
                    if !isUnasked {
                        try await connection.send(octets, deadline: deadline)
                        octets = []
                        let asked = exchange.continuations
                        while exchange.continuations == asked, !exchange.hasEnded(tag) {
                            try await take(&exchange, deadline: deadline)
                        }
                        // Refused before the literal: nothing more of this command may follow.
                        if exchange.hasEnded(tag) { break pieces }
                    }
                    octets += literal
                }
            }
            if !exchange.hasEnded(tag) { octets += [0x0D, 0x0A] }
        }
        try await connection.send(octets, deadline: deadline)
    }

    /// Takes the next response.
    private func take(_ exchange: inout IMAPExchange, deadline: ContinuousClock.Instant) async throws {
        while true {
            if let frame = try frames.next() {
                let response = try IMAPResponse(parsing: frame, limits: limits)
                note(response, in: exchange)
                try exchange.take(response, octets: frame.count)
                guard exchange.octets <= Self.mostOctets, exchange.count <= Self.mostResponses else {
                    throw IMAPProtocolError.responseTooLong
                }
                // After its goodbye a server has nothing more to say, whether it hangs up or not.
                if exchange.bye != nil, !exchange.isOver { throw MailConnectionError.closed }
                return
            }
            let isProbe = isOld && exchange.count == 0 && .now - lastUsed > .seconds(60)
            let limit = isProbe ? min(deadline, .now + Self.patienceWithOld) : deadline
            frames.append(try await receive(until: limit, isProbe: isProbe))
        }
    }

    private func receive(until deadline: ContinuousClock.Instant, isProbe: Bool) async throws(MailConnectionError)
        -> [UInt8]
    {
        do {
            return try await connection.receive(atMost: 128 << 10, deadline: deadline)
        } catch {
            throw isProbe && error == .timeout ? .closed : error
        }
    }

    /// Keeps what a response says about the session.
    private func note(_ response: IMAPResponse, in exchange: IMAPExchange) {
        switch response {
        case .data("CAPABILITY", _, let values):
            capabilities = IMAPCapabilities(values)
        case .tagged(let tag, let status):
            if status.code == "CAPABILITY" { capabilities = IMAPCapabilities(status.arguments) }
            guard let command = exchange.command(tag), ["EXAMINE", "SELECT"].contains(command.name) else { return }
            // A refused one leaves no mailbox open (RFC 3501, 6.3.1).
            selected = nil
            if status.kind == .ok, let mailbox = command.openedMailbox {
                selected = Selected(
                    name: mailbox, isReadOnly: command.name == "EXAMINE", validity: exchange.validity)
            }
        default: break
        }
    }
}
