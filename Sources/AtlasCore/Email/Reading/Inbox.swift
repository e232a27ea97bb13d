import Logging

/// The business's mail, as it is read: by IMAP where that is configured, else by the Gmail API.
///
/// Reading marks nothing as read. Where the first way does not work, the next one serves, and the answer says so. Ids belong to the
/// way that gave them, so what names one goes there and nowhere else.
public struct Inbox: Sendable {
    /// A way to read mail, or why it cannot be had.
    struct Way: Sendable {
        /// `imap` or `gmail`.
        let name: String
        let reader: Result<any MailReader, AtlasError>
    }

    let ways: [Way]
    let time: BusinessTime
    /// Where attachments are put that are no text: a folder only the user can open.
    let attachmentFolder: String
    let logger: Logger

    /// The newest messages that `query` finds.
    ///
    /// - Throws: ``AtlasError`` `invalid_argument` that points at what is wrong in the query.
    public func find(_ query: String, mailbox: String?, limit: Int) async throws -> MailListing {
        let parsed = try MailQuery.parse(query, time: time, now: .now)
        return try await find(parsed.tree, mailbox: mailbox ?? parsed.mailbox, limit: limit)
    }

    /// - Parameter mailbox: nil for the configured one.
    func find(_ query: MailQuery, mailbox: String? = nil, limit: Int) async throws -> MailListing {
        let served = try await serve { reader in try await reader.search(query, in: mailbox, limit: limit) }
        let found = served.value
        let more =
            found.isTotalLowerBound
            ? ["There may be more than \(found.total): not all messages could be looked at. Narrow the query."] : []
        return MailListing(
            messages: found.messages.map(\.presentable), total: found.total, provider: served.provider,
            warnings: served.warnings + more)
    }

    /// - Parameter offset: from which character of the text on.
    /// - Throws: ``AtlasError`` `not_found` when the message is gone.
    public func message(_ id: String, mailbox: String?, offset: Int, limit: Int) async throws -> MailReading {
        let served = try await serve(id) { reader in try await reader.message(id, in: mailbox) }
        guard let message = served.value else { throw Self.gone("message_id") }
        return MailReading(
            message: ReadMessage(message, offset: offset, limit: limit), provider: served.provider,
            warnings: served.warnings)
    }

    /// - Throws: ``AtlasError`` `not_found` when there is no such conversation.
    public func thread(_ id: String, mailbox: String?) async throws -> ThreadReading {
        let served = try await serve(id) { reader in try await reader.thread(id, in: mailbox) }
        guard let thread = MailThread(served.value) else { throw Self.gone("thread_id") }
        return ThreadReading(thread: thread, provider: served.provider, warnings: served.warnings)
    }

    public func folders() async throws -> FolderListing {
        let served = try await serve { reader in try await reader.folders() }
        return FolderListing(folders: served.value, provider: served.provider, warnings: served.warnings)
    }

    /// Marks messages; those that are gone are left out of the answer.
    public func mark(_ ids: [String], _ change: MailMark) async throws -> [String] {
        var marked: [String] = []
        for (way, ids) in grouped(ids) { marked += try await reader(way).mark(ids, change) }
        return marked
    }

    /// Moves messages to a mailbox.
    ///
    /// - Returns: the new id of each, where the server tells it.
    public func move(_ ids: [String], to mailbox: String) async throws -> [String: String] {
        var moved: [String: String] = [:]
        for (way, ids) in grouped(ids) {
            moved.merge(try await reader(way).move(ids, to: mailbox)) { first, _ in first }
        }
        return moved
    }

    /// Puts a message into the drafts.
    ///
    /// - Parameter answered: the id of the message that it answers.
    func saveDraft(_ octets: [UInt8], answering answered: String?) async throws -> Served<String?> {
        try await serve(answered) { reader in
            var threadID: String?
            if let answered { threadID = try await reader.message(answered, in: nil)?.summary.threadID }
            return try await reader.saveDraft(octets, threadID: threadID)
        }
    }

    /// The message that a letter answers; nil when it is gone.
    func answered(_ id: String) async throws -> FetchedMessage? {
        try await serve(id) { reader in try await reader.message(id, in: nil) }.value
    }

    /// Puts what SMTP sent among the sent mail, where mail is read by IMAP; elsewhere there is no place for it.
    func saveSent(_ octets: [UInt8]) async throws {
        guard let way = ways.first(where: { $0.name == "imap" }) else { return }
        try await way.reader.get().saveSent(octets)
    }

    func close() async {
        for way in ways { if case .success(let reader) = way.reader { await reader.close() } }
    }

    static func gone(_ parameter: String) -> AtlasError {
        AtlasError(
            .notFound,
            "There is nothing with this \(parameter) any more: it was moved or deleted, or the id is none. List again for ids that hold.",
            parameter: parameter)
    }
}
