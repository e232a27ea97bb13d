import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ContactHistoryTests {
    @Test func interactionsComeNewestFirst() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann")).contact
        let past = Date(timeIntervalSince1970: 1_700_000_000)
        let old = try await kit.contacts.logInteraction(
            ann.id, type: .call, summary: "old\u{202E} one", occurredAt: past)
        let new = try await kit.contacts.logInteraction(ann.id, type: .note, summary: "new\nlines")
        #expect(old.interaction.occurredAt == past && old.interaction.summary == "old one" && !old.replayed)
        #expect(old.interaction.interactionType == "call" && old.interaction.contactID == ann.id)
        #expect(try await kit.contacts.interactions(of: ann.id) == [new.interaction, old.interaction])
        #expect(try await kit.contacts.interactions(of: ann.id, type: .call) == [old.interaction])
        #expect(try await kit.contacts.interactions(of: ann.id, limit: 1) == [new.interaction])
        #expect(kit.changed.all == [ann.id, ann.id, ann.id])
    }

    @Test func nobodyHasNoHistory() async throws {
        let contacts = try await ContactsKit().contacts
        #expect(
            await refusal { try await contacts.logInteraction(UUID(), type: .call, summary: "x") }
                == "not_found contact_id")
        #expect(await refusal { try await contacts.interactions(of: UUID()) } == "not_found contact_id")
        #expect(await refusal { try await contacts.appointments(of: UUID()) } == "not_found contact_id")
        let ann = try await contacts.create(ContactDraft(fullName: "Ann")).contact
        #expect(try await contacts.interactions(of: ann.id) == [])
        #expect(try await contacts.appointments(of: ann.id) == [])
        #expect(
            await refusal { try await contacts.logInteraction(ann.id, type: .call, summary: " ") }
                == "invalid_argument summary")
    }

    @Test func aRepeatWithTheSameKeyDoesNothing() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann")).contact
        let first = try await kit.contacts.logInteraction(ann.id, type: .call, summary: "x", idempotencyKey: "k")
        let again = try await kit.contacts.logInteraction(ann.id, type: .call, summary: "x", idempotencyKey: "k")
        #expect(!first.replayed && again.replayed)
        #expect(again.interaction == first.interaction)
        #expect(try await kit.contacts.interactions(of: ann.id).count == 1)
        let contacts = kit.contacts
        #expect(
            await refusal { try await contacts.logInteraction(ann.id, type: .call, summary: "y", idempotencyKey: "k") }
                == "conflict idempotency_key")
        #expect(
            await refusal {
                try await contacts.logInteraction(
                    ann.id, type: .call, summary: "y", idempotencyKey: String(repeating: "k", count: 129))
            } == "invalid_argument idempotency_key")
        #expect(kit.changed.all.count == 2)
    }

    @Test func aFailureLeavesTheKeyFree() async throws {
        let contacts = try await ContactsKit().contacts
        let id = UUID()
        #expect(
            await refusal { try await contacts.logInteraction(id, type: .call, summary: "x", idempotencyKey: "k") }
                == "not_found contact_id")
        let ann = try await contacts.create(ContactDraft(fullName: "Ann")).contact
        #expect(try await !contacts.logInteraction(ann.id, type: .call, summary: "x", idempotencyKey: "k").replayed)
    }

    @Test func manyAtOnceWithOneKeyAreOne() async throws {
        let kit = try await ContactsKit()
        let ann = try await kit.contacts.create(ContactDraft(fullName: "Ann")).contact
        let outcomes = try await withThrowingTaskGroup(of: LoggedInteraction.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try await kit.contacts.logInteraction(ann.id, type: .sms, summary: "x", idempotencyKey: "k")
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { !$0.replayed } == 1)
        #expect(Set(outcomes.map(\.interaction.id)).count == 1)
        #expect(try await kit.count("contact_interactions") == 1)
    }
}
