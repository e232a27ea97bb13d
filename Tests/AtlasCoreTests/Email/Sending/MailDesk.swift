import Foundation
import JSON
import MIME
import MailTemplates
import TestSupport
import Testing

@testable import AtlasCore

/// A provider that notes what it is given and does as it is told.
final class ScriptedSender: MailSender {
    enum Answer: Sendable {
        case accept
        case reject(some: [String])
        case fail(any Error)
        case wait(Duration)
    }

    let name: String
    let sent = Shared<[OutgoingMail]>([])
    let keys = Shared<[String]>([])
    private let answers: Shared<[Answer]>

    /// - Parameter answers: one for each message; after them, everything is accepted.
    init(_ name: String = "smtp", _ answers: Answer...) {
        self.name = name
        self.answers = Shared(answers)
    }

    func send(_ message: OutgoingMail, idempotencyKey: String) async throws -> MailReceipt {
        sent.update { $0.append(message) }
        keys.update { $0.append(idempotencyKey) }
        let answer = answers.update { $0.isEmpty ? .accept : $0.removeFirst() }
        switch answer {
        case .accept: break
        case .fail(let error): throw error
        case .wait(let pause): try? await Task.sleep(for: pause)
        case .reject(let some):
            let rest = message.recipients.filter { !some.contains($0) }
            return MailReceipt(
                accepted: rest, rejected: some.map { RejectedRecipient(address: $0, reason: "550 no such user") },
                reference: nil)
        }
        return MailReceipt(accepted: message.recipients, reference: "\(name)-\(sent.value.count)")
    }
}

/// A mailer on a database of its own.
struct MailDesk: Sendable {
    let contacts: ContactsKit
    let sender: ScriptedSender
    let mailer: Mailer
    let saved = Shared<[[UInt8]]>([])
    /// What can be answered, by id.
    let inbox = Shared<[String: FetchedMessage]>([:])

    static let basics = [
        "ATLAS_EMAIL_DEFAULT_FROM": "The Shop <shop@example.com>", "ATLAS_BUSINESS_NAME": "Bright & Clean",
        "ATLAS_BUSINESS_PHONE": "(217) 555-0100", "ATLAS_TIMEZONE": "America/Chicago",
    ]

    init(
        _ values: [String: String?] = [:], senders: [ScriptedSender] = [ScriptedSender()],
        businessContextID: String? = nil, saving failure: (any Error & Sendable)? = nil,
        on shared: ContactsKit? = nil
    ) async throws {
        if let shared {
            contacts = shared
        } else {
            contacts = try await ContactsKit(businessContextID: businessContextID)
        }
        let configuration = Configuration(
            Self.basics.merging(values.compactMapValues(\.self)) { $1 }
                .filter { key, _ in !(values.keys.contains(key) && values[key]! == nil) })
        sender = senders.first ?? ScriptedSender()
        let (changed, saved, inbox) = (contacts.changed, saved, inbox)
        mailer = Mailer(
            senders: senders,
            outbox: Outbox(
                database: contacts.database, businessContextID: businessContextID, logger: .silent,
                changed: { changed.add($0) }),
            time: BusinessTime(zone: try BusinessZone(named: "America/Chicago")),
            settings: try MailSettings(configuration), renderer: MustacheRenderer(),
            replied: { id in inbox.value[id] },
            saveSent: { octets in
                if let failure { throw failure }
                saved.update { $0.append(octets) }
            }, logger: .silent)
    }

    func letter(
        _ body: String = "Hello.", to: String = "ann@example.com", subject: String? = "Hello"
    ) -> LetterRequest {
        var request = LetterRequest(body: body)
        request.to = [to]
        request.subject = subject
        return request
    }

    @discardableResult
    func send(
        _ body: String = "Hello.", to: String = "ann@example.com", key: String? = nil,
        _ change: (inout LetterRequest) -> Void = { _ in }
    ) async throws -> DoneOnce<SentLetter> {
        var request = letter(body, to: to)
        change(&request)
        return try await mailer.send(request, idempotencyKey: key)
    }

    /// The values of a column of `sent_emails`, oldest first.
    func rows(_ column: Query = "status") async throws -> [String] {
        try await contacts.database.run {
            try $0.query("SELECT coalesce((\(column))::text, '-') FROM sent_emails ORDER BY sent_at, id").map {
                try $0.get(0)
            }
        }
    }

    func outboxRows(_ column: Query = "status") async throws -> [String] {
        try await contacts.database.run {
            try $0.query("SELECT coalesce((\(column))::text, '-') FROM outbox ORDER BY created_at, id").map {
                try $0.get(0)
            }
        }
    }

    func contact(_ name: String, _ email: String, tags: [String] = []) async throws -> Contact {
        try await contacts.contacts.create(ContactDraft(fullName: name, email: email, tags: tags)).contact
    }

    /// Puts a message where it can be answered.
    func receive(_ id: String, _ source: String) {
        let message = MailMessage(parsing: Array(source.replacingOccurrences(of: "\n", with: "\r\n").utf8))
        let body = source.components(separatedBy: "\n\n").dropFirst().joined(separator: "\n\n")
        let summary = MessageSummary(
            id: id, threadID: id, mailbox: "INBOX", from: nil, to: [], cc: [], subject: "", date: Date(),
            messageID: nil, inReplyTo: nil, unread: false, flagged: false, hasAttachments: false, snippet: "")
        let fetched = FetchedMessage(
            summary: summary, header: message.header, text: ReadableText(text: body, source: .plain), attachments: [],
            problems: [])
        inbox.update { $0[id] = fetched }
    }
}

let lostMail = UncertainOutcome(AtlasError(.upstreamError, "no clear answer", retryable: false))
let refusedMail = MailRejection(error: AtlasError(.permissionDenied, "The server does not take it."))

/// The words of the refusal.
func words(_ body: () async throws -> some Any) async -> String {
    do {
        _ = try await body()
        return ""
    } catch { return (error as? AtlasError)?.message ?? "\(error)" }
}
