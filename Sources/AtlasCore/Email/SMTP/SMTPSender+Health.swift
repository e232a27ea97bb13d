extension SMTPSender {
    /// Greets the server, logs in where there is a log-in, and takes leave. No message is begun.
    func health(within limit: Duration) async throws -> PartHealth {
        let connection = try await MailConnection.open(account, timeout: limit)
        defer { connection.close() }
        var dialogue = SMTPDialogue(connection, deadline: .now + limit, timeouts: timeouts)
        let words = SMTPWords(server: account.server)
        do {
            var reply = try await dialogue.ask("EHLO [127.0.0.1]")
            // A server older than EHLO (RFC 5321, 4.1.4).
            if reply.kind == .refused { reply = try await dialogue.ask("HELO [127.0.0.1]") }
            guard reply.kind == .done else { throw words.refused(reply, "the connection") }
        } catch let failure as SMTPDialogue.Failure {
            throw words.lost(failure, isInMessage: false)
        }
        await dialogue.quit()
        if case .none = account.credentials { return PartHealth(["\(account.server) answers", "without log-in"]) }
        return PartHealth(["logged in at \(account.server)"])
    }
}
