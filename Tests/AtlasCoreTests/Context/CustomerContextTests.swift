import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

@Suite("What is known of a customer")
struct CustomerContextTests {
    @Test("It is one exchange with the database, however the customer is named")
    func oneExchange() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 12)
        let keys: [CustomerKey] = [
            .id(maria.id), .phone("(217) 555-0134"), .phone("555-0134"), .email("Maria@Example.com"),
            .name("maria gonzález", parameter: "name"),
        ]
        for key in keys {
            let count = try await kit.exchanges {
                let context = try await kit.context(key)
                #expect(context.contact?.id == maria.id, "\(key)")
                #expect(context.interactions.count == 10 && context.counts.interactions == 12)
            }
            #expect(count == 1, "\(key)")
        }
    }

    @Test("Lists hold the newest, counts all, and what comes next is told beside what was")
    func contents() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 12)
        let limits = try ContextLimits(interactions: 3, calls: 2, appointments: 1, emails: 4)
        let context = try await kit.context(.id(maria.id), limits: limits)
        #expect(context.found && context.untrusted && !context.truncated && context.unavailable.isEmpty)
        #expect(context.interactions.map(\.summary) == (1...3).map { "Asked about the next visit \($0)" })
        #expect(context.callTranscripts.map(\.callSID) == ["CA1", "CA2"])
        #expect(context.sentEmails.map(\.subject) == (1...4).map { "Estimate \($0)" })
        // Three days ahead is the newest; the next one is tomorrow's.
        #expect(context.appointments.map(\.serviceType) == ["deep clean 12"])
        #expect(context.nextAppointment?.serviceType == "deep clean 10")
        #expect(context.counts.appointments == 12 && context.counts.callTranscripts == 12)
        #expect(context.counts.sentEmails == 12 && context.counts.openFollowUps == 0)
        #expect(context.counts.inboxEmails == nil)
        #expect(context.lastContactAt == context.interactions.first?.occurredAt)
        #expect(context.callTranscripts.allSatisfy { $0.untrusted && $0.transcript == nil })

        let detailed = try await kit.context(.id(maria.id), limits: limits, detail: .detailed)
        let call = try #require(detailed.callTranscripts.first)
        #expect(call.transcriptTruncated == true && call.transcript?.hasPrefix("Asked about") == true)
        #expect(detailed.sentEmails.first?.ccAddresses == ["maria@example.com"])
        #expect(detailed.appointments.first?.endTime != nil && context.appointments.first?.endTime == nil)
    }

    @Test("An appointment that was called off is not the next one")
    func nextAppointment() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 4)
        try await kit.kit.execute("UPDATE appointments SET status = 'cancelled' WHERE service_type = 'deep clean 2'")
        #expect(try await kit.context(.id(maria.id)).nextAppointment?.serviceType == "deep clean 3")
        try await kit.kit.execute("UPDATE appointments SET status = 'cancelled'")
        #expect(try await kit.context(.id(maria.id)).nextAppointment == nil)
    }

    @Test("Nobody is found, and that is no error")
    func nobody() async throws {
        let kit = try await ContextKit()
        _ = try await kit.maria()
        for key: CustomerKey in [
            .id(UUID()), .phone("+1 217 555 0199"), .phone("anonymous"), .email("x@example.com"),
            .name("Nobody", parameter: "name"),
        ] {
            let context = try await kit.context(key)
            #expect(!context.found && context.contact == nil && context.interactions.isEmpty, "\(key)")
        }
    }

    @Test("One of the four ways to name a customer is given, and only one")
    func keys() async throws {
        #expect(
            await refusal { try CustomerKey(contactID: nil, phone: " ", email: nil, name: nil) }
                == "invalid_argument contact_id")
        #expect(
            await refusal { try CustomerKey(contactID: "x", phone: "1", email: nil, name: nil) }
                == "invalid_argument contact_id")
        #expect(
            try CustomerKey(contactID: "Ann", phone: "", email: nil, name: nil) == .name("Ann", parameter: "contact_id")
        )
        #expect(CustomerKey(typed: "ann@example.com", parameter: "contact") == .email("ann@example.com"))
        #expect(CustomerKey(typed: "(217) 555-0134", parameter: "contact") == .phone("(217) 555-0134"))
        #expect(CustomerKey(typed: "Ann", parameter: "contact") == .name("Ann", parameter: "contact"))
        for limit in [0, 51] {
            #expect(await refusal { try ContextLimits(calls: limit) } == "invalid_argument max_calls")
        }
    }

    @Test("A name that several have is asked back about, with all of them")
    func severalOfAName() async throws {
        let kit = try await ContextKit()
        let first = try await kit.maria()
        let second = try await kit.kit.contacts.create(
            ContactDraft(fullName: "Maria Gonzalez", phone: "217-555-0135", email: nil)
        ).contact
        do {
            _ = try await kit.context(.name("Maria Gonzalez", parameter: "name"))
            Issue.record("one was chosen")
        } catch let error as AtlasError {
            #expect(error.code == .invalidArgument && error.parameter == "name")
            for id in [first.id, second.id] { #expect(error.message.contains(id.uuidString.lowercased())) }
        }
        _ = try await kit.kit.contacts.archive(second.id)
        #expect(try await kit.context(.name("Maria Gonzalez", parameter: "name")).contact?.id == first.id)
    }

    @Test("A phone that two businesses know is the customer of the one that asks")
    func businesses() async throws {
        let kit = try await ContextKit()
        let one = try await kit.kit.insertAsReference("Ann", phone: "217-555-0150", context: "one")
        let two = try await kit.kit.insertAsReference("Ann", phone: "217-555-0150", context: "two")
        #expect(await refusal { try await kit.context(.phone("217-555-0150")) } == "invalid_argument phone")
        for (business, id) in [("one", one), ("two", two)] {
            let contacts = Contacts(database: kit.database, businessContextID: business)
            let customers = CustomerContexts(contacts: contacts, inbox: nil, time: ContextKit.time)
            let context = try await MailKit.run {
                try await customers.context(of: .phone("217-555-0150"), limits: ContextLimits())
            }
            #expect(context.contact?.id == id)
        }
    }

    @Test("One that was merged away is followed, by every way to name it; an archived one is found by id and phone")
    func mergedAndArchived() async throws {
        let kit = try await ContextKit()
        let kept = try await kit.maria()
        let gone = try await kit.kit.contacts.create(
            ContactDraft(fullName: "Mary Gonzales", phone: "217-555-0177", email: "mary@example.com")
        ).contact
        try await kit.fill(gone.id, count: 2)
        _ = try await kit.kit.contacts.merge(gone.id, into: kept.id)
        for key: CustomerKey in [
            .id(gone.id), .phone("217-555-0177"), .email("mary@example.com"), .name("Mary Gonzales", parameter: "name"),
        ] {
            let context = try await kit.context(key)
            #expect(context.contact?.id == kept.id && context.counts.interactions == 2, "\(key)")
        }
        _ = try await kit.kit.contacts.archive(kept.id)
        #expect(try await kit.context(.id(kept.id)).contact?.status == "archived")
        #expect(try await kit.context(.phone("217-555-0134")).contact?.id == kept.id)
    }

    @Test("A follow-up is open until something happened after the call")
    func followUps() async throws {
        let desk = try await CallDesk()
        let customers = CustomerContexts(contacts: desk.kit.contacts, inbox: nil, time: ContextKit.time)
        let call = ExtractedCall(
            customerName: "Maria Gonzalez", intent: "estimate_request", urgency: "high", followUpNeeded: true)
        let at = Date(timeIntervalSinceNow: -3600)
        let id = try #require(try await desk.take("CA1", at: at, summary: "Wants an estimate.", call).contact?.id)
        func open() async throws -> [ContextFollowUp] {
            try await MailKit.run { try await customers.context(of: .id(id), limits: ContextLimits()).openFollowUps }
        }
        // The line that the call itself left in the history closes nothing.
        #expect(try await open().map(\.callSID) == ["CA1"])
        #expect(try await open().first?.urgency == "high")
        #expect(try await open().first?.summary == "Wants an estimate.")
        _ = try await desk.kit.contacts.logInteraction(
            id, type: .note, summary: "Before", occurredAt: at.addingTimeInterval(-60))
        #expect(try await open().count == 1)
        _ = try await desk.kit.contacts.logInteraction(id, type: .call, summary: "Called back")
        #expect(try await open().isEmpty)
        try await desk.take("CA2", at: Date(timeIntervalSinceNow: 5), call)
        #expect(try await open().map(\.callSID) == ["CA2"])
        for (status, count) in [("cancelled", 1), ("confirmed", 0)] {
            try await desk.kit.execute(
                """
                INSERT INTO appointments (contact_id, start_time, end_time, service_type, customer_name, customer_phone,
                    business_context_id, status, created_at)
                VALUES (\(id), now() + interval '1 day', now() + interval '2 days', 'x', 'x', '', '', \(status),
                    now() + interval '1 minute')
                """)
            #expect(try await open().count == count)
        }
    }

    @Test("Letters to any address count, in the spelling of other programs too; those that never left don't")
    func letters() async throws {
        let kit = try await ContextKit(businessContextID: "prairie")
        let id = try await kit.kit.insertAsReference("Ann", email: "Ann.Lee@Example.com")
        for (to, bcc, business, status) in [
            ("Ann.Lee@Example.com", nil, nil, "sent"), ("x@example.com", "ann.lee@example.com", "prairie", "unknown"),
            ("ann.lee@example.com", nil, "other", "sent"), ("ann.lee@example.com", nil, "prairie", "failed"),
            ("ann@example.com", nil, nil, "sent"),
        ] as [(String, String?, String?, String)] {
            try await kit.kit.execute(
                """
                INSERT INTO sent_emails (to_addresses, bcc_addresses, subject, body, business_context_id, status)
                VALUES (\([to]), \(bcc.map { [$0] } ?? []), \(status), 'x', \(business), \(status))
                """)
        }
        let context = try await kit.context(.id(id))
        #expect(context.sentEmails.map(\.subject).sorted() == ["sent", "unknown"] && context.counts.sentEmails == 2)
    }

    @Test("What is invisible in texts is not handed on, and long ones are cut")
    func cleaned() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.kit.execute(
            """
            INSERT INTO contact_interactions (contact_id, interaction_type, summary)
            VALUES (\(maria.id), 'note', \("Pay\u{202E} now\u{200B}\u{7}" + String(repeating: "é\"", count: 4000)))
            """)
        for detail in ContextDetail.allCases {
            let summary = try #require(try await kit.context(.id(maria.id), detail: detail).interactions.first?.summary)
            #expect(summary.hasPrefix("Pay nowé\"é") && summary.hasSuffix("…"))
            #expect(summary.jsonOctets <= (detail == .concise ? 200 : 1000))
        }
    }

    @Test("However much there is, a result stays within 64 KB, and says that something was left out")
    func bounded() async throws {
        let kit = try await ContextKit()
        let maria = try await kit.maria()
        try await kit.fill(maria.id, count: 60, text: String(repeating: "\u{1F600}\"\n", count: 300))
        let limits = try ContextLimits(interactions: 50, calls: 50, appointments: 50, emails: 50)
        let detailed = try await kit.context(.id(maria.id), limits: limits, detail: .detailed)
        #expect(try JSONEncoder().encode(detailed).count <= 64 << 10)
        #expect(detailed.truncated && detailed.counts.interactions == 60)
        #expect(!detailed.interactions.isEmpty && !detailed.callTranscripts.isEmpty && !detailed.sentEmails.isEmpty)
        let concise = try await kit.context(.id(maria.id), limits: limits)
        #expect(!concise.truncated && concise.interactions.count == 50 && concise.callTranscripts.count == 50)
        #expect(try JSONEncoder().encode(concise).count <= 64 << 10)
    }
}
