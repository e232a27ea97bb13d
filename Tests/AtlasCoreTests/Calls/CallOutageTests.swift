import Foundation
import JSON
import Logging
import TestSupport
import Testing

@testable import AtlasCore

/// A database that dies in the middle of the work on a call.
@Suite struct CallOutageTests {
    /// A database server of its own, with Atlas's tables, that a test may kill.
    private func withServer(_ body: (PostgresServer, CallKit, Killer) async throws -> Void) async throws {
        let server = await PostgresServer.launch()
        defer { server.stop() }
        let database = try await TestDatabase(on: server).open { connection in
            try Migrator(
                settings: ["atlas.default_region": "US", "atlas.calling_code": "1"], logger: Logger.silent
            ).migrate(connection)
        }
        let killer = Killer(server)
        let provider = OneCallProvider(CallKit.call(), onDownload: { killer.reached(.recording) })
        let kit = CallKit(Contacts(database: database), database, provider: provider)
        kit.asr.answering { _, _ in
            killer.reached(.transcription)
            return .json(JSON.object(["text": .string(CallKit.transcript)]).written)
        }
        kit.llm.answering { _, _ in
            killer.reached(.extraction)
            return .json(CallKit.completion(CallKit.answer))
        }
        try await body(server, kit, killer)
        await kit.stop()
        await database.close()
    }

    /// Kills a server when a step is reached, once.
    final class Killer: Sendable {
        private let server: PostgresServer
        private let aim = Shared<CallStep?>(nil)
        init(_ server: PostgresServer) { self.server = server }

        func aim(at step: CallStep) { aim.update { $0 = step } }

        func reached(_ step: CallStep) {
            let hits = aim.update { aim -> Bool in
                defer { if aim == step { aim = nil } }
                return aim == step
            }
            if hits { server.kill() }
        }
    }

    private var limits: CallIntelligence.Limits {
        var limits = CallIntelligence.Limits()
        // What a worker that died leaves ends soon.
        limits.claim = .seconds(2)
        limits.claimRenewal = .milliseconds(500)
        return limits
    }

    @Test(arguments: CallStep.allCases)
    func whatWasKeptIsNotLostAndTheNextRunCompletesIt(step: CallStep) async throws {
        try await withServer { server, kit, killer in
            killer.aim(at: step)
            let intelligence = kit.intelligence(
                limits: limits, sleep: { _ in try await Task.sleep(for: .milliseconds(50)) })
            let told = await message {
                try await intelligence.process(CallKit.callSID) { if $0 == .linking { killer.reached(.linking) } }
            }
            #expect(told.contains(" failed: "), "\(told)")
            #expect(told.hasSuffix("; run process_call again to go on from there."))
            #expect(kit.files.isEmpty)

            server.start()
            let left = try await kit.row()
            #expect((left?.transcript != nil) == (step == .extraction || step == .linking))
            let outcome = try await intelligence.process(CallKit.callSID)
            #expect(outcome.callTranscript?.status == "ready")
            #expect(outcome.callTranscript?.transcript == CallKit.transcript)
            #expect(outcome.contact?.fullName == "Ann Lee")
            #expect(try await kit.interactions() == 1)
            // Only what could not be written down was done twice.
            #expect(kit.provider.downloads == (step == .recording || step == .transcription ? 2 : 1))
            #expect(kit.llm.requests.count == (step == .extraction ? 2 : 1))
        }
    }

    @Test func aTranscriptThatIsSavedOutlivesALinkingThatFails() async throws {
        try await withServer { server, kit, killer in
            killer.aim(at: .extraction)
            let facts = CallFacts(callSID: CallKit.callSID, fromNumber: "+12175550134", direction: .inbound)
            let intelligence = kit.intelligence(
                limits: limits, sleep: { _ in try await Task.sleep(for: .milliseconds(50)) })
            let told = await message { try await intelligence.save(facts, transcript: CallKit.transcript) }
            #expect(told.hasPrefix("The extraction failed: "), "\(told)")
            server.start()
            #expect(try await kit.row()?.transcript == CallKit.transcript)
            let outcome = try await intelligence.save(facts, transcript: CallKit.transcript)
            #expect(outcome.contact?.fullName == "Ann Lee")
            #expect(outcome.steps == [.extraction, .linking])
            #expect(try await kit.interactions() == 1)
        }
    }
}
