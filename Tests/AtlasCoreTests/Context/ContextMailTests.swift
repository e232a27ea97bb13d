import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite("The mailbox in what is known of a customer")
struct ContextMailTests {
    private func inbox(_ account: MailServerAccount) -> (Inbox, IMAPReader) {
        let reader = IMAPReader(account)
        let inbox = Inbox(
            ways: [Inbox.Way(name: "imap", reader: .success(reader))], time: ContextKit.time,
            attachmentFolder: "/nonexistent", logger: .silent)
        return (inbox, reader)
    }

    @Test("Mail from and to any address of the customer is there, and nobody else's")
    func dovecot() async throws {
        guard let (server, user) = await MailKit.user("context") else { return }
        let letters = [
            ("Maria <maria@example.com>", "office@mail.test", "From her"),
            ("Maria <home@example.com>", "office@mail.test", "From home"),
            ("office@mail.test", "Bob <bob@example.com>, maria@example.com", "To her"),
            ("Ana <anamaria@example.com>", "office@mail.test", "Of another"),
            ("Bob <bob@example.com>", "office@mail.test", "Of Bob"),
        ]
        for (number, letter) in letters.enumerated() {
            let message = """
                From: \(letter.0)
                To: \(letter.1)
                Subject: \(letter.2)
                Date: 2\(number) Nov 2026 09:00:00 -0600
                Message-ID: <c\(number)@example.com>

                Hello\u{202E} there
                """
            await server.deliver(message, to: user.address)
        }
        let (inbox, reader) = inbox(MailKit.account(server, user))
        let kit = try await ContextKit(inbox: inbox)
        let maria = try await kit.maria()
        try await kit.kit.execute(
            "UPDATE contacts SET emails = array_append(emails, 'home@example.com') WHERE id = \(maria.id)")
        let context = try await kit.context(.email("home@example.com"))
        #expect(context.inboxEmails.map(\.subject) == ["To her", "From home", "From her"])
        #expect(context.counts.inboxEmails == 3 && context.unavailable.isEmpty)
        #expect(context.inboxEmails.allSatisfy { $0.untrusted && $0.snippet == "Hello there" })
        #expect(context.lastContactAt == context.inboxEmails.first?.date)
        #expect(await server.flags(user.address) == [[], [], [], [], []])
        await reader.close()
    }

    @Test("A mail server that hangs is given up after its time, and named")
    func hangingServer() async throws {
        // It greets nobody.
        let server = ScriptedServer(greeting: nil) { _, _ in .say("") }
        defer { server.stop() }
        let (inbox, reader) = inbox(MailKit.account(server))
        let kit = try await ContextKit(inbox: inbox, patience: .seconds(2))
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 2)
        let context = try await kit.context(.id(maria.id))
        #expect(context.unavailable.keys.sorted() == ["inbox_emails"])
        #expect(context.unavailable["inbox_emails"]?.contains("did not answer within") == true)
        #expect(context.interactions.count == 2 && context.counts.inboxEmails == nil)
        await reader.close()
    }

    @Test("Where no mail account is configured, or one wrongly, that is the reason")
    func unusable() async throws {
        let none = try await ContextKit(inbox: try InboxKit.inbox([]))
        let maria = try await none.maria()
        #expect(try await none.context(.id(maria.id)).unavailable["inbox_emails"]?.contains("ATLAS_EMAIL_IMAP") == true)
        let refused = try await ContextKit(inbox: try InboxKit.inbox([ToldReader("imap", failure: InboxKit.refused)]))
        let other = try await refused.maria()
        #expect(
            try await refused.context(.id(other.id)).unavailable["inbox_emails"] == InboxKit.refused.message)
    }

    @Test("A customer without an address is looked for in no mailbox")
    func noAddress() async throws {
        let reader = ToldReader("imap", [InboxKit.message("1")])
        let kit = try await ContextKit(inbox: try InboxKit.inbox([reader]))
        let bob = try await kit.kit.contacts.create(ContactDraft(fullName: "Bob", phone: "217-555-0188")).contact
        let context = try await kit.context(.id(bob.id))
        #expect(context.inboxEmails.isEmpty && context.counts.inboxEmails == 0 && reader.asked.isEmpty)
    }
}
