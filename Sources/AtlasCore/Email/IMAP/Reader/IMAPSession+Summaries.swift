import MIME

extension IMAPSession {
    /// The lines of a list. A message that is gone meanwhile is left out.
    func summaries(_ uids: [UInt32], in mailbox: Mailbox) async throws -> [MessageSummary] {
        guard !uids.isEmpty else { return [] }
        let commands = IMAPCommand.fetch(IMAPSet(uids), FetchItems.summary(capabilities))
        let replies = try await pipeline(commands)
        var found: [FetchedItems] = []
        for (reply, command) in zip(replies, commands) {
            guard reply.status.kind == .ok else { throw IMAPFailure.refused(reply.status, command: command.name) }
            let items = FetchedItems.all(reply)
            found += uids.compactMap { items[$0] }
        }
        return await Self.summaries(of: found, in: mailbox, validity: validity)
    }

    /// How many messages one thread reads: each takes it a tenth of a millisecond, which for a long page counts.
    private static let share = 25

    private static func summaries(
        of items: [FetchedItems], in mailbox: Mailbox, validity: UInt32
    ) async -> [MessageSummary] {
        guard items.count > share else { return items.map { summary($0, in: mailbox, validity: validity) } }
        return await withTaskGroup(of: (Int, [MessageSummary]).self) { group in
            for start in stride(from: 0, to: items.count, by: share) {
                let some = items[start..<min(start + share, items.count)]
                group.addTask { (start, some.map { summary($0, in: mailbox, validity: validity) }) }
            }
            let shares = await group.reduce(into: []) { $0.append($1) }
            return shares.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }

    private static func summary(_ items: FetchedItems, in mailbox: Mailbox, validity: UInt32) -> MessageSummary {
        let header = Array(items.header ?? [])
        let text = items.contents["BODY[TEXT]<0>"] ?? items.contents["BODY[TEXT]"] ?? []
        let message = MailMessage(parsing: header + text)
        return MessageSummary(
            items, header: message.header, text: message.root.readableText(limit: 2048), mailbox: mailbox,
            validity: validity, attachments: (items.structure ?? message.root).attachedFiles)
    }
}
