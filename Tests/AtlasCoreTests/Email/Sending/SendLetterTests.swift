import Foundation
import MIME
import TestSupport
import Testing

@testable import AtlasCore

struct SendLetterTests {
    @Test("A letter has a row before it leaves, which tells afterwards who took it")
    func aLetter() async throws {
        let desk = try await MailDesk()
        let sent = try await desk.send(to: "Ann Lee <Ann@Example.com>, bo@example.org") {
            $0.cc = ["cy@example.com"]
            $0.bcc = ["dee@example.com", "ann@example.com"]
            $0.replyTo = "office@example.com"
            $0.html = "<p>Hello.</p>"
        }
        let outcome = sent.outcome
        #expect(outcome.messageID == "\(outcome.sentEmailID)@example.com")
        #expect(outcome.provider == "smtp" && outcome.rejected.isEmpty && sent.warnings.isEmpty && !sent.replayed)
        #expect(outcome.accepted == ["Ann@Example.com", "bo@example.org", "cy@example.com", "dee@example.com"])
        let mail = try #require(desk.sender.sent.value.first)
        #expect(mail.from == MailAddress(name: "The Shop", address: "shop@example.com"))
        #expect(
            mail.to == [
                MailAddress(name: "Ann Lee", address: "Ann@Example.com"), MailAddress(address: "bo@example.org"),
            ])
        #expect(mail.bcc.map(\.address) == ["dee@example.com"])
        #expect(mail.replyTo.map(\.address) == ["office@example.com"] && mail.html == "<p>Hello.</p>")
        #expect(desk.sender.keys.value == [outcome.sentEmailID])
        #expect(
            try await desk.rows("(to_addresses, cc_addresses, bcc_addresses)") == [
                "(\"{ann@example.com,bo@example.org}\",{cy@example.com},{dee@example.com})"
            ])
        #expect(
            try await desk.rows("concat_ws(' ', status, provider, template_type, from_address, reply_to, message_id)")
                == [
                    "sent smtp generic shop@example.com office@example.com \(outcome.messageID)"
                ])
        #expect(try await desk.rows("accepted") == ["{Ann@Example.com,bo@example.org,cy@example.com,dee@example.com}"])
        #expect(try await desk.outboxRows("id") == desk.rows("id"))
        #expect(try await desk.outboxRows() == ["sent"])
    }

    @Test("The row is there, as sending, while the letter leaves")
    func before() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .wait(.milliseconds(400)))])
        async let sent = desk.send()
        while desk.sender.sent.value.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await desk.rows("status || ' ' || subject") == ["sending Hello"])
        _ = try await sent
        #expect(try await desk.rows() == ["sent"])
    }

    @Test("A copy of what SMTP sent, with its Bcc, goes among the sent mail, and what others sent does not")
    func copies() async throws {
        let desk = try await MailDesk()
        let sent = try await desk.send { $0.bcc = ["dee@example.com"] }
        let copy = MailMessage(parsing: try #require(desk.saved.value.first))
        #expect(copy.header.messageID == sent.outcome.messageID)
        #expect(copy.header.addresses("Bcc").map(\.address) == ["dee@example.com"])
        let other = try await MailDesk(senders: [ScriptedSender("gmail")])
        try await other.send()
        #expect(other.saved.value.isEmpty && other.sender.sent.value.count == 1)
    }

    @Test("A copy that cannot be kept is a warning")
    func noCopy() async throws {
        let desk = try await MailDesk(saving: AtlasError(.unavailable, "The mailbox is away."))
        let sent = try await desk.send(key: "a")
        #expect(sent.warnings.count == 1 && sent.warnings[0].contains("The mailbox is away."))
        #expect(try await desk.rows() == ["sent"])
        #expect(try await desk.send(key: "a").warnings.isEmpty)
    }

    @Test("A repeat of the key gets the first outcome, whatever has changed meanwhile")
    func replay() async throws {
        let folder = try TemporaryFolder()
        try folder.write("a.txt", "text")
        let desk = try await MailDesk(["ATLAS_EMAIL_ATTACHMENT_WHITELIST_DIRS": folder.path])
        desk.receive("m1", "From: ann@example.com\nSubject: Hi\nMessage-ID: <1@x>\n\nText")
        func send() async throws -> DoneOnce<SentLetter> {
            try await desk.send(key: "a") {
                $0.to = []
                $0.subject = nil
                $0.replyToMessageID = "m1"
                $0.attachments = [folder.path + "/a.txt"]
            }
        }
        let first = try await send()
        try FileManager.default.removeItem(atPath: folder.path + "/a.txt")
        desk.inbox.update { $0 = [:] }
        let second = try await send()
        #expect(second.outcome == first.outcome && second.replayed && !first.replayed)
        #expect(desk.sender.sent.value.count == 1)
        #expect(await refusal { try await desk.send("Other.", key: "a") } == "conflict idempotency_key")
        #expect(desk.sender.sent.value.count == 1)
    }

    @Test("Many at once with one key send one letter")
    func race() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .wait(.milliseconds(200)))])
        let outcomes = try await withThrowingTaskGroup(of: DoneOnce<SentLetter>.self) { group in
            for _ in 0..<12 { group.addTask { try await desk.send(key: "a") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(desk.sender.sent.value.count == 1)
        #expect(Set(outcomes.map(\.outcome.messageID)).count == 1 && outcomes.count { !$0.replayed } == 1)
        #expect(try await desk.rows() == ["sent"])
        #expect(desk.saved.value.count == 1)
    }

    @Test("What certainly did not leave may be sent again, in the same row with the same Message-ID")
    func reopened() async throws {
        let desk = try await MailDesk(
            senders: [ScriptedSender("smtp", .fail(AtlasError(.unavailable, "The server is away.")))])
        #expect(await refusal { try await desk.send(key: "a") } == "unavailable")
        #expect(try await desk.rows("status || ' ' || error") == ["failed The server is away."])
        let sent = try await desk.send(key: "a")
        #expect(!sent.replayed)
        #expect(try await desk.rows("status || ' ' || coalesce(error, 'none')") == ["sent none"])
        #expect(desk.sender.sent.value.map(\.messageID) == [sent.outcome.messageID, sent.outcome.messageID])
        #expect(try await desk.send(key: "a").replayed)
    }

    @Test("What may have left is unknown and never sent again")
    func unknown() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .fail(lostMail)), ScriptedSender("gmail")])
        #expect(await refusal { try await desk.send(key: "a") } == "upstream_error")
        #expect(await refusal { try await desk.send(key: "a") } == "conflict idempotency_key")
        #expect(desk.sender.sent.value.count == 1)
        #expect(try await desk.rows() == ["unknown"])
        #expect(try await desk.outboxRows() == ["unknown"])
    }

    @Test("A server that died while it sent leaves an unknown outcome in both rows")
    func crash() async throws {
        let desk = try await MailDesk()
        try await desk.send(key: "a")
        try await desk.contacts.execute(
            "UPDATE outbox SET status = 'sending', outcome = NULL, created_at = now() - interval '20 minutes'")
        try await desk.contacts.execute(
            "UPDATE sent_emails SET status = 'sending', sent_at = now() - interval '20 minutes'")
        #expect(try await desk.mailer.sentHistory().emails.map(\.status) == ["unknown"])
        #expect(await refusal { try await desk.send(key: "a") } == "conflict idempotency_key")
        #expect(desk.sender.sent.value.count == 1)
        #expect(try await desk.rows() == ["unknown"])
        #expect(try await desk.outboxRows() == ["unknown"])
    }

    @Test("A caller who goes away does not make the record lie")
    func cancelled() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .wait(.milliseconds(300)))])
        let call = Task { try await desk.send(key: "a") }
        while desk.sender.sent.value.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        call.cancel()
        _ = try? await call.value
        #expect(try await desk.rows() == ["sent"])
        #expect(try await desk.send(key: "a").replayed)
        #expect(desk.saved.value.count == 1)
    }
}

struct MailRouteTests {
    @Test("A provider that took nothing hands over to the next, and the answer says so")
    func failover() async throws {
        let smtp = ScriptedSender("smtp", .fail(AtlasError(.notConfigured, "ATLAS_EMAIL_SMTP_PASSWORD is wrong.")))
        let desk = try await MailDesk(senders: [smtp, ScriptedSender("gmail")])
        let sent = try await desk.send().outcome
        #expect(sent.provider == "gmail")
        #expect(sent.warnings == ["SMTP did not take it (ATLAS_EMAIL_SMTP_PASSWORD is wrong); sent by Gmail."])
        #expect(try await desk.rows("provider") == ["gmail"])
        #expect(try await desk.outboxRows("provider") == ["gmail"])
        #expect(try await desk.outboxRows("provider_ref") == ["gmail-1"])
    }

    @Test("The id that Resend gives is in the reference's column, too")
    func resend() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("resend")])
        try await desk.send()
        #expect(try await desk.rows("resend_message_id") == ["resend-1"])
    }

    @Test("A refusal of the message ends the matter", arguments: [refusedMail as any Error, lostMail])
    func stops(_ failure: any Error) async throws {
        let second = ScriptedSender("gmail")
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .fail(failure)), second])
        #expect(await refusal { try await desk.send() } != "none")
        #expect(second.sent.value.isEmpty)
        #expect(try await desk.rows() == [failure is MailRejection ? "failed" : "unknown"])
    }

    @Test("A failure that says nothing of the message leaves it unknown")
    func strange() async throws {
        struct Strange: Error {}
        let second = ScriptedSender("gmail")
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .fail(Strange())), second])
        #expect(await refusal { try await desk.send() } == "internal")
        #expect(second.sent.value.isEmpty)
        #expect(try await desk.rows() == ["unknown"])
    }

    @Test("When none takes it, every reason is told")
    func none() async throws {
        let desk = try await MailDesk(senders: [
            ScriptedSender("smtp", .fail(AtlasError(.unauthenticated, "Log-in refused."))),
            ScriptedSender("resend", .fail(AtlasError(.rateLimited, "Too many."))),
        ])
        let told = await words { try await desk.send() }
        #expect(told.contains("SMTP: Log-in refused") && told.contains("Resend: Too many"))
        #expect(try await desk.rows() == ["failed"])
    }

    @Test("Without a provider the variables to set are named, and nothing is written down")
    func unconfigured() async throws {
        let desk = try await MailDesk(senders: [])
        let told = await words { try await desk.send() }
        for name in ["ATLAS_EMAIL_SMTP_HOST", "ATLAS_TOOLS_GMAIL_REFRESH_TOKEN", "ATLAS_EMAIL_API_KEY"] {
            #expect(told.contains(name))
        }
        #expect(await refusal { try await desk.send() } == "not_configured")
        #expect(try await desk.rows().isEmpty)
    }
}
