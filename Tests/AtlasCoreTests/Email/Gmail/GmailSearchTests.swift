import Foundation
import JSON
import Testing

@testable import AtlasCore

/// Lists, folders, marks and moves, through the Gmail double.
@Suite struct GmailSearchTests {
    let kit: GmailKit
    init() async throws { kit = try await GmailKit() }

    @Test("A list is newest first, has all that lists show, and counts what it does not show")
    func list() async throws {
        var ids: [String] = []
        for minute in 0..<25 {
            ids.append(try await kit.add(GmailKit.letter("Number \(minute) & <more>"), minute: minute))
        }
        let found = try await kit.reader.search(.unread, in: nil, limit: 10)
        #expect(found.messages.map(\.id) == Array(ids.reversed().prefix(10)) && found.total == 25)
        #expect(found.messages.first?.snippet == "Number 24 & <more>" && found.messages.first?.subject == "Hello")
        let asked = try await kit.google.journal("GET")
        #expect(
            asked.filter { $0.path.hasSuffix("/messages") }.count == 1 && asked.count == 11,
            "one request a message, one for the ids")
    }

    @Test("More than a page is counted to the end, not estimated")
    func pages() async throws {
        try await kit.google.order("page", ["size": 4])
        for minute in 0..<10 { try await kit.add(GmailKit.letter(), minute: minute) }
        let found = try await kit.reader.search(.all, in: nil, limit: 3)
        #expect(found.messages.count == 3 && found.total == 10)
        #expect(try await kit.google.journal("GET", "/messages").filter { $0.path.hasSuffix("/messages") }.count == 3)
    }

    @Test("A list tells which messages have files, which the short form of Gmail's does not say")
    func files() async throws {
        let file =
            "--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b\r\nContent-Type: application/zip; name=a.zip\r\n\r\nzip\r\n--b--"
        try await kit.add(GmailKit.letter("plain"), minute: 1)
        try await kit.add(
            GmailKit.letter("", ["Content-Type": "multipart/mixed; boundary=b"]) + file + "\r\n", minute: 2)
        #expect(try await kit.reader.search(.all, in: nil, limit: 9).messages.map(\.hasAttachments) == [true, false])
        #expect(try await kit.reader.search(.hasAttachment, in: nil, limit: 9).total == 1)
    }

    @Test("The query and the mailbox both hold")
    func places() async throws {
        let label = try await kit.google.order("label", ["name": "Customers/Acme"])["id"]?.text ?? ""
        let inbox = try await kit.add(GmailKit.letter("one", ["Subject": "Alpha beta"]), minute: 1)
        let sent = try await kit.add(GmailKit.letter("two", ["Subject": "Alpha"]), labels: ["SENT"], minute: 2)
        let trash = try await kit.add(GmailKit.letter("three", ["Subject": "Alpha"]), labels: ["TRASH"], minute: 3)
        let own = try await kit.add(GmailKit.letter("four", ["Subject": "Alpha"]), labels: [.string(label)], minute: 4)
        let places: [(String?, [String])] = [
            (nil, [inbox]), ("inbox", [inbox]), ("sent", [sent]), ("Trash", [trash]), ("customers/acme", [own]),
            ("all", [own, sent, inbox]),
            ("junk", []),
        ]
        for (mailbox, ids) in places {
            #expect(try await kit.reader.search(.subject("alpha"), in: mailbox, limit: 9).messages.map(\.id) == ids)
        }
        let both = MailQuery.and([.subject("alpha"), .not(.subject("alpha beta"))])
        #expect(try await kit.reader.search(both, in: "all", limit: 9).messages.map(\.id) == [own, sent])
        let error = await thrown(AtlasError.self) { try await kit.reader.search(.all, in: "Nowhere", limit: 9) }
        #expect(
            error?.code == .notFound && error?.parameter == "mailbox"
                && error?.message.contains("Customers/Acme") == true)
    }

    @Test("Folders have roles and counts")
    func folders() async throws {
        _ = try await kit.google.order("label", ["name": "Customers/Acme"])
        try await kit.add(GmailKit.letter())
        try await kit.add(GmailKit.letter(), labels: ["INBOX"])
        let folders = try await kit.reader.folders()
        let inbox = folders.first { $0.role == "inbox" }
        #expect(inbox?.total == 2 && inbox?.unread == 1)
        #expect(Set(folders.compactMap(\.role)) == ["inbox", "sent", "drafts", "trash", "junk", "flagged", "all"])
        #expect(
            folders.contains { $0.name == "Customers/Acme" && $0.role == nil }
                && !folders.contains { $0.name == "UNREAD" })
        #expect(folders.last?.total == 2)
    }

    @Test("Marks change labels, and say which messages were there", arguments: MailMark.allCases)
    func marks(mark: MailMark) async throws {
        let isTaken = mark == .read || mark == .unflagged
        let name: JSON = mark == .read || mark == .unread ? "UNREAD" : "STARRED"
        let id = try await kit.add(GmailKit.letter(), labels: isTaken ? ["INBOX", name] : ["INBOX"])
        #expect(try await kit.reader.mark([id, "g.18c0ffffffffffff"], mark) == [id])
        let labels = try await kit.google.order("messages")[0]?["labels"]?.items ?? []
        #expect(labels.contains(name) != isTaken && labels.contains("INBOX"))
    }

    @Test(
        "A move is a change of labels, and ids stay",
        arguments: [
            ("trash", ["TRASH", "UNREAD"]), ("junk", ["SPAM", "UNREAD"]), ("archive", ["UNREAD"]),
            ("Done", ["Label_14", "UNREAD"]),
            ("inbox", ["INBOX", "UNREAD"]), ("starred", ["INBOX", "STARRED", "UNREAD"]),
        ])
    func moves(mailbox: String, labels: [String]) async throws {
        _ = try await kit.google.order("label", ["name": "Done"])
        let id = try await kit.add(GmailKit.letter())
        #expect(try await kit.reader.move([id, "g.18c0ffffffffffff"], to: mailbox) == [id: id])
        let now = try await kit.google.order("messages")[0]?["labels"]?.items?.compactMap(\.text) ?? []
        #expect(now.sorted() == labels)
    }

    @Test("Nothing is moved to the sent mail")
    func sent() async throws {
        let error = await thrown(AtlasError.self) { try await kit.reader.move(["g.18c0000000000001"], to: "sent") }
        #expect(error?.code == .invalidArgument && error?.parameter == "mailbox")
    }
}
