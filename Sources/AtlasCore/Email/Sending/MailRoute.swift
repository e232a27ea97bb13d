import MIME

/// The ways for mail to leave, in the order in which they are tried.
struct MailRoute: Sendable {
    let senders: [any MailSender]
    /// After this long no further one is tried: the row that says `sending` must not grow older than it may.
    var patience = Duration.seconds(120)

    struct Delivery: Sendable {
        let provider: String
        let receipt: MailReceipt
        /// Which provider failed before, and why.
        let warnings: [String]
    }

    /// - Throws: ``AtlasError`` `not_configured` when there is none.
    func check() throws(AtlasError) {
        guard senders.isEmpty else { return }
        throw AtlasError(
            .notConfigured,
            "No mail can be sent: set \(ConfigurationKey.smtpHost.name) for SMTP, or "
                + "\(ConfigurationKey.gmailClientID.name), \(ConfigurationKey.gmailClientSecret.name) and "
                + "\(ConfigurationKey.gmailRefreshToken.name) for Gmail, or \(ConfigurationKey.resendKey.name) for Resend."
        )
    }

    /// Hands a message to the first provider that takes it.
    ///
    /// One that certainly took nothing hands over to the next. A refusal of the message itself, and a failure after which it may be on
    /// its way, end the matter: another provider would be asked for what is forbidden, or do it twice.
    ///
    /// - Throws: ``AtlasError`` when it is certain that nothing left; ``UncertainOutcome`` otherwise.
    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> Delivery {
        try check()
        let end = ContinuousClock.now + patience
        var failures: [(provider: String, error: AtlasError)] = []
        for sender in senders {
            if !failures.isEmpty, ContinuousClock.now >= end { break }
            do {
                let receipt = try await sender.send(message, idempotencyKey: idempotencyKey)
                let server = Self.title(sender.name)
                let warnings = failures.map { failure in
                    "\(Self.title(failure.provider)) did not take it (\(failure.error.message.withoutStop)); sent by \(server)."
                }
                return Delivery(provider: sender.name, receipt: receipt, warnings: warnings)
            } catch let rejection as MailRejection {
                throw rejection.error
            } catch let uncertain as UncertainOutcome {
                throw uncertain
            } catch let error as AtlasError {
                failures.append((sender.name, error))
            } catch {
                // Nobody said that nothing was accepted.
                throw UncertainOutcome(
                    AtlasError(
                        .internal,
                        "\(Self.title(sender.name)) failed in a way that does not tell whether the message left. Look at the "
                            + "recipient's mail before sending it again.", retryable: false))
            }
        }
        throw Self.joined(failures)
    }

    private static func joined(_ failures: [(provider: String, error: AtlasError)]) -> AtlasError {
        guard failures.count > 1, let last = failures.last else {
            return failures.first?.error ?? AtlasError(.internal, "No provider was asked.")
        }
        let words = failures.map { "\(title($0.provider)): \($0.error.message.withoutStop)" }
        // What helps is what helps any of them.
        let code = failures.first { $0.error.retryable }?.error.code ?? last.error.code
        return AtlasError(
            code, "No provider took the message, and nothing was sent. \(words.joined(separator: "; ")).",
            retryable: failures.contains { $0.error.retryable })
    }

    /// As people write it.
    static func title(_ provider: String) -> String {
        switch provider {
        case "smtp": "SMTP"
        case "gmail": "Gmail"
        case "resend": "Resend"
        default: provider
        }
    }
}

extension String {
    /// To be put into another sentence.
    fileprivate var withoutStop: String {
        var text = trimmed
        while text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
