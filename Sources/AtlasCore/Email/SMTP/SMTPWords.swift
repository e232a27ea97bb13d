/// What callers are told of a sending that failed, and what it means for them: another provider, other arguments, or a look first.
struct SMTPWords: Sendable {
    /// `SMTP (mail.example.com:587)`
    let server: String

    // MARK: - Nothing was accepted

    func lost(_ failure: SMTPDialogue.Failure, isInMessage: Bool) -> any Error {
        let place = isInMessage ? " in the middle of the message" : ""
        return switch failure {
        case .connection(.cancelled): CancellationError()
        case .connection(.timeout):
            AtlasError(.timeout, "\(server) did not answer in time\(place); nothing was sent. Try again later.")
        case .connection(.closed):
            AtlasError(.unavailable, "\(server) closed the connection\(place); nothing was sent. Try again later.")
        case .nonsense: nonsense
        }
    }

    var nonsense: AtlasError {
        AtlasError(
            .upstreamError,
            "\(server) does not keep to SMTP; nothing was sent. Check \(ConfigurationKey.smtpHost.name) and "
                + "\(ConfigurationKey.smtpPort.name).")
    }

    /// The server does not want us, now or at all.
    func refused(_ reply: SMTPReply, _ what: String) -> AtlasError {
        switch reply.code {
        case 530, 534, 535, 538:
            AtlasError(
                .unauthenticated,
                "\(server) wants a log-in first: “\(reply.words)”. Set \(ConfigurationKey.smtpUsername.name) and "
                    + "\(ConfigurationKey.smtpPassword.name).")
        case _ where reply.kind == .temporary: later(reply, what)
        default: AtlasError(.upstreamError, "\(server) refused \(what): “\(reply.words)”; nothing was sent.")
        }
    }

    private func later(_ reply: SMTPReply, _ what: String) -> AtlasError {
        AtlasError(
            .unavailable, "\(server) does not take \(what) now: “\(reply.words)”; nothing was sent. Try again later.")
    }

    /// A sender whom this server does not let send may be at home at another provider's.
    func refusedSender(_ reply: SMTPReply, sender: String, size: Int) -> any Error {
        if reply.code == 552 || reply.isAbout("3.4") {
            return MailRejection(error: tooLarge(size, limit: nil, saying: reply))
        }
        guard reply.kind == .refused, ![530, 534, 535, 538].contains(reply.code) else {
            return refused(reply, "the message")
        }
        return AtlasError(
            .permissionDenied,
            "\(server) does not let \(sender) send: “\(reply.words)”; nothing was sent. Use an address of this account, or "
                + "check \(ConfigurationKey.defaultFrom.name).", parameter: "from_email")
    }

    // MARK: - No other provider is asked

    func tooLarge(_ size: Int, limit: Int?, saying reply: SMTPReply? = nil) -> AtlasError {
        let most = limit.map { " at most \(megabytes($0)) MB" } ?? " less"
        let saying = reply.map { ": “\($0.words)”" } ?? ""
        return AtlasError(
            .invalidArgument,
            "The message has \(megabytes(size)) MB as it is sent, and \(server) takes\(most)\(saying). Attach less.",
            parameter: "attachments")
    }

    /// In tenths, rounded up: a limit and what is over it must not look the same.
    private func megabytes(_ octets: Int) -> String {
        let tenths = (octets + 99_999) / 100_000
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// Nobody of the recipients was accepted.
    func nobody(_ rejected: [RejectedRecipient], _ replies: [SMTPReply]) -> any Error {
        let shown = rejected.prefix(3).map { "\($0.address) (“\($0.reason)”)" }.joined(separator: ", ")
        let more = rejected.count > 3 ? " and \(rejected.count - 3) more" : ""
        if replies.contains(where: { $0.kind == .temporary }) {
            return AtlasError(
                .unavailable, "\(server) does not take mail for \(shown)\(more) now; nothing was sent. Try again later."
            )
        }
        guard replies.allSatisfy({ $0.kind == .refused }) else { return nonsense }
        // A status of 7 is policy (RFC 3463, 3.8): the addresses may be right.
        let isPolicy = replies.contains { $0.isAbout("7") }
        return MailRejection(
            error: AtlasError(
                isPolicy ? .permissionDenied : .invalidArgument,
                "\(server) refused every recipient: \(shown)\(more); nothing was sent. Check the addresses.",
                parameter: "to"))
    }

    /// The message itself, before or after its final dot.
    func refusedMessage(_ reply: SMTPReply) -> any Error {
        switch reply.kind {
        case .temporary: return later(reply, "the message")
        case .refused: break
        default: return nonsense
        }
        let isTooLarge = reply.code == 552 || reply.isAbout("3.4") || reply.isAbout("2.3")
        return MailRejection(
            error: AtlasError(
                isTooLarge ? .invalidArgument : .permissionDenied,
                "\(server) refused the message: “\(reply.words)”; nothing was sent."
                    + (isTooLarge ? " Attach less." : " Change what it says, or ask the operator."),
                parameter: isTooLarge ? "attachments" : nil))
    }

    // MARK: - Nobody knows

    var unknown: AtlasError {
        AtlasError(
            .upstreamError,
            "\(server) got the whole message and did not say what became of it: it may or may not have been sent. Look in the "
                + "sent mail, or ask the recipient, before you send it again.", retryable: false)
    }
}
