import Foundation
import TestSupport
import Testing

@testable import AtlasCore

struct LetterContactTests {
    @Test("A letter is in the history of each recipient that is a contact, once")
    func history() async throws {
        let desk = try await MailDesk()
        let ann = try await desk.contact("Ann", "ann@example.com")
        let bo = try await desk.contact("Bo", "bo@example.com")
        let cy = try await desk.contact("Cy", "cy@example.com")
        _ = try await desk.contacts.contacts.create(
            ContactDraft(fullName: "Ann", phone: "217 555 0134", email: "ann@example.com"))
        _ = try await desk.contacts.contacts.create(
            ContactDraft(fullName: "Ann", phone: "217 555 0134", email: "ann@example.com"))
        func send() async throws -> SentLetter {
            try await desk.send(to: "Ann@Example.com, ann@example.org", key: "a") {
                $0.cc = ["bo@example.com", "nobody@example.com"]
                $0.bcc = ["cy@example.com"]
            }.outcome
        }
        let sent = try await send()
        _ = try await send()
        for contact in [ann, bo, cy] {
            let lines = try await desk.contacts.contacts.interactions(of: contact.id)
            #expect(lines.map(\.summary) == ["E-mail sent: Hello"] && lines.map(\.interactionType) == ["email"])
            #expect(lines.first?.metadata["message_id"]?.text == sent.messageID)
        }
        #expect(try await desk.contacts.count("contact_interactions") == 3)
        #expect(
            try await desk.contacts.count(
                "contact_interactions",
                where: "source_ref = \("email:\(sent.sentEmailID):\(bo.id.uuidString.lowercased())")")
                == 1)
        #expect(try await desk.outboxRows("contact_id") == [ann.id.uuidString.lowercased()])
        #expect(Set(desk.contacts.changed.all.suffix(3)) == [ann.id, bo.id, cy.id])
    }

    @Test("One who wants no contact stops the whole letter, by the address", arguments: [0, 1, 2])
    func doNotContact(_ list: Int) async throws {
        let desk = try await MailDesk()
        _ = try await desk.contact("Bo", "bo@example.com", tags: ["Do_Not_Contact"])
        let told = await words {
            try await desk.send {
                switch list {
                case 0: $0.to.append("Bo@example.com")
                case 1: $0.cc = ["bo@example.com"]
                default: $0.bcc = ["bo@example.com"]
                }
            }
        }
        #expect(told.contains("bo@example.com") && told.contains("do-not-contact"))
        #expect(desk.sender.sent.value.isEmpty)
        #expect(try await desk.rows().isEmpty)
        #expect(try await desk.outboxRows().isEmpty)
    }

    @Test("Who was rejected has no line, and the answer says why")
    func rejected() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .reject(some: ["Bo@example.com"]))])
        let ann = try await desk.contact("Ann", "ann@example.com")
        let bo = try await desk.contact("Bo", "bo@example.com")
        let sent = try await desk.send(to: "ann@example.com, Bo@example.com").outcome
        #expect(sent.accepted == ["ann@example.com"] && sent.rejected == ["Bo@example.com"])
        #expect(sent.rejections.map(\.reason) == ["550 no such user"])
        #expect(sent.warnings == ["Bo@example.com was not accepted: 550 no such user"])
        #expect(try await desk.rows("rejected") == ["{Bo@example.com}"])
        #expect(try await desk.contacts.contacts.interactions(of: ann.id).count == 1)
        #expect(try await desk.contacts.contacts.interactions(of: bo.id).isEmpty)
    }

    @Test("Contacts that are merged while a letter leaves have one line")
    func merged() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .wait(.milliseconds(500)))])
        let ann = try await desk.contact("Ann", "ann@example.com")
        let other = try await desk.contact("Ann", "ann@example.org")
        async let sent = desk.send(to: "ann@example.com, ann@example.org")
        while desk.sender.sent.value.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        _ = try await desk.contacts.contacts.merge(other.id, into: ann.id)
        _ = try await sent
        #expect(try await desk.contacts.contacts.interactions(of: ann.id).count == 1)
        #expect(try await desk.contacts.count("contact_interactions") == 1)
    }

    @Test("Nothing that did not leave is in a history")
    func failed() async throws {
        let desk = try await MailDesk(senders: [ScriptedSender("smtp", .fail(refusedMail), .fail(lostMail))])
        _ = try await desk.contact("Ann", "ann@example.com")
        _ = try? await desk.send()
        _ = try? await desk.send()
        #expect(try await desk.contacts.count("contact_interactions") == 0)
        #expect(try await desk.rows() == ["failed", "unknown"])
    }
}
