import MIME

/// Sends mail by an SMTP server (RFC 5321), a connection a message.
///
/// libcurl greets, secures the connection and logs in (``MailConnection``); from there on the commands are ours, because what becomes of
/// a message hangs on which of them was answered how. The rule is one: until the final dot is on its way nothing can have been accepted
/// (4.1.1.4), and whatever fails may be tried elsewhere; from then on only the server's word tells, and without it nobody knows.
struct SMTPSender: MailSender {
    let account: MailServerAccount
    var timeouts = SMTPTimeouts()

    var name: String { "smtp" }

    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> MailReceipt {
        let envelope: SMTPEnvelope
        let octets: [UInt8]
        do throws(CompositionError) {
            envelope = try SMTPEnvelope(of: message)
            octets = try message.composed()
        } catch {
            throw MailRejection(error: AtlasError(error))
        }
        guard !envelope.recipients.isEmpty else {
            throw MailRejection(error: AtlasError(.invalidArgument, "The message has no recipient.", parameter: "to"))
        }
        let start = ContinuousClock.now
        let connection = try await MailConnection.open(account, timeout: timeouts.connect)
        defer { connection.close() }
        var transaction = SMTPTransaction(
            SMTPDialogue(connection, deadline: start + timeouts.beforeDot, timeouts: timeouts), start: start,
            words: SMTPWords(server: account.server))
        return try await transaction.send(octets, envelope)
    }
}
