extension IMAPReader {
    /// Logs in, asks what the server can do, and opens the mailbox to read.
    func health() async throws -> PartHealth {
        let capabilities = try await with(nil) { $0.capabilities }
        do {
            let mailbox = try await resolve(nil)
            try await inside(mailbox) { session in _ = try await session.open(mailbox.wireName) }
        } catch let error as AtlasError where error.code == .notFound {
            throw AtlasError(
                .notConfigured, "\(error.message) Set \(ConfigurationKey.imapMailbox.name) to one that is there.")
        }
        let wanted = [
            ("SORT", capabilities.hasSort), ("MOVE", capabilities.hasMove), ("UIDPLUS", capabilities.hasUIDPlus),
        ]
        let (there, away) = (wanted.filter(\.1).map(\.0), wanted.filter { !$0.1 }.map(\.0))
        var facts = ["logged in at \(account.server)"]
        if !there.isEmpty { facts.append("it has \(there.joined(separator: ", "))") }
        if !away.isEmpty { facts.append("it has no \(away.joined(separator: ", ")), which is slower and no harm") }
        return PartHealth(facts)
    }
}
