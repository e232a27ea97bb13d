import JSON
import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Mailer {
    /// Sends the letter that `make` makes, unless a call with the same key has done so.
    ///
    /// The first outcome is looked for before the letter is made: what a letter is made of (files, the answered message, the day) may
    /// have changed since.
    func once(
        _ tool: String, arguments: JSON, idempotencyKey: String?, make: () async throws -> Letter
    ) async throws -> DoneOnce<SentLetter> {
        let earlier: DoneOnce<SentLetter>? = try await outbox.outcome(
            of: tool, arguments: arguments, idempotencyKey: idempotencyKey)
        if let earlier { return earlier }

        let route = MailRoute(senders: senders)
        try route.check()
        let letter = try await make()
        guard !letter.recipients.all.isEmpty else {
            throw AtlasError(.invalidArgument, "to must name at least one recipient.", parameter: "to")
        }
        try settings.policy.check(letter.recipients)

        let row = SentEmailRow(letter, tool: tool, businessContextID: outbox.businessContextID)
        let dispatch = try Dispatch(
            .email, tool: tool, to: letter.recipients.all.map(\.key), arguments: arguments,
            idempotencyKey: idempotencyKey, provider: senders[0].name, limit: limit, companion: row)
        let sentBySMTP = Locked<OutgoingMail?>(nil)
        var done = try await outbox.dispatch(
            dispatch,
            send: { [time] id in
                let mail = letter.mail(messageID: letter.messageID(id), time: time)
                let delivery = try await route.send(mail, idempotencyKey: id.uuidString.lowercased())
                if delivery.provider == "smtp" { sentBySMTP.withLock { $0 = mail } }
                return SentLetter(delivery, of: letter, id: id)
            },
            record: { sent in DispatchRecord(sent, of: letter) })
        if let mail = sentBySMTP.withLock({ $0 }), let warning = await keep(mail) { done.warnings.append(warning) }
        return done
    }

    private var limit: Dispatch.Limit? {
        settings.policy.messagesADay.map {
            Dispatch.Limit(most: $0, since: time.startOfDay(), setting: ConfigurationKey.dailyEmailLimit.name)
        }
    }

    /// How long a caller waits for the copy of what has left already.
    private static let patienceWithCopy = Duration.seconds(10)

    /// Puts a copy among the sent mail, which an SMTP server does not do by itself.
    ///
    /// - Returns: what to tell the caller when that failed: the message has left all the same.
    private func keep(_ mail: OutgoingMail) async -> String? {
        do {
            let copy = try mail.composed(withBcc: true)
            // Whatever becomes of the caller: the mailbox should show what was sent.
            try await outbox.unstoppable { [saveSent] in
                try await withThrowingTaskGroup { group in
                    group.addTask { try await saveSent(copy) }
                    group.addTask {
                        try await Task.sleep(for: Self.patienceWithCopy)
                        throw AtlasError(.timeout, "the mailbox did not answer in time.")
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
            return nil
        } catch {
            let reason = (error as? AtlasError)?.message ?? "it failed"
            logger.warning("A sent message could not be kept.", metadata: ["error": "\(error)"])
            return "It was sent, but no copy could be kept among the sent mail: \(reason)"
        }
    }
}

extension SentLetter {
    fileprivate init(_ delivery: MailRoute.Delivery, of letter: Letter, id: UUID) {
        let receipt = delivery.receipt
        messageID = letter.messageID(id)
        provider = delivery.provider
        accepted = receipt.accepted
        rejected = receipt.rejected.map(\.address)
        rejections = receipt.rejected
        sentEmailID = id.uuidString.lowercased()
        warnings =
            letter.warnings + delivery.warnings
            + receipt.rejected.map { "\($0.address) was not accepted: \($0.reason)" }
        reference = receipt.reference
        template = letter.made?.template
        pdfAttached = letter.made?.isPDFAttached
        message = letter.made.map { made in
            let file = letter.attachments.first.map { " with \($0.filename)" } ?? ""
            return "\(made.title) was sent to \(receipt.accepted.joined(separator: ", "))\(file)."
        }
    }
}

extension DispatchRecord {
    fileprivate init(_ sent: SentLetter, of letter: Letter) {
        let what = letter.made.map { "\($0.title) sent by e-mail" } ?? "E-mail sent"
        self.init(
            reference: (sent.reference ?? sent.messageID).cutShort(at: 256), summary: "\(what): \(letter.subject)",
            type: .email,
            metadata: [
                "sent_email_id": .string(sent.sentEmailID), "message_id": .string(sent.messageID),
                "direction": "outbound", "provider": .string(sent.provider), "from": .string(letter.from.address),
                "template_type": .string(letter.template.rawValue),
            ],
            provider: sent.provider, sharedEvent: "email:\(sent.sentEmailID)",
            missed: Set(sent.rejected.map { $0.lowercased() }))
    }
}
