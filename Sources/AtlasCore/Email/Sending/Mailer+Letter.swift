import MIME

extension Mailer {
    /// Makes a letter of a request: who writes, to whom, what it answers, what goes with it.
    func letter(_ request: CheckedRequest) async throws -> Letter {
        let from = try settings.sender(request.from)
        var letter = Letter(
            from: from, replyTo: request.replyTo, recipients: request.recipients, subject: request.subject ?? "",
            text: request.body, html: request.html)
        if let id = request.replyToMessageID {
            guard let fetched = try await replied(id) else {
                throw AtlasError(
                    .notFound, "There is no message \(id.cleaned().cutShort(at: 100)) to answer.",
                    parameter: "reply_to_message_id")
            }
            answer(RepliedMessage(fetched), with: &letter, subject: request.subject)
        } else if request.subject == nil {
            throw AtlasError(
                .invalidArgument, "subject must not be blank, unless reply_to_message_id says what is answered.",
                parameter: "subject")
        }
        for address in letter.recipients.all where Self.answersNobody(address) {
            letter.warnings.append("\(address.address) looks like an address that nobody reads.")
        }
        letter.attachments = try settings.attachments.read(request.attachments)
        return letter
    }

    /// What the caller gave stands; the rest is the answered message's.
    private func answer(_ message: RepliedMessage, with letter: inout Letter, subject: String?) {
        let given = letter.recipients
        if given.to.isEmpty {
            letter.recipients = Recipients(to: message.recipients(isOwn: settings.isOwn), cc: given.cc, bcc: given.bcc)
        }
        letter.subject = subject ?? message.answeringSubject.shortened(toOctets: 998)
        letter.inReplyTo = message.messageID
        letter.references = message.answeringReferences
        let quoted = QuotedMessage(message, time: time)
        letter.text = quoted.below(letter.text)
        letter.html = letter.html.map(quoted.belowHTML)
        if message.isAutomatic {
            letter.warnings.append("The message that is answered was written by a program; nobody may read the answer.")
        }
        if message.messageID == nil {
            letter.warnings.append(
                "The message that is answered has no Message-ID, so that its thread cannot be continued.")
        }
    }

    private static func answersNobody(_ address: MailAddress) -> Bool {
        let local = address.key.prefix { $0 != "@" && $0 != "+" }.filter(\.isLetter)
        return ["noreply", "donotreply", "mailerdaemon", "postmaster", "bounce", "bounces"].contains(local)
    }
}

extension String {
    /// The beginning, at most so many octets, cut between characters.
    func shortened(toOctets limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: self) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
