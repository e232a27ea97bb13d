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
        return FoundMessages(
            messages: Array(messages.prefix(limit)), total: found.reduce(0) { $0 + $1.total },
            isTotalLowerBound: found.contains(where: \.isTotalLowerBound))
    }

    private func search(_ query: MailQuery, in mailbox: Mailbox, limit: Int) async throws -> FoundMessages {
        try await inside(mailbox) { session in
            let search = try session.compiled(query)
            let found =
                search.residual == .always
                ? try await session.find(search.criteria, in: mailbox, limit: limit)
                : try await session.find(search, in: mailbox, limit: limit)
            let messages = try await session.summaries(found.newest, in: mailbox)
            return FoundMessages(
                messages: messages.newestFirst, total: found.total, isTotalLowerBound: found.isTotalLowerBound)
        }
    }
}

extension [MessageSummary] {
    fileprivate var newestFirst: [MessageSummary] {
        sorted { ($0.date, $0.id.utf8.count, $0.id) > ($1.date, $1.id.utf8.count, $1.id) }
    }
}
