import JSON
import MIME

/// An account at Gmail, read by Google's API where there is no IMAP.
struct GmailReader: MailReader {
    let api: GmailAPI

    var name: String { "gmail" }

    /// The most octets of JSON that a message may be: Gmail takes 50 MB, and what is no text comes by itself.
    static let largestMessage = 72 << 20

    func message(_ id: String, in mailbox: String?) async throws -> FetchedMessage? {
        guard let raw = GmailID.rawMessage(id), let message = try await full(raw) else { return nil }
        return try await fetched(message)
    }

    /// Also drafts; without what is in the trash, unless all of it is.
    func thread(_ id: String, in mailbox: String?) async throws -> [FetchedMessage] {
        guard let thread = try await rawThread(id),
            let json = try await api.read("/threads/\(thread)", [("format", "full")], largest: Self.largestMessage)
        else { return [] }
        let messages = (json["messages"]?.items ?? []).compactMap(GmailMessage.init)
        let kept = messages.filter { $0.labels.isDisjoint(with: ["TRASH", "SPAM"]) }
        let shown = (kept.isEmpty ? messages : kept).sorted { $0.arrival < $1.arrival }.suffix(50)
        return try await concurrently(Array(shown), atMost: GmailAPI.mostAtOnce) { message in try await fetched(message)
        }
    }

    func attachment(_ attachmentID: String, of messageID: String, in mailbox: String?, limit: Int) async throws -> (
        file: AttachedFile, octets: [UInt8]
    )? {
        guard let raw = GmailID.rawMessage(messageID), let message = try await full(raw),
            var file = message.payload.root.attachedFiles.first(where: { $0.section == attachmentID }),
            let octets = try await content(attachmentID, of: message, limit: limit)
        else { return nil }
        file.size = octets.count
        return (file, Array(octets.prefix(limit)))
    }

    func saveDraft(_ message: [UInt8], threadID: String?) async throws -> String? {
        try await GmailOutgoing(api: api).saveDraft(message, thread: threadID.flatMap(GmailID.rawThread)).map(
            GmailID.message)
    }

    /// Nothing: Gmail keeps what it sends, by this API and by its SMTP server.
    func saveSent(_ message: [UInt8]) async throws {}

    func close() async {}

    // MARK: What these are made of

    func full(_ raw: String) async throws -> GmailMessage? {
        guard let json = try await api.read("/messages/\(raw)", [("format", "full")], largest: Self.largestMessage)
        else {
            return nil
        }
        guard let message = GmailMessage(json) else { throw GoogleService.gmail.garbled }
        return message
    }

    /// The message with its text; long texts come by themselves.
    private func fetched(_ message: GmailMessage) async throws -> FetchedMessage {
        var message = message
        var problems = message.payload.problems
        var fetched: [String: [UInt8]] = [:]
        for section in message.payload.root.textSections where message.payload.attachmentIDs[section] != nil {
            fetched[section] = try await content(section, of: message, limit: 4 << 20)
            if fetched[section] == nil { problems.append("A part of the text (\(section)) could not be fetched.") }
        }
        if !fetched.isEmpty { message.payload = message.payload.with(fetched) }
        let root = message.payload.root
        return FetchedMessage(
            summary: message.summary, header: root.header, text: root.readableText(), attachments: root.attachedFiles,
            problems: problems)
    }

    private func content(_ section: String, of message: GmailMessage, limit: Int) async throws -> [UInt8]? {
        guard let id = message.payload.attachmentIDs[section] else { return message.payload.content(of: section) }
        let path = "/messages/\(message.id)/attachments/\(FormEncoding.step(id))"
        let largest = min(limit, 64 << 20) / 3 * 4 + (64 << 10)
        guard let json = try await api.read(path, largest: max(largest, Self.largestMessage)) else { return nil }
        guard let octets = json["data"]?.text.flatMap(Base64URL.decode) else { throw GoogleService.gmail.garbled }
        return octets
    }

    /// - Parameter id: a conversation's, or a message's.
    private func rawThread(_ id: String) async throws -> String? {
        if let thread = GmailID.rawThread(id) { return thread }
        guard let raw = GmailID.rawMessage(id),
            let json = try await api.read("/messages/\(raw)", [("format", "minimal"), ("fields", "id,threadId")])
        else { return nil }
        return json["threadId"]?.text.flatMap { GmailID.isRaw($0) ? $0 : nil }
    }
}

/// Does the same with many, some at once, and keeps their order.
func concurrently<Element: Sendable, Result: Sendable>(
    _ elements: [Element], atMost width: Int, _ body: @escaping @Sendable (Element) async throws -> Result
) async throws -> [Result] {
    var results: [Result?] = Array(repeating: nil, count: elements.count)
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
        var next = 0
        while next < min(width, elements.count) {
            let index = next
            group.addTask { (index, try await body(elements[index])) }
            next += 1
        }
        while let (done, result) = try await group.next() {
            results[done] = result
            guard next < elements.count else { continue }
            let index = next
            group.addTask { (index, try await body(elements[index])) }
            next += 1
        }
    }
    return results.compactMap { $0 }
}
