extension IMAPSession {
    /// Runs commands in a mailbox, which is opened with them in one go where it is not open.
    ///
    /// Where it is, the server is asked for news first: some answer searches with what the mailbox held when they told last.
    /// - Returns: a reply for each command, all of success.
    func run(
        _ commands: [IMAPCommand], in mailbox: String, isReadOnly: Bool = true
    ) async throws -> [IMAPReply] {
        let isOpen = selected?.name == mailbox && selected?.isReadOnly == isReadOnly
        let entrance = isOpen ? IMAPCommand("NOOP") : IMAPCommand(opening: mailbox, isReadOnly: isReadOnly)
        let replies = try await pipeline([entrance] + commands)
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
