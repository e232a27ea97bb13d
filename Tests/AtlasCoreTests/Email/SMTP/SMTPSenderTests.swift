import Foundation
import JSON
import MIME
import TestSupport
import Testing

@testable import AtlasCore

@Suite("Mail by SMTP")
struct SMTPSenderTests {
    private static let password = MailServerAccount.Credentials.password(
        user: SMTPServer.user, password: SMTPServer.password)
    private static let token = MailServerAccount.Credentials.token(user: SMTPServer.user) { _ in SMTPServer.token }

    @Test("A message arrives as it was composed, once, with everybody in the envelope", arguments: [0, 1, 2])
    func arrives(way: Int) async throws {
        let server = await SMTPServer()
        let account = [
            MailServerAccount.smtp(at: server, .tls, Self.password), .smtp(at: server, .startTLS, Self.token),
            .smtp(at: server),
        ][way]
        var mail = OutgoingMail.letter(to: ["paul@example.org", "Hans@bücher.example"])
        mail.cc = [MailAddress(address: "PAUL@example.org")]
        mail.bcc = [MailAddress(address: "secret@example.net")]
        let sending = await Sending(mail, by: SMTPSender(account: account))
        #expect(
            sending.outcome
                == .sent(accepted: ["paul@example.org", "Hans@bücher.example", "secret@example.net"], rejected: []))
        #expect(sending.receipt?.reference == "000001")
        let messages = await server.messages()
        #expect(messages.count == 1)
        let message = try #require(messages.first)
        #expect(message.octets == (try mail.composed()))
        #expect(message.sender == "maria@example.com")
        #expect(message.recipients == ["paul@example.org", "Hans@xn--bcher-kva.example", "secret@example.net"])
        #expect(message.parameters == ["SIZE=\(message.octets.count)"])
        #expect(message.user == [SMTPServer.user, SMTPServer.user, nil][way])
        #expect(message.isEncrypted == [true, true, false][way])
        #expect(await server.problems().isEmpty)
        #expect(await server.journal().last?.stage == "quit")
    }

    @Test(
        "Servers of every age are spoken to in their own words",
        arguments: [
            ["pipelining": false], ["size": nil], ["size": 0],
            ["eightbitmime": false, "pipelining": false, "size": nil, "enhanced": false],
            ["ehlo": false],
        ] as [JSON])
    func ages(settings: JSON) async throws {
        let server = await SMTPServer(settings)
        await server.fail("rcpt", "answer", ["code": 550, "text": "5.1.1 No", "pattern": "bad"])
        let mail = OutgoingMail.letter(to: ["paul@example.org", "bad@example.org", "ann@example.org"])
        let sending = await Sending(mail, by: SMTPSender(account: .smtp(at: server)))
        #expect(
            sending.outcome == .sent(accepted: ["paul@example.org", "ann@example.org"], rejected: ["bad@example.org"]))
        #expect(await server.messages().map(\.octets) == [try mail.composed()])
        #expect(await server.problems().isEmpty)
    }

    @Test("Who is refused is told apart from who is not, in the server's words", arguments: [true, false])
    func rejections(pipelining: Bool) async throws {
        let server = await SMTPServer(["pipelining": .bool(pipelining)])
        await server.fail(
            "rcpt", "answer", ["code": 550, "text": ["5.1.1 No such", "5.1.1 user\u{202E} here"], "pattern": "nobody"])
        await server.fail("rcpt", "answer", ["code": 450, "text": "4.2.1 Mailbox busy", "pattern": "busy"])
        let mail = OutgoingMail.letter(to: ["nobody@example.org", "paul@example.org", "busy@example.org"])
        let sending = await Sending(mail, by: SMTPSender(account: .smtp(at: server)))
        #expect(
            sending.outcome
                == .sent(accepted: ["paul@example.org"], rejected: ["nobody@example.org", "busy@example.org"]))
        #expect(
            sending.receipt?.rejected.map(\.reason)
                == ["550 5.1.1 No such 5.1.1 user here", "450 4.2.1 Mailbox busy"])
        #expect(await server.messages().map(\.recipients) == [["paul@example.org"]])
    }

    @Test("Hundreds of recipients are told in a few round trips")
    func manyRecipients() async throws {
        let server = await SMTPServer()
        await server.fail("rcpt", "answer", ["code": 550, "text": "5.1.1 No", "pattern": "r(7|107|249)@", "times": 3])
        let recipients = (0..<250).map { "r\($0)@example.org" }
        let sending = await Sending(.letter(to: recipients), by: SMTPSender(account: .smtp(at: server)))
        #expect(sending.receipt?.accepted.count == 247)
        #expect(sending.receipt?.rejected.map(\.address) == ["r7@example.org", "r107@example.org", "r249@example.org"])
        #expect(await server.messages().first?.recipients.count == 247)
        #expect(await server.problems().isEmpty)
    }

    @Test(
        "No line of a message ends it",
        arguments: [
            ".", ".\n.", "..\n.hidden\n\n.\nQUIT\n", "a\n.\r\nMAIL FROM:<evil@example.com>\r\n", "\r\n.\r\n", "\r.\r",
            "é\n.\n",
        ])
    func dots(text: String) async throws {
        let server = await SMTPServer()
        let mail = OutgoingMail.letter(text: text)
        let sending = await Sending(mail, by: SMTPSender(account: .smtp(at: server)))
        #expect(sending.receipt?.accepted.count == 1)
        #expect(await server.messages().map(\.octets) == [try mail.composed()])
        #expect(await server.problems().isEmpty)
    }

    @Test("A large message arrives whole")
    func large() async throws {
        let server = await SMTPServer()
        var mail = OutgoingMail.letter(text: String(repeating: "x\n.\n", count: 50_000))
        mail.attachments = [
            .init(
                filename: "a.bin", contentType: "image/png",
                octets: (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        ]
        let sending = await Sending(mail, by: SMTPSender(account: .smtp(at: server, .tls)))
        #expect(sending.receipt?.accepted.count == 1)
        #expect(await server.messages().map(\.octets) == [try mail.composed()])
    }

    @Test("A message over the server's limit is not begun")
    func tooLarge() async throws {
        let server = await SMTPServer(["size": 1000])
        let sending = await Sending(
            .letter(text: String(repeating: "x\n", count: 1000)), by: SMTPSender(account: .smtp(at: server)))
        #expect(sending.outcome == .rejected(.invalidArgument))
        #expect(sending.error?.parameter == "attachments")
        #expect(await server.journal().map(\.stage).contains("mail") == false)
    }

    @Test("What is no address is refused before anybody is asked")
    func noAddress() async throws {
        let server = await SMTPServer()
        for address in ["a@b\r\nDATA", "nobody", "a@b> SIZE=1"] {
            let sending = await Sending(.letter(to: [address]), by: SMTPSender(account: .smtp(at: server)))
            #expect(sending.outcome == .rejected(.invalidArgument))
            #expect(sending.error?.parameter == "to")
        }
        #expect(
            await Sending(.letter(to: []), by: SMTPSender(account: .smtp(at: server))).outcome
                == .rejected(.invalidArgument))
        #expect(await server.journal().isEmpty)
    }
}
