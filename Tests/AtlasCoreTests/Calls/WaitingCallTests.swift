import AtlasCore
import Foundation
import TestSupport
import Testing

@Suite struct WaitingCallTests {
    @Test func callsWaitUntilTheirWorkIsDone() async throws {
        let day = Date(timeIntervalSince1970: 1_790_000_000)
        let recordings = [
            Recording(recordingSID: "RE3", callSID: CallKit.callSID, status: "completed", dateCreated: day + 60),
            Recording(recordingSID: "RE2", callSID: "CAbusy", status: "failed", dateCreated: day),
            Recording(
                recordingSID: "RE1", callSID: CallKit.callSID, status: "completed", duration: 65, dateCreated: day),
            Recording(recordingSID: "RE0", callSID: "CAold", status: "completed", dateCreated: day - 60),
        ]
        let provider = OneCallProvider(CallKit.call(), recordings: recordings)
        try await withCalls(provider) { kit in
            let calls = kit.intelligence()
            #expect(
                try await calls.waiting(since: day) == [
                    WaitingCall(callSID: CallKit.callSID, since: day, duration: 65)
                ])
            _ = try await calls.process(CallKit.callSID)
            #expect(try await calls.waiting(since: day).isEmpty)
            await #expect(throws: AtlasError.self) { try await kit.intelligence(isEnabled: false).waiting(since: day) }
        }
    }
}
