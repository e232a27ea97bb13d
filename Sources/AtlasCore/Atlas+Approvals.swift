extension Atlas {
    /// The calls that need a person's yes.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when the settings it needs are wrong.
    public var approvals: Approvals {
        get throws {
            Approvals(database: try database, businessContextID: configuration[.businessContext])
        }
    }

    /// Does what ``close()`` waits for: what a person has approved is not left half done, nor what was done left out of the audit
    /// log, because the host has gone.
    public func beforeClosing<R>(_ body: () async throws -> R) async rethrows -> R {
        unfinished.withLock { $0 += 1 }
        defer { unfinished.withLock { $0 -= 1 } }
        return try await body()
    }

    /// The memory of what the tools did.
    public var audit: AuditLog {
        opened.withLock { opened in
            if let audit = opened.audit { return audit }
            let audit = AuditLog(workers: workers, logger: logger) { [weak self] in try self?.auditDatabase() }
            opened.audit = audit
            return audit
        }
    }

    /// A private database is not made, nor woken, only to remember something: it counts once something runs it.
    private func auditDatabase() throws -> Database? {
        if let standing = try DatabaseSource(configuration).clusterStanding(), !standing.isRunning { return nil }
        return try database
    }
}
