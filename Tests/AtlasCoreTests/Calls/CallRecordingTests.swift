import AtlasCore
import Foundation
import TestSupport
import Testing

/// How the recording of a call is come by.
@Suite struct CallRecordingTests {
    @Test func aRecordingThatIsNotReadyIsWaitedFor() async throws {
        try await withCalls(OneCallProvider(CallKit.call(), notReady: 3)) { kit in
            let pauses = Shared<[Duration]>([])
            let outcome = try await kit.intelligence(sleep: { pause in pauses.update { $0.append(pause) } })
                .process(CallKit.callSID)
            #expect(outcome.callTranscript?.status == "ready")
            #expect(kit.provider.downloads == 4)
            #expect(pauses.value == [.seconds(1), .seconds(1.5), .seconds(2.25)])
            #expect(kit.files.isEmpty)
        }
    }

    @Test func theNewestCompletedRecordingIsTaken() async throws {
        func recording(_ sid: String, _ status: String, _ time: Double) -> Recording {
            Recording(
                recordingSID: sid, callSID: CallKit.callSID, status: status,
                dateCreated: Date(timeIntervalSince1970: time))
        }
        let recordings = [
            recording("RE1", "completed", 1), recording("RE3", "completed", 3), recording("RE4", "in-progress", 4),
            recording("RE2", "completed", 2),
        ]
        try await withCalls(OneCallProvider(CallKit.call(), recordings: recordings)) { kit in
            _ = try await kit.intelligence().process(CallKit.callSID)
            #expect(kit.asr.requests.first?.text.contains("RIFF of RE3") == true)
        }
    }

    @Test(
        arguments: [
            ([], nil, "not_found call_sid"), (["absent"], nil, "not_found call_sid"),
            (["processing"], nil, "unavailable"),
            ([], 3600.0, "not_found call_sid"),
        ] as [([String], Double?, String)])
    func aRecordingThatDoesNotComeEndsTheWait(statuses: [String], endedAgo: Double?, code: String) async throws {
        let recordings = statuses.map { Recording(recordingSID: "RE1", callSID: CallKit.callSID, status: $0) }
        let end = endedAgo.map { Date(timeIntervalSinceNow: -$0) }
        try await withCalls(OneCallProvider(CallKit.call(end: end), recordings: recordings)) { kit in
            let waited = Shared(Duration.zero)
            let intelligence = kit.intelligence(sleep: { pause in waited.update { $0 += pause } })
            #expect(await refusal { try await intelligence.process(CallKit.callSID) } == code)
            #expect(waited.value == (endedAgo != nil || statuses == ["absent"] ? .zero : .seconds(90)))
            let row = try #require(try await kit.row())
            #expect((row.status, row.failedStep) == ("error", "recording"))
        }
    }

    @Test func waitingIsCancelledAtOnceAndIsNoFailure() async throws {
        try await withCalls(OneCallProvider(CallKit.call(), recordings: [])) { kit in
            let intelligence = kit.intelligence(sleep: { try await Task.sleep(for: $0) })
            let task = Task { try await intelligence.process(CallKit.callSID) }
            while kit.provider.listings == 0 { try await Task.sleep(for: .milliseconds(5)) }
            let started = ContinuousClock.now
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - started < .seconds(2))
            let row = try #require(try await kit.row())
            #expect(row.status != "error")
            #expect(row.errorMessage == nil)
            // Free at once for the next.
            guard
                case .mine = try await kit.store.claim(
                    CallFacts(callSID: CallKit.callSID), by: UUID(), for: .seconds(30))
            else {
                Issue.record("the call is still taken")
                return
            }
        }
    }
}
