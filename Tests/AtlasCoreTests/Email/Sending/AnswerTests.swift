import Foundation
import MIME
import TestSupport
import Testing

@testable import AtlasCore

struct AnswerTests {
    private static let question = """
        From: "Maria González" <maria@example.org>
        To: The Shop <shop@example.com>
        Subject: Kitchen
        Date: Tue, 24 Nov 2026 09:00:00 -0600
        Message-ID: <2@example.org>
        References: <0@example.org> <1@example.org>

        Can you come on Friday?
        > We could.
        """

    private func answer(
        _ source: String = question, _ change: (inout LetterRequest) -> Void = { _ in }
    ) async throws -> (mail: OutgoingMail, sent: SentLetter) {
        let desk = try await MailDesk()
        desk.receive("m1", source)
        let sent = try await desk.send("Yes, at nine.") {
            $0.to = []
            $0.subject = nil
            $0.replyToMessageID = "m1"
            change(&$0)
        }
        #expect(try await desk.rows("in_reply_to") == [desk.sender.sent.value[0].inReplyTo ?? "-"])
        return (desk.sender.sent.value[0], sent.outcome)
    }

    @Test("An answer has the recipient, the subject, the thread and the quoted text of its question")
    func answers() async throws {
        let (mail, sent) = try await answer()
        #expect(mail.to == [MailAddress(name: "Maria González", address: "maria@example.org")])
        #expect(mail.subject == "Re: Kitchen" && mail.inReplyTo == "2@example.org")
        #expect(mail.references == ["0@example.org", "1@example.org", "2@example.org"])
        #expect(
            mail.text == """
                Yes, at nine.

                On Tue, Nov 24, 2026 at 09:00 CST, Maria González wrote:
                > Can you come on Friday?
                >> We could.

                """)
        #expect(mail.html == nil && sent.warnings.isEmpty)
    }

    @Test("What the caller gives stands")
    func given() async throws {
        let (mail, _) = try await answer {
            $0.to = ["bo@example.org"]
            $0.cc = ["maria@example.org"]
            $0.subject = "Other"
        }
        #expect(mail.to.map(\.address) == ["bo@example.org"] && mail.cc.map(\.address) == ["maria@example.org"])
        #expect(mail.subject == "Other" && mail.inReplyTo == "2@example.org")
    }

    @Test("Reply-To is asked for; an answer to oneself goes to whom one wrote")
    func recipients() async throws {
        let source = Self.question
        let (asked, _) = try await answer(
            source.replacingOccurrences(of: "To: The", with: "Reply-To: office@example.org\nTo: The"))
        #expect(asked.to.map(\.address) == ["office@example.org"])
        let (own, _) = try await answer(
            "From: SHOP@example.com\nTo: maria@example.org\nSubject: x\nMessage-ID: <1@x>\n\nText")
        #expect(own.to.map(\.address) == ["maria@example.org"])
    }

    @Test(
        "Subjects are answered once",
        arguments: [
            ("Kitchen", "Re: Kitchen"), ("Re: Kitchen", "Re: Kitchen"), ("RE: re: AW: Kitchen", "Re: Kitchen"),
            ("Re[2]: Kitchen", "Re: Kitchen"), ("SV : Kitchen", "Re: Kitchen"), ("Note: Kitchen", "Re: Note: Kitchen"),
            ("", "Re: "), ("Fwd: Kitchen", "Re: Fwd: Kitchen"),
        ])
    func subjects(_ subject: String, _ expected: String) async throws {
        let (mail, _) = try await answer("From: a@x.org\nSubject: \(subject)\nMessage-ID: <1@x>\n\nText")
        #expect(mail.subject.trimmed == expected.trimmed)
    }

    @Test("In HTML the quoted text is escaped and inside of the page")
    func html() async throws {
        let source = Self.question.replacingOccurrences(of: "Can you", with: "<script>alert(1)</script> & can you")
        let (mail, _) = try await answer(source) { $0.html = "<html><BODY><p>Yes</p></BODY></html>" }
        let html = try #require(mail.html)
        #expect(html.hasPrefix("<html><BODY><p>Yes</p>") && html.hasSuffix("</BODY></html>"))
        #expect(html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; can you") && !html.contains("<script>"))
        #expect(html.contains("&gt; We could."))
    }

    @Test("A long question is quoted in part")
    func long() async throws {
        let lines = String(repeating: "All work and no play.\n", count: 5000)
        let (mail, _) = try await answer("From: a@x.org\nSubject: x\nMessage-ID: <1@x>\n\n" + lines)
        #expect(mail.text.utf8.count < 26 << 10 && mail.text.hasSuffix("> […]\n"))
    }

    @Test("What a program wrote is a warning", arguments: ["Auto-Submitted: auto-replied", "Precedence: bulk"])
    func automatic(_ field: String) async throws {
        let (_, sent) = try await answer("\(field)\n" + Self.question)
        #expect(sent.warnings.count == 1)
    }

    @Test("References keep the first and the last when there are many")
    func references() async throws {
        let many = (0..<100).map { "<\($0)@x>" }.joined(separator: "\n ")
        let (mail, _) = try await answer("From: a@x.org\nSubject: x\nMessage-ID: <me@x>\nReferences: \(many)\n\nText")
        #expect(
            mail.references.count == 30 && mail.references.first == "0@x"
                && mail.references.suffix(2) == ["99@x", "me@x"])
    }

    @Test("A draft is the same letter, and nothing leaves")
    func draft() async throws {
        let desk = try await MailDesk(senders: [])
        desk.receive("m1", Self.question)
        var request = LetterRequest(body: "Yes.")
        request.replyToMessageID = "m1"
        let mail = try await desk.mailer.draft(request)
        #expect(mail.subject == "Re: Kitchen" && mail.to.map(\.address) == ["maria@example.org"])
        #expect(mail.messageID.hasSuffix("@example.com") && mail.text.contains("> Can you come"))
        #expect(try await desk.rows().isEmpty)
    }
}
