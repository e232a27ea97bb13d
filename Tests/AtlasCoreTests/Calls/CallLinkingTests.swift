import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// What a link leaves behind, however often and by however many it is made.
@Suite struct CallLinkingTests {
    private let ann = "+12175550134"

    // MARK: - What callers say is data

    @Test(arguments: ["ann at example", "a@b@c.example", "ann@", "<ann@example.com>"])
    func anAddressThatIsNoneIsLeftOutAndTold(email: String) async throws {
        let calls = try await WrittenCalls()
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee", customerEmail: email))
        #expect(link.contact?.emails == [])
        #expect(link.warnings.count == 1)
        #expect(link.warnings.first?.contains("customer_email") == true)
    }

    @Test func valuesThatAreTooLongAreCutAndNothingFails() async throws {
        let calls = try await WrittenCalls()
        let long = String(repeating: "Very ", count: 5_000)
        let link = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(
                customerName: long, customerPhone: long, customerEmail: long, intent: long,
                servicesMentioned: Array(repeating: long, count: 100), address: long, notes: long))
        let contact = try #require(link.contact)
        #expect(contact.phones == [ann])
        #expect(contact.fullName == "Caller \(ann)", "a sentence is no name")
        #expect(contact.address.map { $0.count <= 1000 } == true)
        let line = try #require(try await calls.interactions(of: "CA1").first)
        #expect(line.summary.map { $0.count <= 10_000 } == true)
    }

    @Test(arguments: [
        #"{"customer_name": ["Ann", "Lee"], "customer_phone": 2175550151, "customer_email": {"a": 1}, "intent": 7}"#,
        #"{"customer_name": null, "customer_phone": null, "services_mentioned": "x", "follow_up_needed": "maybe"}"#,
        #""spam""#, "[]", "null", #"{"customer_name": "\u200b", "customer_email": "\n", "intent": ""}"#,
        #"{"customer_name": "'); DROP TABLE contacts; --", "address": "\u202eevil"}"#,
    ])
    func whateverStandsInTheRowIsLinked(data: String) async throws {
        let calls = try await WrittenCalls()
        try await calls.write(WrittenCalls.inbound("CA1", from: ann))
        try await calls.kit.execute("UPDATE call_transcripts SET extracted_data = \(data)::text::jsonb")
        let link = try await calls.linker.link("CA1")
        #expect(link.transcript.status == "ready")
        #expect(link.contact?.phones == [data.contains("2175550151") ? "+12175550151" : ann])
        #expect(try await calls.interactions(of: "CA1").count == 1)
    }

    // MARK: - The line in the history

    @Test func theInteractionSaysWhatTheCallWas() async throws {
        let calls = try await WrittenCalls()
        let begun = Date(timeIntervalSince1970: 1_795_000_000)
        var facts = WrittenCalls.inbound("CA1", from: ann)
        facts.startedAt = begun
        try await calls.write(
            facts, "Hello.",
            ExtractedCall(
                customerName: "Ann Lee", intent: "booking", servicesMentioned: ["deep clean"], followUpNeeded: true),
            summary: "Ann Lee wants to book a deep clean.")
        let link = try await calls.linker.link("CA1")
        let lines = try await calls.interactions(of: "CA1")
        let line = try #require(lines.first)
        #expect(lines.count == 1)
        #expect(line.contactID == link.contact?.id)
        #expect(line.type == "call")
        #expect(line.summary == "Ann Lee wants to book a deep clean.")
        #expect(line.occurredAt == begun)
        #expect(line.metadata["call_sid"] == "CA1")
        #expect(line.metadata["direction"] == "inbound")
        #expect(line.metadata["duration_seconds"] == 65)
        #expect(line.metadata["intent"] == "booking")
    }

    @Test func withoutASummaryTheFactsMakeOne() async throws {
        let calls = try await WrittenCalls()
        try await calls.link(
            WrittenCalls.inbound("CA1", from: ann),
            ExtractedCall(intent: "estimate_request", servicesMentioned: ["windows"], preferredDate: "Friday"))
        let summary = try await calls.interactions(of: "CA1").first?.summary ?? ""
        #expect(summary.contains("estimate request"))
        #expect(summary.contains("windows"))
        #expect(summary.contains("Friday"))
    }

    @Test func aCallThatWasLoggedWhenItWasPlacedKeepsItsOneLine() async throws {
        let calls = try await WrittenCalls()
        let placed = try await calls.kit.contacts.create(ContactDraft(fullName: "Front Desk", phone: "2175550115"))
            .contact
        try await calls.kit.execute(
            """
            INSERT INTO contact_interactions (contact_id, interaction_type, summary, occurred_at, metadata, source_ref)
            VALUES (\(placed.id), 'call', 'Called them.', '2026-11-01', '{"tool": "make_call", "direction": "outbound"}', 'call:CA1')
            """)
        // Another person of the house took it, who has another number.
        let facts = CallFacts(
            callSID: "CA1", fromNumber: WrittenCalls.business, toNumber: "+12175550115", direction: .outbound,
            durationSeconds: 61)
        let link = try await calls.link(
            facts, ExtractedCall(customerName: "Priya Raman", customerPhone: "217.555.0116", intent: "follow_up"))
        let line = try #require(try await calls.interactions(of: "CA1").first)
        #expect(try await calls.kit.count("contact_interactions") == 1)
        #expect(line.contactID == link.contact?.id)
        #expect(line.contactID != placed.id)
        #expect(line.summary != "Called them.")
        #expect(line.metadata["tool"] == "make_call")
        #expect(line.metadata["duration_seconds"] == 61)
        #expect(line.occurredAt == Date(timeIntervalSince1970: 1_793_491_200), "when it was placed")
    }

    // MARK: - Again, and at once

    @Test func linkingAgainChangesNothingAndTellsNobody() async throws {
        let calls = try await WrittenCalls()
        let first = try await calls.link(
            WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee"))
        #expect(calls.kit.changed.all == [first.contact?.id])
        let before = try await calls.everything()
        for _ in 0..<3 {
            let again = try await calls.linker.link("CA1")
            #expect(again.transcript == first.transcript)
            #expect(again.contact == first.contact)
            #expect(!again.created)
        }
        #expect(try await calls.everything() == before)
        #expect(calls.kit.changed.all.count == 1)
    }

    @Test func oneCallThatManyLinkAtOnceIsLinkedOnce() async throws {
        let calls = try await WrittenCalls()
        try await calls.write(WrittenCalls.inbound("CA1", from: ann), "Hello.", ExtractedCall(customerName: "Ann Lee"))
        let linkers = (0..<4).map { _ in CallLinker(contacts: Contacts(database: calls.kit.base.open())) }
        let links = try await withThrowingTaskGroup(of: CallLink.self) { group in
            for worker in 0..<16 { group.addTask { try await linkers[worker % 4].link("CA1") } }
            return try await group.reduce(into: [CallLink]()) { $0.append($1) }
        }
        #expect(Set(links.map(\.contact?.id)).count == 1)
        #expect(links.count { $0.created } == 1)
        #expect(Set(links.map(\.transcript.contactID)) == [links[0].contact?.id])
        #expect(try await calls.kit.count() == 1)
        #expect(try await calls.kit.count("contact_interactions") == 1)
    }

    @Test func manyCallsOfOneNewCustomerAtOnceMakeOneContact() async throws {
        let calls = try await WrittenCalls()
        for index in 0..<32 {
            try await calls.write(
                WrittenCalls.inbound("CA\(index)", from: ann), "Hello.",
                ExtractedCall(
                    customerName: index % 3 == 0 ? nil : "Ann Lee",
                    customerEmail: index % 2 == 0 ? "ann@example.com" : nil))
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<32 { group.addTask { _ = try await calls.linker.link("CA\(index)") } }
            try await group.waitForAll()
        }
        let contacts = try await calls.kit.contacts.list().contacts
        #expect(contacts.map(\.fullName) == ["Ann Lee"])
        #expect(contacts.first?.emails == ["ann@example.com"])
        #expect(try await calls.kit.count("contact_interactions", where: "contact_id = \(contacts.first?.id)") == 32)
    }

    @Test func aLinkThatFailedBeforeIsNoErrorAnyMore() async throws {
        let calls = try await WrittenCalls()
        try await calls.write(WrittenCalls.inbound("CA1", from: ann), "Hello.", ExtractedCall(customerName: "Ann Lee"))
        let worker = UUID()
        guard
            case .mine(let row) = try await calls.store.claim(CallFacts(callSID: "CA1"), by: worker, for: .seconds(30))
        else { throw AtlasError(.conflict, "busy") }
        try await calls.store.fail(.linking, "The database went away.", of: row.id, by: worker)
        let link = try await calls.linker.link("CA1")
        #expect(link.transcript.status == "ready")
        #expect(link.transcript.failedStep == nil)
        #expect(link.transcript.errorMessage == nil)
        #expect(link.contact?.fullName == "Ann Lee")
    }

    @Test func aCallThatNobodyWroteDownIsNotFound() async throws {
        let calls = try await WrittenCalls()
        #expect(await refusal { try await calls.linker.link("CA404") } == "not_found call_sid")
    }

    // MARK: - Contacts that were merged away

    @Test func theCallOfAContactThatWasMergedAwayIsTheKeptOnes() async throws {
        let calls = try await WrittenCalls()
        let kept = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550151")).contact
        let link = try await calls.link(WrittenCalls.inbound("CA1", from: ann), ExtractedCall(customerName: "Ann Lee"))
        let merged = try #require(link.contact?.id)
        _ = try await calls.kit.contacts.merge(merged, into: kept.id)
        let again = try await calls.linker.link("CA1")
        #expect(again.contact?.id == kept.id)
        #expect(again.transcript.contactID == kept.id)
        // Their number is the kept one's by now.
        let next = try await calls.link(WrittenCalls.inbound("CA2", from: ann))
        #expect(next.contact?.id == kept.id)
        #expect(!next.created)
    }

    @Test func aContactThatWasNotedAndMergedAwaySinceIsFollowed() async throws {
        let calls = try await WrittenCalls()
        let kept = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann Lee", phone: "2175550151")).contact
        let gone = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550152")).contact
        _ = try await calls.kit.contacts.merge(gone.id, into: kept.id)
        try await calls.write(WrittenCalls.inbound("CA1", from: ann))
        // Another program, which had looked before the merge.
        try await calls.kit.execute("UPDATE call_transcripts SET contact_id = \(gone.id)")
        let link = try await calls.linker.link("CA1")
        #expect(link.contact?.id == kept.id)
        #expect(try await calls.interactions(of: "CA1").map(\.contactID) == [kept.id])
        let merge = try await calls.store.list(contactID: kept.id)
        #expect(merge.map(\.callSID) == ["CA1"])
    }
}
