import MIME

extension IMAPSession {
    /// The lines of a list. A message that is gone meanwhile is left out.
    func summaries(_ uids: [UInt32], in mailbox: Mailbox) async throws -> [MessageSummary] {
        guard !uids.isEmpty else { return [] }
        let commands = IMAPCommand.fetch(IMAPSet(uids), FetchItems.summary(capabilities))
        let replies = try await pipeline(commands)
        var summaries: [MessageSummary] = []
        for (reply, command) in zip(replies, commands) {
            guard reply.status.kind == .ok else { throw IMAPFailure.refused(reply.status, command: command.name) }
            let items = FetchedItems.all(reply)
            for uid in uids { if let found = items[uid] { summaries.append(summary(found, in: mailbox)) } }
        }
        return summaries
    }

    private func summary(_ items: FetchedItems, in mailbox: Mailbox) -> MessageSummary {
        let header = Array(items.header ?? [])
        let text = items.contents["BODY[TEXT]<0>"] ?? items.contents["BODY[TEXT]"] ?? []
        let message = MailMessage(parsing: header + text)
        return MessageSummary(
            items, header: message.header, text: message.root.readableText(limit: 2048), mailbox: mailbox,
            validity: validity, attachments: (items.structure ?? message.root).attachedFiles)
    }
}
