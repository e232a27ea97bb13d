/// The mailboxes of an account, kept for a while: names and roles seldom change, and asking costs a round trip.
final class MailboxDirectory: Sendable {
    private static let lifetime = Duration.seconds(600)
    /// More are not looked at.
    static let most = 5000
    /// Counts are asked for one by one where the server cannot tell them with the list.
    private static let mostCounts = 100

    private let kept = Locked<(mailboxes: [Mailbox], until: ContinuousClock.Instant)?>(nil)

    /// Those kept, if they still count.
    var mailboxes: [Mailbox]? {
        kept.withLock { kept in kept.flatMap { $0.until > .now ? $0.mailboxes : nil } }
    }

    func forget() { kept.withLock { $0 = nil } }

    /// Asks the server.
    ///
    /// - Parameter counting: whether the numbers of messages are wanted too.
    func load(_ session: IMAPSession, counting: Bool = false) async throws -> [Mailbox] {
        let isExtended = session.capabilities.has("LIST-EXTENDED") || session.capabilities.hasListStatus
        var wanted = session.capabilities.hasSpecialUse ? ["SPECIAL-USE"] : []
        let countsAtOnce = counting && session.capabilities.hasListStatus
        if countsAtOnce { wanted.append("STATUS (MESSAGES UNSEEN)") }
        let options = isExtended && !wanted.isEmpty ? " RETURN (\(wanted.joined(separator: " ")))" : ""
        let reply = try await session.run(IMAPCommand("LIST", "\"\" \"*\"" + options))
        var mailboxes = Self.mailboxes(reply)
        if countsAtOnce {
            mailboxes.addCounts(reply)
        } else if counting {
            let asked = mailboxes.filter(\.isSelectable).prefix(Self.mostCounts).map { mailbox in
                var command = IMAPCommand("STATUS", "")
                command.add(" ")
                command.add(string: mailbox.wireName)
                command.add(" (MESSAGES UNSEEN)")
                return command
            }
            for reply in try await session.pipeline(asked) { mailboxes.addCounts(reply) }
        }
        kept.withLock { $0 = (mailboxes, .now + Self.lifetime) }
        return mailboxes
    }

    private static func mailboxes(_ reply: IMAPReply) -> [Mailbox] {
        var seen: Set<String> = []
        var mailboxes = reply.data("LIST").prefix(most).compactMap { Mailbox(listed: $0.values) }
        mailboxes.removeAll { !seen.insert($0.wireName).inserted }
        let roles = MailboxRole.mailboxes(
            of: mailboxes.map { (name: $0.name, attributes: $0.attributes, delimiter: $0.delimiter) })
        for (role, name) in roles {
            guard let index = mailboxes.firstIndex(where: { $0.name == name }) else { continue }
            // One mailbox may have several: the first of them that people look for.
            if mailboxes[index].role.map({ role.rawValue < $0.rawValue }) ?? true { mailboxes[index].role = role }
        }
        return mailboxes
    }
}

extension [Mailbox] {
    /// From `* STATUS name (MESSAGES 3 UNSEEN 1)`.
    fileprivate mutating func addCounts(_ reply: IMAPReply) {
        let places = Dictionary(enumerated().map { ($1.wireName, $0) }, uniquingKeysWith: { first, _ in first })
        for (_, values) in reply.data("STATUS") where values.count >= 2 {
            guard let name = values[0].text, let counts = values[1].list,
                let index = places[name.uppercased() == "INBOX" ? "INBOX" : name]
            else { continue }
            for (word, count) in zip(counts, counts.dropFirst()) {
                if word.isAtom("MESSAGES") { self[index].total = count.number }
                if word.isAtom("UNSEEN") { self[index].unread = count.number }
            }
        }
    }

    /// What a caller means by a name: a role, the exact name, or the name in another case.
    func named(_ name: String) -> Mailbox? {
        first { $0.name == name }
            ?? MailboxRole(named: name).flatMap { role in first { $0.role == role } }
            ?? first { $0.name.lowercased() == name.lowercased() }
    }
}
