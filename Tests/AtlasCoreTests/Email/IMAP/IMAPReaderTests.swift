import Foundation
import MIME
import TestSupport
import Testing

@testable import AtlasCore

@Suite("Mail read from Dovecot")
struct IMAPReaderTests {
    @Test("A warm list costs one search and one fetch, shows the newest first, and marks nothing as read")
    func lists() async throws {
        guard let (server, user) = await MailKit.user("lists") else { return }
        // The one that arrived last was written first: it was moved here from elsewhere.
        for (number, day) in [(1, 20), (2, 22), (3, 21), (4, 2)] {
            await server.deliver(
                MailKit.letter(number, date: "\(day) Nov 2026 09:00:00 -0600"), to: user.address,
                flags: number == 2 ? "S" : "")
        }
        let reader = IMAPReader(MailKit.account(server, user))
        let found = try await MailKit.run { try await reader.search(.all, in: nil, limit: 3) }
        #expect(found.total == 4)
        #expect(found.messages.map(\.subject) == ["Letter 2", "Letter 3", "Letter 1"])
        #expect(found.messages.map(\.unread) == [false, true, true])
        #expect(found.messages.first?.snippet == "Hello")
        #expect(found.messages.first?.from == "Maria <maria@example.com>")
        await server.forget(user.address)
        let again = try await MailKit.run { try await reader.search(.all, in: nil, limit: 3) }
        #expect(again.messages == found.messages)
        #expect(await server.commands(user.address) == ["NOOP", "UID SORT", "UID FETCH"])
        let read = try await MailKit.run { try await reader.message(found.messages[1].id, in: nil) }
        #expect(read?.text.text.trimmed == "Hello")
        #expect(await server.flags(user.address) == [[], ["\\Seen"], [], []])
        await reader.close()
    }

    @Test("A message that comes between two lists is in the second")
    func news() async throws {
        guard let (server, user) = await MailKit.user("news") else { return }
        await server.deliver(MailKit.letter(1), to: user.address)
        let reader = IMAPReader(MailKit.account(server, user))
        #expect(try await MailKit.run { try await reader.search(.unread, in: nil, limit: 9) }.total == 1)
        for number in 2...4 {
            await server.deliver(MailKit.letter(number), to: user.address)
            #expect(try await MailKit.run { try await reader.search(.unread, in: nil, limit: 9) }.total == number)
        }
        await reader.close()
    }

    @Test("What the server cannot search for is decided here, and counted")
    func residuals() async throws {
        guard let (server, user) = await MailKit.user("residuals") else { return }
        let file = """
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b
            """
        let body =
            "--b\nContent-Type: text/plain\n\nSee the plan.\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=plan.pdf\nContent-Transfer-Encoding: base64\n\nJVBERi0xLjcKJSVFT0YK\n--b--"
        let now = Date(timeIntervalSince1970: 1_795_500_000)
        for number in 1...6 {
            let letter =
                number.isMultiple(of: 3)
                ? MailKit.letter(number, file, body: body) : MailKit.letter(number, body: "Größe \(number)")
            await server.deliver(letter, to: user.address, arrived: now.addingTimeInterval(Double(number) * 3600))
        }
        let reader = IMAPReader(MailKit.account(server, user))
        func subjects(_ query: MailQuery) async throws -> [String] {
            let found = try await MailKit.run { try await reader.search(query, in: nil, limit: 10) }
            #expect(found.total == found.messages.count)
            return found.messages.map(\.subject).sorted()
        }
        #expect(try await subjects(.hasAttachment) == ["Letter 3", "Letter 6"])
        #expect(try await subjects(.not(.hasAttachment)).count == 4)
        #expect(
            try await subjects(.or([.hasAttachment, .subject("Letter 1")])) == ["Letter 1", "Letter 3", "Letter 6"])
        #expect(try await subjects(.since(now.addingTimeInterval(5 * 3600))) == ["Letter 5", "Letter 6"])
        #expect(try await subjects(.body("Größe 4")) == ["Letter 4"])

        let found = try await MailKit.run { try await reader.search(.subject("Letter 3"), in: nil, limit: 1) }
        let id = try #require(found.messages.first?.id)
        let message = try #require(try await MailKit.run { try await reader.message(id, in: nil) })
        #expect(message.text.text.trimmed == "See the plan.")
        let attached = try #require(message.attachments.first)
        #expect(attached.filename == "plan.pdf" && message.summary.hasAttachments)
        let got = try await MailKit.run { try await reader.attachment(attached.section, of: id, in: nil, limit: 1000) }
        #expect(got.map { String(decoding: $0.octets, as: UTF8.self) } == "%PDF-1.7\n%%EOF\n")
        #expect(try await MailKit.run { try await reader.attachment("9", of: id, in: nil, limit: 1000) } == nil)
        await reader.close()
    }

    @Test("The text of a long message is read without what is attached to it")
    func long() async throws {
        guard let (server, user) = await MailKit.user("long") else { return }
        let line = String(repeating: "QUJD", count: 18) + "\n"
        let body =
            "--b\nContent-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n\n"
            + String(repeating: line, count: 30_000) + "--b\nContent-Type: text/plain\n\nThe end.\n--b--"
        await server.deliver(
            MailKit.letter(1, "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b", body: body),
            to: user.address)
        let reader = IMAPReader(MailKit.account(server, user))
        let id = try #require(
            try await MailKit.run { try await reader.search(.all, in: nil, limit: 1) }.messages.first?.id)
        let message = try await MailKit.run { try await reader.message(id, in: nil) }
        #expect(message?.text.text.trimmed == "The end.")
        #expect(message?.attachments.map(\.filename) == ["a.bin"])
        let got = try await MailKit.run { try await reader.attachment("1", of: id, in: nil, limit: 3 << 20) }
        #expect(got?.octets.count == 30_000 * 54)
        await reader.close()
    }

    @Test(
        "A conversation is found from its root, from any of its messages, and in the sent mail",
        arguments: ["thread", "message"])
    func threads(_ from: String) async throws {
        guard let (server, user) = await MailKit.user("threads-\(from)") else { return }
        await server.deliver(MailKit.letter(1, date: "20 Nov 2026 09:00:00 -0600"), to: user.address)
        await server.deliver(
            MailKit.letter(
                2, "In-Reply-To: <m1@example.com>", "References: <m1@example.com>", date: "21 Nov 2026 09:00:00 -0600"),
            to: user.address, in: "Sent", flags: "S")
        // Its program kept only the last reference.
        await server.deliver(
            MailKit.letter(3, "In-Reply-To: <m2@example.com>", date: "22 Nov 2026 09:00:00 -0600"), to: user.address)
        await server.deliver(MailKit.letter(11, date: "23 Nov 2026 09:00:00 -0600"), to: user.address)
        let reader = IMAPReader(MailKit.account(server, user))
        let found = try await MailKit.run { try await reader.search(.subject("Letter 3"), in: nil, limit: 1) }
        let last = try #require(found.messages.first)
        let thread = try await MailKit.run {
            try await reader.thread(from == "thread" ? last.threadID : last.id, in: nil)
        }
        #expect(thread.map(\.summary.subject) == ["Letter 1", "Letter 2", "Letter 3"])
        #expect(try await MailKit.run { try await reader.thread("t.bm9uZUB4", in: nil) }.isEmpty)
        await reader.close()
    }

    @Test("Messages are marked, moved and kept, and ids of another mailbox's time name nothing")
    func changes() async throws {
        guard let (server, user) = await MailKit.user("changes") else { return }
        for number in 1...2 { await server.deliver(MailKit.letter(number), to: user.address) }
        let reader = IMAPReader(MailKit.account(server, user))
        let messages = try await MailKit.run { try await reader.search(.all, in: nil, limit: 9) }.messages
        let ids = messages.sorted { $0.subject < $1.subject }.map(\.id)
        let first = try #require(IMAPMessageID(ids[0]))
        let stale = IMAPMessageID(mailbox: first.mailbox, uidValidity: first.uidValidity + 1, uid: first.uid)
        #expect(
            try await MailKit.run { try await reader.mark([ids[0], stale.text, "nonsense"], .flagged) } == [ids[0]])
        #expect(try await MailKit.run { try await reader.mark([ids[0]], .read) } == [ids[0]])
        #expect(await server.flags(user.address) == [["\\Flagged", "\\Seen"], []])
        #expect(try await MailKit.run { try await reader.message(stale.text, in: nil) } == nil)
        let moved = try await MailKit.run { try await reader.move([ids[0], stale.text], to: "trash") }
        #expect(moved.keys.sorted() == [ids[0]])
        let there = try await MailKit.run { try await reader.message(moved[ids[0]] ?? "", in: nil) }
        #expect(there?.summary.subject == "Letter 1" && there?.summary.mailbox == "Trash")
        #expect(try await MailKit.run { try await reader.message(ids[0], in: nil) } == nil)
        let draft = try await MailKit.run {
            try await reader.saveDraft(Array("Subject: d\r\n\r\nx\r\n".utf8), threadID: nil)
        }
        #expect(draft.flatMap { IMAPMessageID($0) }?.mailbox == "Drafts")
        try await MailKit.run { try await reader.saveSent(Array("Subject: s\r\n\r\nx\r\n".utf8)) }
        #expect(await server.flags(user.address, in: "Drafts") == [["\\Draft", "\\Seen"]])
        #expect(await server.flags(user.address, in: "Sent") == [["\\Seen"]])
        await reader.close()
    }

    @Test("Folders have names for people, roles and counts, and an unknown one is told with those there are")
    func folders() async throws {
        guard let (server, user) = await MailKit.user("folders") else { return }
        await server.deliver(MailKit.letter(1), to: user.address, in: "Büro & Co")
        let reader = IMAPReader(MailKit.account(server, user))
        let folders = try await MailKit.run { try await reader.folders() }
        #expect(folders.contains(MailFolder(name: "Büro & Co", role: nil, total: 1, unread: 1, selectable: true)))
        #expect(folders.contains { $0.name == "Sent" && $0.role == "sent" && $0.total == 0 })
        #expect(try await MailKit.run { try await reader.search(.all, in: "büro & co", limit: 1) }.total == 1)
        #expect(try await MailKit.run { try await reader.search(.all, in: "anywhere", limit: 1) }.total == 1)
        let error = await #expect(throws: AtlasError.self) {
            try await MailKit.run { try await reader.search(.all, in: "Nowhere", limit: 1) }
        }
        #expect(error?.code == .notFound && error?.message.contains("Büro & Co") == true)
        await reader.close()
    }

    @Test("A server that can do nothing but IMAP4rev1 is read as well")
    func few() async throws {
        guard let server = await MailServer.launch(capability: "IMAP4rev1") else { return }
        let user = await server.user("few@mail.test")
        for number in 1...3 { await server.deliver(MailKit.letter(number, body: "Größe"), to: user.address) }
        let reader = IMAPReader(MailKit.account(server, user))
        let found = try await MailKit.run { try await reader.search(.text("größe"), in: nil, limit: 2) }
        #expect(found.total == 3 && found.messages.count == 2)
        #expect(try await MailKit.run { try await reader.folders() }.contains { $0.name == "INBOX" && $0.total == 3 })
        let id = try #require(found.messages.first?.id)
        #expect(try await MailKit.run { try await reader.mark([id], .read) } == [id])
        _ = try await MailKit.run { try await reader.move([id], to: "Archive") }
        #expect(try await MailKit.run { try await reader.search(.all, in: "Archive", limit: 2) }.total == 1)
        _ = try await MailKit.run { try await reader.saveDraft(Array("Subject: d\r\n\r\nx\r\n".utf8), threadID: nil) }
        #expect(await server.flags(user.address, in: "Drafts") == [["\\Draft", "\\Seen"]])
        await reader.close()
    }

    @Test("Calls for one mailbox take turns, and those for others run beside them")
    func together() async throws {
        guard let (server, user) = await MailKit.user("together") else { return }
        for number in 1...5 { await server.deliver(MailKit.letter(number), to: user.address) }
        let reader = IMAPReader(MailKit.account(server, user))
        let boxes = ["INBOX", "Sent", "Drafts", "Trash", "Junk", "Archive"]
        let totals = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<30 {
                group.addTask {
                    try await MailKit.run { try await reader.search(.all, in: boxes[number % 6], limit: 3).total }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(totals == 25)
        await reader.close()
    }
}
