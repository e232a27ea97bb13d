import Foundation
import Logging
import MIME

@testable import AtlasCore

/// A mail account whose messages are told, and which fails as it is told.
final class ToldReader: MailReader {
    let name: String
    private let state: Locked<State>

    struct State {
        var messages: [FetchedMessage] = []
        var attachment: (AttachedFile, [UInt8])?
        var failure: AtlasError?
        var asked: [String] = []
    }

    init(
        _ name: String, _ messages: [FetchedMessage] = [], failure: AtlasError? = nil,
        attachment: (AttachedFile, [UInt8])? = nil
    ) {
        self.name = name
        state = Locked(State(messages: messages, attachment: attachment, failure: failure))
    }

    var asked: [String] { state.withLock { $0.asked } }

    private func ask(_ what: String) throws -> State {
        try state.withLock { state in
            state.asked.append(what)
            if let failure = state.failure { throw failure }
            return state
        }
    }

    func search(_ query: MailQuery, in mailbox: String?, limit: Int) async throws -> FoundMessages {
        let state = try ask("search \(mailbox ?? "-")")
        return FoundMessages(messages: state.messages.prefix(limit).map(\.summary), total: state.messages.count)
    }
    func message(_ id: String, in mailbox: String?) async throws -> FetchedMessage? {
        try ask("message \(id)").messages.first { $0.summary.id == id }
    }
    func thread(_ id: String, in mailbox: String?) async throws -> [FetchedMessage] {
        try ask("thread \(id)").messages.filter { $0.summary.threadID == id }
    }
    func attachment(_ attachmentID: String, of messageID: String, in mailbox: String?, limit: Int) async throws -> (
        file: AttachedFile, octets: [UInt8]
    )? {
        try ask("attachment \(attachmentID)").attachment.map { ($0.0, Array($0.1.prefix(limit))) }
    }
    func folders() async throws -> [MailFolder] { _ = try ask("folders"); return [] }
    func saveDraft(_ message: [UInt8], threadID: String?) async throws -> String? { _ = try ask("draft"); return nil }
    func saveSent(_ message: [UInt8]) async throws { _ = try ask("sent") }
    func mark(_ ids: [String], _ change: MailMark) async throws -> [String] {
        let state = try ask("mark \(ids.joined(separator: " ")) \(change.rawValue)")
        return ids.filter { id in state.messages.contains { $0.summary.id == id } }
    }
    func move(_ ids: [String], to mailbox: String) async throws -> [String: String] {
        _ = try ask("move \(ids.joined(separator: " ")) \(mailbox)")
        return Dictionary(uniqueKeysWithValues: ids.map { ($0, "") })
    }
    func close() async {}
}

enum InboxKit {
    static let refused = AtlasError(.unauthenticated, "ATLAS_EMAIL_IMAP_PASSWORD: the log-in was refused.")

    static func inbox(_ readers: [ToldReader], attachments: String = "/nonexistent") throws -> Inbox {
        Inbox(
            ways: readers.map { Inbox.Way(name: $0.name, reader: .success($0)) },
            time: BusinessTime(zone: try BusinessZone(named: "America/Chicago")), attachmentFolder: attachments,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    static func message(
        _ id: String, thread: String = "t", from: String = "Ann Lee <ann@example.com>",
        to: [String] = ["office@example.com"],
        subject: String = "Hello", minute: Int = 0, text: String = "Good morning.", newText: String? = nil
    ) -> FetchedMessage {
        FetchedMessage(
            summary: MessageSummary(
                id: id, threadID: thread, mailbox: "INBOX", from: from, to: to, cc: [], subject: subject,
                date: Date(timeIntervalSince1970: 1_790_000_000 + Double(minute) * 60), messageID: "\(id)@example.com",
                inReplyTo: nil, unread: true, flagged: false, hasAttachments: false, snippet: String(text.prefix(100))),
            header: MailHeader(), text: ReadableText(text: text, source: .plain, newText: newText), attachments: [],
            problems: [])
    }
}
