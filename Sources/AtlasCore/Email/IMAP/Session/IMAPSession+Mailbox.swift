extension IMAPSession {
    /// Runs commands in a mailbox, which is opened with them in one go where it is not open.
    ///
    /// Where it is, the server is asked for news as well: some answer with what the mailbox held when they told last. When there are
    /// news, reading commands are run once more, since nobody knows whether they saw them.
    /// - Returns: a reply for each command, all of success.
    func run(
        _ commands: [IMAPCommand], in mailbox: String, isReadOnly: Bool = true
    ) async throws -> [IMAPReply] {
        let isOpen = selected?.name == mailbox && selected?.isReadOnly == isReadOnly
        let entrance = isOpen ? IMAPCommand("NOOP") : IMAPCommand(opening: mailbox, isReadOnly: isReadOnly)
        var replies = try await pipeline([entrance] + commands)
        if isOpen, isReadOnly, hadNews, !commands.isEmpty, let first = replies.first {
            replies = [first] + (try await pipeline(commands))
        }
        for (reply, command) in zip(replies, [entrance] + commands) where reply.status.kind != .ok {
            throw IMAPFailure.refused(reply.status, command: command.name)
        }
        return Array(replies.dropFirst())
    }

    /// Opens a mailbox, for commands that depend on its UIDVALIDITY.
    func open(_ mailbox: String, isReadOnly: Bool = true) async throws -> UInt32 {
        _ = try await run([], in: mailbox, isReadOnly: isReadOnly)
        return validity
    }

    /// UIDVALIDITY of the mailbox that is open.
    var validity: UInt32 { selected?.validity ?? 0 }
}
