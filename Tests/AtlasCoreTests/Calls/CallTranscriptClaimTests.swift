import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// One worker at a time has a call.
@Suite struct CallTranscriptClaimTests {
    private static let callSID = "CA00000000000000000000000000000001"
    private let facts = WrittenCalls.inbound(callSID, from: "+12175550134")

    private func isMine(_ claim: CallClaim) -> Bool {
        guard case .mine = claim else { return false }
        return true
    }

    @Test(arguments: ["no row", "one row", "rows of another program"])
    func ofManyWorkersThatTakeACallAtOnceOneHasIt(before: String) async throws {
        let calls = try await WrittenCalls()
        switch before {
        case "one row": try await calls.write(facts)
        case "rows of another program":
            for number in 1...3 { try await calls.insertAsReference(Self.callSID, summary: "row \(number)") }
        default: break
        }
        let rows = try await calls.kit.count("call_transcripts")
        // Each has a pool of its own, as processes have.
        let processes = (0..<4).map { _ in
            CallTranscripts(contacts: Contacts(database: calls.kit.base.open()))
        }
        let claims = try await withThrowingTaskGroup(of: CallClaim.self) { group in
            for worker in 0..<16 {
                group.addTask { try await processes[worker % 4].claim(facts, by: UUID(), for: .seconds(30)) }
            }
            return try await group.reduce(into: [CallClaim]()) { $0.append($1) }
        }
        #expect(claims.count { isMine($0) } == 1)
        let ids = claims.map { claim in
            switch claim {
            case .mine(let row), .busy(let row): row.id
            }
        }
        #expect(Set(ids).count == 1, "all mean the same row")
        #expect(try await calls.kit.count("call_transcripts") == max(rows, 1))
        #expect(try await calls.kit.count("call_transcripts", where: "worked_call_sid IS NOT NULL") == 1)
    }

    @Test func whoHasACallMayTakeItAgain() async throws {
        let calls = try await WrittenCalls()
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        #expect(try await calls.take(facts, worker) == id)
        #expect(!isMine(try await calls.store.claim(facts, by: UUID(), for: .seconds(30))))
    }

    @Test func aWorkerThatSaysNothingLosesTheCallAndWhatItBringsThen() async throws {
        let calls = try await WrittenCalls()
        let (slow, quick) = (UUID(), UUID())
        let id = try await calls.take(facts, slow, for: .milliseconds(50))
        _ = try await calls.store.keepTranscript("What the slow one heard.", of: id, by: slow)
        try await Task.sleep(for: .milliseconds(120))
        #expect(try await calls.take(facts, quick) == id)
        let kept = try await calls.store.keepTranscript("What the quick one heard.", of: id, by: quick)

        #expect(try await calls.store.keepClaim(id, by: slow, for: .seconds(30)) == false)
        #expect(await refusal { try await calls.store.begin(.extraction, of: id, by: slow) } == "conflict call_sid")
        #expect(
            await refusal { try await calls.store.keepTranscript("late", of: id, by: slow) } == "conflict call_sid")
        #expect(
            await refusal {
                try await calls.store.keepExtraction(
                    ExtractedCall(customerName: "Late"), summary: nil, proposedActions: [], of: id, by: slow)
            } == "conflict call_sid")
        #expect(
            await refusal { try await calls.store.fail(.extraction, "late", of: id, by: slow) } == "conflict call_sid")
        try await calls.store.release(id, by: slow)
        #expect(!isMine(try await calls.store.claim(facts, by: UUID(), for: .seconds(30))), "it was not his to give")
        #expect(try await calls.store.get(Self.callSID) == kept)
    }

    @Test func aWorkerThatIsStillThereKeepsTheCall() async throws {
        let calls = try await WrittenCalls()
        let worker = UUID()
        let id = try await calls.take(facts, worker, for: .milliseconds(200))
        #expect(try await calls.store.keepClaim(id, by: worker, for: .seconds(30)))
        try await Task.sleep(for: .milliseconds(300))
        #expect(!isMine(try await calls.store.claim(facts, by: UUID(), for: .seconds(30))))
        try await calls.store.release(id, by: worker)
        #expect(isMine(try await calls.store.claim(facts, by: UUID(), for: .seconds(30))))
    }

    @Test func whoeverTakesACallThatOthersWroteDownWorksOnTheOldestRow() async throws {
        let calls = try await WrittenCalls()
        try await calls.insertAsReference(Self.callSID, summary: "the first")
        try await calls.insertAsReference(Self.callSID, summary: "the second")
        #expect(try await calls.store.get(Self.callSID)?.summary == "the first")
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        _ = try await calls.store.keepTranscript("Hello.", of: id, by: worker)
        let row = try await calls.store.get(Self.callSID)
        #expect(row?.summary == "the first")
        #expect(row?.transcript == "Hello.")
        // Another program goes on writing rows of its own.
        try await calls.insertAsReference(Self.callSID, summary: "the third")
        #expect(try await calls.store.get(Self.callSID)?.id == id)
    }
}
