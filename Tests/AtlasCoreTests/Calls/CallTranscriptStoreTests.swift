import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// The store of calls beside other programs, and against what they and callers put into it.
@Suite struct CallTranscriptStoreTests {
    private let facts = CallFacts(callSID: "CA1", fromNumber: CallDesk.line, direction: .inbound)

    /// Several rows of one call are the hard case: all workers must mean the same one.
    @Test func ofManyWorkersThatTakeACallThatAnotherProgramWroteDownOneHasIt() async throws {
        let desk = try await CallDesk()
        for age in 1...3 { try await desk.insertAsReference("CA1", age: age) }
        let stores = (0..<4).map { _ in CallTranscripts(contacts: Contacts(database: desk.kit.base.open())) }
        let facts = facts
        let claims = try await withThrowingTaskGroup(of: CallClaim.self) { group in
            for worker in 0..<16 {
                group.addTask { try await stores[worker % 4].claim(facts, by: UUID(), for: .seconds(30)) }
            }
            return try await group.reduce(into: [CallClaim]()) { $0.append($1) }
        }
        let rows = claims.map { claim in
            switch claim {
            case .mine(let row), .busy(let row): row.id
            }
        }
        #expect(claims.count { if case .mine = $0 { true } else { false } } == 1)
        #expect(Set(rows).count == 1)
        #expect(try await desk.kit.count("call_transcripts") == 3)
        #expect(try await desk.kit.count("call_transcripts", where: "worked_call_sid IS NOT NULL") == 1)
    }

    @Test(arguments: CallStep.allCases)
    func aFailureSaysAtWhichStepAndLeavesEverythingElse(step: CallStep) async throws {
        let desk = try await CallDesk()
        let kept = try await desk.write("CA1", summary: "A call.", ExtractedCall(customerName: "Ann Lee"))
        let worker = UUID()
        _ = try desk.mine(await desk.store.claim(facts, by: worker, for: .seconds(30)))
        try await desk.store.fail(
            step, "The line\u{0} was \u{202E}cut. " + String(repeating: "x", count: 9000), of: kept.id, by: worker)
        let failed = try #require(try await desk.store.get("CA1"))
        #expect(failed.status == "error")
        #expect(failed.failedStep == step.rawValue)
        #expect(failed.errorMessage.map { $0.hasPrefix("The line was cut. x") && $0.count <= 2000 } == true)
        var same = failed
        (same.status, same.failedStep, same.errorMessage) = (kept.status, nil, nil)
        #expect(same == kept)

        let link = try await desk.linker.link("CA1")
        #expect(link.contact?.fullName == "Ann Lee")
        #expect(link.transcript.status == "ready")
        #expect(link.transcript.failedStep == nil)
        #expect(link.transcript.errorMessage == nil)
    }

    @Test func aCallInWhichNothingWasSaidIsNotACallWithoutATranscript() async throws {
        let desk = try await CallDesk()
        let worker = UUID()
        let row = try desk.mine(await desk.store.claim(facts, by: worker, for: .seconds(30)))
        #expect(row.transcript == nil)
        #expect(try await desk.store.keepTranscript(" \n\u{200B}", of: row.id, by: worker).transcript == "")
        #expect(try await desk.store.get("CA1")?.transcript == "")
    }

    @Test func whatCallersSayIsNeverSQL() async throws {
        let desk = try await CallDesk()
        let worker = UUID()
        let sid = "'); DROP TABLE call_transcripts; --"
        let row = try desk.mine(await desk.store.claim(CallFacts(callSID: sid), by: worker, for: .seconds(30)))
        let text = "Caller:\t\"x\\'); DROP TABLE contacts; -- $1 :n %s {} \u{1F9F9}"
        #expect(try await desk.store.keepTranscript(text, of: row.id, by: worker).transcript == text)
        #expect(try await desk.store.get(sid)?.transcript == text)
        #expect(try await desk.store.get("CA404") == nil)
    }

    @Test(arguments: ["null", "[]", "7", #""none""#, #"{"customer_name": {"a": [null]}}"#])
    func aRowWhoseDataHasAnyShapeIsRead(data: String) async throws {
        let desk = try await CallDesk()
        try await desk.insertAsReference("CA1")
        try await desk.kit.execute(
            """
            UPDATE call_transcripts SET extracted_data = \(data)::text::jsonb, proposed_actions = \(data)::text::jsonb,
                notified = NULL, duration_seconds = -5
            """)
        let row = try #require(try await desk.store.get("CA1"))
        #expect(ExtractedCall(reading: row.extractedData) == ExtractedCall())
        #expect(row.proposedActions.isEmpty)
        #expect(!row.notified)
        #expect(try await desk.store.list() == [row])
    }

    @Test(arguments: [0, -1, 201, .max, .min])
    func aLimitOutOfRangeIsRefused(limit: Int) async throws {
        let desk = try await CallDesk()
        #expect(await refusal { try await desk.store.list(limit: limit) } == "invalid_argument limit")
    }
}
