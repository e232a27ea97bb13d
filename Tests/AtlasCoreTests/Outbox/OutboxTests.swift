import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// An outbox on a database of its own, and a provider that counts.
private struct Kit: Sendable {
    let contacts: ContactsKit
    let outbox: Outbox
    let sent = Shared(0)

    init(businessContextID: String? = nil) async throws {
        contacts = try await ContactsKit(businessContextID: businessContextID)
        let changed = contacts.changed
        outbox = Outbox(
            database: contacts.database, businessContextID: businessContextID, logger: .silent,
            changed: { changed.add($0) })
    }

    struct Receipt: Codable, Sendable, Equatable { var reference: String }

    @discardableResult
    func send(
        _ text: String = "hello", to number: String = "+12175550134", key: String? = nil, limit: Int? = nil,
        failing failure: (any Error)? = nil, after pause: Duration = .zero
    ) async throws -> DoneOnce<Receipt> {
        let sent = sent
        return try await outbox.dispatch(
            Dispatch(
                .sms, tool: "send_sms", to: [number], arguments: ["to": .string(number), "body": .string(text)],
                idempotencyKey: key, provider: "double",
                limit: limit.map {
                    Dispatch.Limit(most: $0, since: Date(timeIntervalSinceNow: -3600), setting: "LIMIT")
                }),
            send: {
                let count = sent.count()
                if pause > .zero { try? await Task.sleep(for: pause) }
                if let failure { throw failure }
                return Receipt(reference: "SM\(count)")
            },
            record: {
                DispatchRecord(
                    reference: $0.reference, summary: "Text message sent: \(text)", type: .sms, metadata: [:])
            })
    }

    func status() async throws -> [String] {
        try await contacts.database.run {
            try $0.query("SELECT status FROM outbox ORDER BY created_at, id").map { try $0.get(0) }
        }
    }
}

private let lost = UncertainOutcome(AtlasError(.upstreamError, "no clear answer", retryable: false))

struct OutboxTests {
    @Test func aRepeatWithTheSameKeyGetsTheFirstOutcomeAndSendsNothing() async throws {
        let kit = try await Kit()
        let first = try await kit.send(key: "a")
        let again = try await kit.send(key: "a")
        #expect(first.outcome == again.outcome && !first.replayed && again.replayed)
        #expect(kit.sent.value == 1)
        #expect(await refusal { try await kit.send("other", key: "a") } == "conflict idempotency_key")
        #expect(kit.sent.value == 1)
        #expect(try await kit.status() == ["sent"])
    }

    @Test func withoutAKeyEachCallSends() async throws {
        let kit = try await Kit()
        try await kit.send()
        try await kit.send()
        #expect(kit.sent.value == 2)
    }

    @Test func manyAtOnceWithOneKeySendOnceAndAllHearOfIt() async throws {
        let kit = try await Kit()
        let outcomes = try await withThrowingTaskGroup(of: DoneOnce<Kit.Receipt>.self) { group in
            for _ in 0..<12 { group.addTask { try await kit.send(key: "a", after: .milliseconds(150)) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(kit.sent.value == 1)
        #expect(Set(outcomes.map(\.outcome.reference)) == ["SM1"])
        #expect(outcomes.count { !$0.replayed } == 1)
    }

    @Test func whatMayHaveLeftIsNeverSentAgain() async throws {
        let kit = try await Kit()
        #expect(await refusal { try await kit.send(key: "a", failing: lost) } == "upstream_error")
        #expect(await refusal { try await kit.send(key: "a") } == "conflict idempotency_key")
        #expect(kit.sent.value == 1)
        #expect(try await kit.status() == ["unknown"])
    }

    @Test func whatCertainlyDidNotLeaveMayBeTriedAgain() async throws {
        let kit = try await Kit()
        #expect(
            await refusal { try await kit.send(key: "a", failing: AtlasError(.rateLimited, "slower")) }
                == "rate_limited")
        #expect(try await kit.status() == ["failed"])
        #expect(try await !kit.send(key: "a").replayed)
        #expect(kit.sent.value == 2)
        #expect(try await kit.status() == ["sent"])
    }

    @Test func aServerThatDiedInBetweenLeavesAnUnknownOutcome() async throws {
        let kit = try await Kit()
        try await kit.send(key: "a")
        try await kit.contacts.execute(
            "UPDATE outbox SET status = 'sending', outcome = NULL, settled_at = NULL, created_at = now() - interval '3 minutes'"
        )
        #expect(await refusal { try await kit.send(key: "a") } == "conflict idempotency_key")
        #expect(kit.sent.value == 1)
        #expect(try await kit.status() == ["unknown"])
    }

    @Test func aCallerWhoGoesAwayDoesNotMakeTheRecordLie() async throws {
        let kit = try await Kit()
        let call = Task { try await kit.send(key: "a", after: .milliseconds(300)) }
        while kit.sent.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
        call.cancel()
        _ = try? await call.value
        #expect(try await kit.status() == ["sent"])
        #expect(try await kit.send(key: "a").replayed)
        #expect(kit.sent.value == 1)
    }

    @Test func aCallerWhoWentAwayBeforeSendsNothing() async throws {
        let kit = try await Kit()
        let call = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await kit.send()
        }
        await #expect(throws: (any Error).self) { try await call.value }
        #expect(kit.sent.value == 0)
    }

    @Test func theDaysLimitHoldsForCallersAtOnce() async throws {
        let kit = try await Kit()
        let sent = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 { group.addTask { (try? await kit.send(limit: 3)) != nil } }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(sent == 3 && kit.sent.value == 3)
        #expect(await refusal { try await kit.send(limit: 3) } == "permission_denied")
    }

    @Test(arguments: ["do-not-contact", "Do_Not_Contact"])
    func whoWantsNoContactIsLeftAlone(_ tag: String) async throws {
        let kit = try await Kit()
        _ = try await kit.contacts.contacts.create(ContactDraft(fullName: "Ann", phone: "217 555 0134", tags: [tag]))
        #expect(await refusal { try await kit.send() } == "permission_denied to")
        #expect(kit.sent.value == 0)
        #expect(try await kit.status() == [])
    }

    @Test func whatGoesToAKnownNumberIsInItsHistoryOnce() async throws {
        let kit = try await Kit()
        let ann = try await kit.contacts.contacts.create(ContactDraft(fullName: "Ann", phone: "217 555 0134")).contact
        try await kit.send(key: "a")
        try await kit.send(key: "a")
        try await kit.send(to: "+12175550199")
        let history = try await kit.contacts.contacts.interactions(of: ann.id)
        #expect(history.map(\.summary) == ["Text message sent: hello"] && history.map(\.interactionType) == ["sms"])
        #expect(try await kit.contacts.count("contact_interactions") == 1)
        #expect(kit.contacts.changed.all.last == ann.id)
    }

    @Test func amongTheContactsOfSeveralBusinessesItIsOurs() async throws {
        let kit = try await Kit(businessContextID: "shop")
        let other = try await kit.contacts.contacts.create(
            ContactDraft(fullName: "Ann", phone: "217 555 0134", businessContextID: "clinic")
        ).contact
        try await kit.send()
        #expect(try await kit.contacts.contacts.interactions(of: other.id).isEmpty)
        let own = try await kit.contacts.contacts.create(ContactDraft(fullName: "Ann", phone: "217 555 0134")).contact
        try await kit.send()
        #expect(try await kit.contacts.contacts.interactions(of: own.id).count == 1)
    }

    @Test func withoutItsDatabaseNothingLeaves() async throws {
        let server = await PostgresServer.launch()
        defer { server.stop() }
        let base = try await TestDatabase(on: server)
        let outbox = Outbox(database: base.open(), businessContextID: nil, logger: .silent, changed: { _ in })
        let sent = Shared(0)
        server.kill()
        let said = await refusal {
            try await outbox.dispatch(
                Dispatch(
                    .sms, tool: "send_sms", to: ["+12175550134"], arguments: [:], idempotencyKey: nil,
                    provider: "double"),
                send: { Kit.Receipt(reference: "SM\(sent.count())") },
                record: { DispatchRecord(reference: $0.reference, summary: "", type: .sms, metadata: [:]) })
        }
        #expect(said == "unavailable")
        #expect(sent.value == 0)
    }

    @Test func everyLookUsesAnIndex() async throws {
        let kit = try await ContactsKit()
        let limit = Dispatch.Limit(most: 1, since: Date(), setting: "LIMIT")
        let looks = [
            try Dispatch(
                .sms, tool: "send_sms", to: ["+12175550134"], arguments: [:], idempotencyKey: "a", provider: "double",
                limit: limit),
            try Dispatch(
                .email, tool: "send_email", to: ["a@b.org"], arguments: [:], idempotencyKey: "a", provider: "double",
                limit: limit),
        ]
        let plans = try await kit.database.transaction { transaction in
            try transaction.execute("SET LOCAL enable_seqscan = off")
            return try looks.flatMap { OutboxLook($0).queries }.map { query in
                try transaction.query("EXPLAIN \(query)").map { try $0.get(0, as: String.self) }.joined(separator: "\n")
            }
        }
        #expect(plans.count == 8)
        for plan in plans { #expect(!plan.contains("Seq Scan"), "\(plan)") }
    }
}
