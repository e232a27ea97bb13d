import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension IMAPReader {
    /// Mailboxes that are searched when a server has none for all mail.
    private static let mostMailboxes = 30

    func search(_ query: MailQuery, in mailbox: String?, limit: Int) async throws -> FoundMessages {
        guard limit > 0 else { return FoundMessages(messages: [], total: 0) }
        guard let mailbox, MailboxRole(named: mailbox) == .all else {
            return try await search(query, in: resolve(mailbox), limit: limit)
        }
        if let all = try await self.mailbox(for: .all) { return try await search(query, in: all, limit: limit) }
        // Everywhere is where mail is kept: not what was thrown away, and not what is none.
        let everywhere = (directory.mailboxes ?? [.inbox]).filter { mailbox in
            mailbox.isSelectable && mailbox.role != .trash && mailbox.role != .junk && mailbox.role != .flagged
        }
        return try await search(query, in: Array(everywhere.prefix(Self.mostMailboxes)), limit: limit)
    }

    private func search(_ query: MailQuery, in mailboxes: [Mailbox], limit: Int) async throws -> FoundMessages {
        let found = try await withThrowingTaskGroup(of: FoundMessages.self) { group in
            for mailbox in mailboxes { group.addTask { try await search(query, in: mailbox, limit: limit) } }
            return try await group.reduce(into: [FoundMessages]()) { $0.append($1) }
        }
        let messages = found.flatMap(\.messages).newestFirst
        return FoundMessages(messages: Array(messages.prefix(limit)), total: found.reduce(0) { $0 + $1.total })
    }

    private func search(_ query: MailQuery, in mailbox: Mailbox, limit: Int) async throws -> FoundMessages {
        try await inside(mailbox) { session in
            let search = try session.compiled(query)
            let found =
                search.residual == .always
                ? try await session.find(search.criteria, in: mailbox, limit: limit)
                : try await session.find(search, in: mailbox, limit: limit)
            let messages = try await session.summaries(found.newest, in: mailbox)
            return FoundMessages(messages: messages.newestFirst, total: found.total)
        }
    }
}

extension IMAPSession {
    /// The query in IMAP's words; in Gmail's where that server would leave something to decide here, which its own search knows.
    fileprivate func compiled(_ query: MailQuery) throws -> IMAPSearch {
        let search = IMAPSearch(query)
        guard capabilities.isGmail, search.residual != .always, let own = try? GmailQuery(query) else { return search }
        return IMAPSearch(own)
    }

    /// The newest that `keys` find: by their own dates where the server sorts, else those that came last.
    ///
    /// Mail that was moved here from elsewhere has high UIDs and old dates; only sorting tells.
    func find(_ keys: [IMAPSearch.Piece], in mailbox: Mailbox, limit: Int) async throws -> FoundUIDs {
        let replies = try await run([finding(keys, limit: limit)], in: mailbox.wireName)
        guard let reply = replies.first else { throw IMAPFailure.lost }
        return FoundUIDs(reply, limit: limit)
    }

    func finding(_ keys: [IMAPSearch.Piece], limit: Int) -> IMAPCommand {
        guard capabilities.hasSort else { return searching(keys) }
        let part = capabilities.hasPartialSort ? "RETURN (COUNT PARTIAL (1:\(limit))) " : ""
        var command = IMAPCommand("UID SORT", part.replacing("(1:", with: "1:").replacing("))", with: ")"))
        command.add("(REVERSE DATE) UTF-8 ")
        command.add(keys)
        return command
    }

    func searching(_ keys: [IMAPSearch.Piece]) -> IMAPCommand {
        let isExtended = capabilities.hasESearch
        var command = IMAPCommand("UID SEARCH", isExtended ? "RETURN (ALL COUNT) " : "")
        if !isExtended { command.add(" ") }
        if keys.needUTF8 { command.add("CHARSET UTF-8 ") }
        command.add(keys)
        return command
    }

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

extension [MessageSummary] {
    fileprivate var newestFirst: [MessageSummary] {
        sorted { ($0.date, $0.id.utf8.count, $0.id) > ($1.date, $1.id.utf8.count, $1.id) }
    }
}

extension [IMAPSearch.Piece] {
    /// Whether a text has other characters than ASCII's, which a search must announce (RFC 3501, 6.4.4).
    fileprivate var needUTF8: Bool {
        contains { piece in
            switch piece {
            case .atom: false
            case .string(let text): text.utf8.contains { $0 >= 0x80 }
            case .list(let pieces): pieces.needUTF8
            }
        }
    }
}
