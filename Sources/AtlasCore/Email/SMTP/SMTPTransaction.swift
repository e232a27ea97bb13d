/// One message on its way to a server: EHLO, MAIL, RCPT, DATA (RFC 5321, 3.3).
struct SMTPTransaction {
    private var dialogue: SMTPDialogue
    private let start: ContinuousClock.Instant
    private let words: SMTPWords
    private var capabilities = SMTPCapabilities()
    /// Whether the server takes what comes for the message, and a farewell would be a line of it.
    private var isInMessage = false

    /// How many RCPTs go together. Their replies must find room on the way while nobody reads them (RFC 2920, 3.1).
    private static let group = 100
    private static let piece = 64 << 10

    init(_ dialogue: SMTPDialogue, start: ContinuousClock.Instant, words: SMTPWords) {
        self.dialogue = dialogue
        self.start = start
        self.words = words
    }

    /// - Parameter message: its lines end with CRLF, the last one too.
    /// - Throws: what ``MailSender/send(_:idempotencyKey:)`` does.
    mutating func send(_ message: [UInt8], _ envelope: SMTPEnvelope) async throws -> MailReceipt {
        let receipt: MailReceipt
        do {
            try await greet()
            if let limit = capabilities.sizeLimit, message.count > limit {
                throw MailRejection(error: words.tooLarge(message.count, limit: limit))
            }
            receipt = try await address(envelope, size: message.count)
            try await transfer(message)
        } catch let failure as SMTPDialogue.Failure {
            throw words.lost(failure, isInMessage: isInMessage)
        } catch {
            if !isInMessage { await dialogue.quit() }
            throw error
        }
        return try await complete(receipt)
    }

    // MARK: - Before the final dot

    /// Asks again what the server can do: libcurl keeps its answer to itself, and after a log-in it may be another.
    private mutating func greet() async throws {
        let reply = try await dialogue.ask("EHLO [127.0.0.1]")
        switch reply.kind {
        case .done: capabilities = SMTPCapabilities(reply)
        case .refused:
            // A server older than EHLO (4.1.4).
            let reply = try await dialogue.ask("HELO [127.0.0.1]")
            guard reply.kind == .done else { throw words.refused(reply, "the connection") }
        default: throw words.refused(reply, "the connection")
        }
    }

    /// Says from whom the message is and to whom it goes.
    ///
    /// - Returns: who was accepted, one at least, and who was not.
    private mutating func address(_ envelope: SMTPEnvelope, size: Int) async throws -> MailReceipt {
        let mail = "MAIL FROM:<\(envelope.sender)>" + (capabilities.knowsSize ? " SIZE=\(size)" : "")
        var receipt = MailReceipt(accepted: [])
        var replies: [SMTPReply] = []
        if !capabilities.hasPipelining { try check(try await dialogue.ask(mail), sender: envelope.sender, size: size) }
        for first in stride(from: 0, to: envelope.recipients.count, by: Self.group) {
            let group = envelope.recipients[first..<min(first + Self.group, envelope.recipients.count)]
            let commands = group.map { "RCPT TO:<\($0.transmitted)>" }
            if capabilities.hasPipelining {
                let lines = (first == 0 ? [mail] : []) + commands
                try await dialogue.send(Array(lines.map { $0 + "\r\n" }.joined().utf8))
                if first == 0 { try check(try await dialogue.reply(), sender: envelope.sender, size: size) }
            }
            for (recipient, command) in zip(group, commands) {
                let reply = capabilities.hasPipelining ? try await dialogue.reply() : try await dialogue.ask(command)
                // It goes away, or wants a log-in: that is about us, not about this recipient.
                if reply.isClosing || reply.code == 530 { throw words.refused(reply, "the recipients") }
                if reply.kind == .done {
                    receipt.accepted.append(recipient.address)
                } else {
                    receipt.rejected.append(RejectedRecipient(address: recipient.address, reason: reply.words))
                    replies.append(reply)
                }
            }
        }
        if receipt.accepted.isEmpty { throw words.nobody(receipt.rejected, replies) }
        return receipt
    }

    private func check(_ reply: SMTPReply, sender: String, size: Int) throws {
        if reply.kind != .done { throw words.refusedSender(reply, sender: sender, size: size) }
    }

    /// Sends the message up to, but not with, its final dot.
    private mutating func transfer(_ message: [UInt8]) async throws {
        let reply = try await dialogue.ask("DATA")
        guard reply.kind == .intermediate else { throw words.refusedMessage(reply) }
        isInMessage = true
        var stuffing = DotStuffing()
        for first in stride(from: 0, to: message.count, by: Self.piece) {
            let piece = stuffing.transmitted(message[first..<min(first + Self.piece, message.count)])
            do {
                try await dialogue.send(piece)
            } catch .connection(.closed) {
                // Servers that have enough say so before they go.
                try await listen(for: .seconds(1))
                throw SMTPDialogue.Failure.connection(.closed)
            }
        }
        // What the server says or does before it has seen the final dot is its last word, and nothing has been accepted.
        if dialogue.hasNews { try await listen(for: .milliseconds(200)) }
    }

    /// Hears what the server has to say of a message whose end it has not seen.
    private mutating func listen(for time: Duration) async throws {
        do {
            let reply = try await dialogue.reply(until: .now + time)
            throw reply.kind == .done || reply.kind == .intermediate ? words.nonsense : words.refusedMessage(reply)
        } catch SMTPDialogue.Failure.connection(.timeout) {
            // Nothing of SMTP: TLS talks to itself now and then.
        }
    }

    // MARK: - From the final dot on

    private mutating func complete(_ receipt: MailReceipt) async throws -> MailReceipt {
        let reply: SMTPReply
        let end = start + timeouts.whole
        do {
            try await dialogue.connection.send(Array(".\r\n".utf8), deadline: end)
            reply = try await dialogue.reply(until: min(.now + timeouts.completion, end))
        } catch {
            throw UncertainOutcome(words.unknown)
        }
        switch reply.kind {
        case .done: break
        // Nobody may say this here, and nobody knows what it means.
        case .intermediate: throw UncertainOutcome(words.unknown)
        case .temporary, .refused:
            isInMessage = false
            await dialogue.quit()
            throw words.refusedMessage(reply)
        }
        await dialogue.quit()
        var receipt = receipt
        receipt.reference = reply.queueID
        return receipt
    }

    private var timeouts: SMTPTimeouts { dialogue.timeouts }
}
