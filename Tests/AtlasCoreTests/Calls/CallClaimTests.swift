import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// One worker at a time has a call, and nothing of its work is lost.
@Suite struct CallClaimTests {
    private let facts = CallFacts(
        callSID: "CA1", fromNumber: "(217) 555-0134", toNumber: "+12175550100", direction: .inbound, durationSeconds: 61
    )

    @Test func ofManyWhoWantACallOneGetsIt() async throws {
        let desk = try await CallDesk()
        // Each has pools of its own, as processes have.
        let stores = (0..<4).map { _ in CallTranscripts(contacts: Contacts(database: desk.kit.base.open())) }
        let facts = facts
        let claims = try await withThrowingTaskGroup(of: CallClaim.self) { group in
            for index in 0..<16 {
                group.addTask { try await stores[index % 4].claim(facts, by: UUID(), for: .seconds(30)) }
            }
            return try await group.reduce(into: [CallClaim]()) { $0.append($1) }
        }
        let (mine, busy) = claims.reduce(into: (0, 0)) { if case .mine = $1 { $0.0 += 1 } else { $0.1 += 1 } }
        #expect(mine == 1)
        #expect(busy == 15)
        #expect(try await desk.kit.count("call_transcripts") == 1)
    }

    @Test func aClaimEndsByItselfAndWhatItsWorkerWritesThenIsRefused() async throws {
        let desk = try await CallDesk()
        let (early, late) = (UUID(), UUID())
        let row = try desk.mine(await desk.store.claim(facts, by: early, for: .seconds(300)))
        guard case .busy = try await desk.store.claim(facts, by: late, for: .seconds(300)) else {
            Issue.record("two have the call")
            return
        }
        try await desk.kit.execute("UPDATE call_transcripts SET claimed_until = clock_timestamp() - interval '1 ms'")
        _ = try desk.mine(await desk.store.claim(facts, by: late, for: .seconds(300)))

        let store = desk.store
        #expect(try await !store.keepClaim(row.id, by: early, for: .seconds(30)))
        #expect(await refusal { try await store.begin(.extraction, of: row.id, by: early) } == "conflict call_sid")
        #expect(await refusal { try await store.keepTranscript("x", of: row.id, by: early) } == "conflict call_sid")
        #expect(
            await refusal {
                try await store.keepExtraction(
                    ExtractedCall(), summary: nil, proposedActions: [], of: row.id, by: early)
            } == "conflict call_sid")
        #expect(await refusal { try await store.fail(.extraction, "no", of: row.id, by: early) } == "conflict call_sid")
        try await store.release(row.id, by: early)
        let kept = try #require(try await store.get("CA1"))
        #expect(kept.status == "pending")
        #expect(kept.transcript == nil)
        // The release was of a claim that is lost.
        #expect(try await store.keepClaim(row.id, by: late, for: .seconds(30)))
    }

    @Test func aClaimIsAsLongAsItWasAskedFor() async throws {
        let desk = try await CallDesk()
        _ = try desk.mine(await desk.store.claim(facts, by: UUID(), for: .milliseconds(50)))
        try await Task.sleep(for: .milliseconds(100))
        _ = try desk.mine(await desk.store.claim(facts, by: UUID(), for: .seconds(90)))
        let left = try await desk.kit.count(
            "call_transcripts", where: "claimed_until - clock_timestamp() BETWEEN interval '30 s' AND interval '90 s'")
        #expect(left == 1)
    }

    @Test func aWorkerThatSaysItIsThereKeepsTheCallAndAReleasedOneIsFree() async throws {
        let desk = try await CallDesk()
        let (first, second) = (UUID(), UUID())
        let row = try desk.mine(await desk.store.claim(facts, by: first, for: .milliseconds(60)))
        #expect(try await desk.store.keepClaim(row.id, by: first, for: .seconds(30)))
        try await Task.sleep(for: .milliseconds(120))
        guard case .busy(let seen) = try await desk.store.claim(facts, by: second, for: .seconds(1)) else {
            Issue.record("the claim that was renewed is lost")
            return
        }
        #expect(seen.id == row.id)
        // Its own again.
        _ = try desk.mine(await desk.store.claim(facts, by: first, for: .seconds(30)))
        try await desk.store.release(row.id, by: first)
        _ = try desk.mine(await desk.store.claim(facts, by: second, for: .seconds(30)))
    }

    @Test func factsFillOnlyWhatIsMissing() async throws {
        let desk = try await CallDesk(businessContextID: "prairie")
        let worker = UUID()
        let started = Date(timeIntervalSince1970: 1_795_000_000)
        let hidden = CallFacts(callSID: "CA1", fromNumber: "+266696687", direction: .inbound)
        let first = try desk.mine(await desk.store.claim(hidden, by: worker, for: .seconds(30)))
        #expect(first.fromNumber == "")
        #expect(first.businessContextID == "prairie")
        var more = facts
        more.startedAt = started
        more.toNumber = "555-0100"
        let second = try desk.mine(await desk.store.claim(more, by: worker, for: .seconds(30)))
        #expect(second.fromNumber == "+12175550134")
        #expect(second.toNumber == "555-0100")
        #expect(second.durationSeconds == 61)
        #expect(second.startedAt == started)
        let others = CallFacts(
            callSID: "CA1", fromNumber: "+12175550199", toNumber: "+12175550198", direction: .outbound,
            durationSeconds: 5, startedAt: Date(), businessContextID: "lakeside")
        let third = try desk.mine(await desk.store.claim(others, by: worker, for: .seconds(30)))
        #expect(third == second)
    }

    @Test func whatDoesNotFitIsRefusedByNameOrCut() async throws {
        let desk = try await CallDesk()
        func refused(_ facts: CallFacts) async -> String {
            await refusal { try await desk.store.claim(facts, by: UUID(), for: .seconds(1)) }
        }
        #expect(await refused(CallFacts(callSID: " ")) == "invalid_argument call_sid")
        #expect(await refused(CallFacts(callSID: String(repeating: "x", count: 129))) == "invalid_argument call_sid")
        #expect(await refused(CallFacts(callSID: "CA1", durationSeconds: -1)) == "invalid_argument duration_seconds")
        let long = String(repeating: "x", count: 65)
        #expect(
            await refused(CallFacts(callSID: "CA1", businessContextID: long)) == "invalid_argument business_context_id")
        let sip = "sip:" + String(repeating: "a", count: 300) + "@example.com"
        let row = try desk.mine(
            await desk.store.claim(CallFacts(callSID: "CA2", fromNumber: sip), by: UUID(), for: .seconds(1)))
        #expect(row.fromNumber == String(sip.prefix(32)))
    }

    @Test func ofSeveralRowsThatAReferenceServerWroteTheOldestIsWorkedOn() async throws {
        let desk = try await CallDesk()
        try await desk.insertAsReference("CA1", age: 10)
        let oldest = try await desk.insertAsReference("CA1", age: 20)
        #expect(try await desk.store.get("CA1")?.id == oldest)
        let row = try desk.mine(await desk.store.claim(facts, by: UUID(), for: .seconds(30)))
        #expect(row.id == oldest)
        // One that turns up later, however old it says it is, does not take its place.
        try await desk.insertAsReference("CA1", age: 30)
        #expect(try await desk.store.get("CA1")?.id == oldest)
        #expect(try await desk.kit.count("call_transcripts") == 3)
    }

    @Test func aFailureKeepsWhatWasDoneAndFreesTheCall() async throws {
        let desk = try await CallDesk()
        let worker = UUID()
        let row = try desk.mine(await desk.store.claim(facts, by: worker, for: .seconds(30)))
        try await desk.store.begin(.transcription, of: row.id, by: worker)
        #expect(try await desk.store.get("CA1")?.status == "transcribing")
        let kept = try await desk.store.keepTranscript("Hi,\u{0} I am\u{200B} Ann.\r\nBye.", of: row.id, by: worker)
        #expect(kept.transcript == "Hi, I am Ann.\nBye.")
        #expect(kept.transcribedAt != nil)
        try await desk.store.begin(.extraction, of: row.id, by: worker)
        try await desk.store.fail(.extraction, "The model\u{0} is away.", of: row.id, by: worker)
        let failed = try #require(try await desk.store.get("CA1"))
        #expect(failed.status == "error")
        #expect(failed.failedStep == "extraction")
        #expect(failed.errorMessage == "The model is away.")
        #expect(failed.transcript == kept.transcript)

        let next = UUID()
        _ = try desk.mine(await desk.store.claim(facts, by: next, for: .seconds(30)))
        try await desk.store.begin(.extraction, of: row.id, by: next)
        let again = try #require(try await desk.store.get("CA1"))
        #expect(again.status == "extracting")
        #expect(again.failedStep == nil && again.errorMessage == nil)
    }

    @Test func whatWasUnderstoodIsKeptCleanAndWithinItsBounds() async throws {
        let desk = try await CallDesk()
        let worker = UUID()
        let row = try desk.mine(await desk.store.claim(facts, by: worker, for: .seconds(30)))
        let extracted = ExtractedCall(
            customerName: "Ann\u{0}\u{202E} Lee", intent: "Estimate Request",
            notes: String(repeating: "n", count: 50_000))
        var deep: JSON = "end"
        for _ in 0..<200 { deep = ["in": deep] }
        let actions: [JSON] =
            [["type": "call\u{0}back", "na\u{0}me": [1, "\u{200B}x"]], deep]
            + (0..<300).map { ["n": .integer($0), "text": .string(String(repeating: "y", count: 2000))] }
        let kept = try await desk.store.keepExtraction(
            extracted, summary: String(repeating: "s", count: 30_000) + "\u{0}", proposedActions: actions, of: row.id,
            by: worker)
        #expect(kept.extractedData["customer_name"] == "Ann Lee")
        #expect(kept.extractedData["intent"] == "estimate_request")
        #expect(kept.summary?.count == 10_000)
        #expect(kept.proposedActions.first?["type"] == "callback" && kept.proposedActions.first?["name"] == [1, "x"])
        #expect(JSON.array(kept.proposedActions).bytes.count < 70_000)
        #expect(kept.proposedActions.count > 10)
        #expect(kept.processedAt != nil)

        let tooLong = String(repeating: "z", count: 1_000_001)
        let refused = await refusal { try await desk.store.keepTranscript(tooLong, of: row.id, by: worker) }
        #expect(refused == "invalid_argument transcript")
        let text = String(tooLong.dropLast())
        let whole = try await desk.store.keepTranscript(text, of: row.id, by: worker)
        #expect(whole.transcript?.utf8.count == 1_000_000)
        // Listed, it fits a result.
        let listed = try await desk.store.list()
        #expect(listed.count == 1)
        #expect(listed.allSatisfy { ($0.transcript?.utf8.count ?? 0) < 3000 })
    }

    @Test func anotherTranscriptIsToBeUnderstoodAnew() async throws {
        let desk = try await CallDesk()
        let worker = UUID()
        let row = try desk.mine(await desk.store.claim(facts, by: worker, for: .seconds(30)))
        _ = try await desk.store.keepTranscript("One.", of: row.id, by: worker)
        _ = try await desk.store.keepExtraction(
            ExtractedCall(), summary: "S", proposedActions: [], of: row.id, by: worker)
        #expect(try await desk.store.keepTranscript("One.", of: row.id, by: worker).processedAt != nil)
        #expect(try await desk.store.keepTranscript("Two.", of: row.id, by: worker).processedAt == nil)
    }

    @Test func listsAreNewestFirstOfAContactOrOfAStatus() async throws {
        let desk = try await CallDesk()
        let ann = try await desk.take("CA1", from: "+12175550134").contact!
        try await desk.take("CA2", from: "+12175550135")
        try await desk.take("CA3", from: "+12175550134")
        try await desk.write("CA4", from: "+12175550134")
        #expect(try await desk.store.list().map(\.callSID) == ["CA4", "CA3", "CA2", "CA1"])
        #expect(try await desk.store.list(contactID: ann.id).map(\.callSID) == ["CA3", "CA1"])
        #expect(try await desk.store.list(status: .ready, limit: 2).map(\.callSID) == ["CA3", "CA2"])
        #expect(try await desk.store.list(contactID: ann.id, status: .error).isEmpty)
        #expect(try await desk.store.unfinished().map(\.callSID) == ["CA4"])
        #expect(await refusal { try await desk.store.list(limit: 201) } == "invalid_argument limit")

        let claimed = CallFacts(callSID: "CA4")
        _ = try await desk.store.claim(claimed, by: UUID(), for: .seconds(30))
        #expect(try await desk.store.unfinished().isEmpty)
    }
}
