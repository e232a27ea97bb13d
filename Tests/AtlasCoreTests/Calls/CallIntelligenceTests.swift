import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct CallIntelligenceTests {
    @Test func aCallBecomesAnInteractionOfItsContact() async throws {
        try await withCalls { kit in
            let steps = Shared<[CallStep]>([])
            let outcome = try await kit.intelligence().process(CallKit.callSID) { step in
                steps.update { $0.append(step) }
            }
            #expect(outcome.contact?.fullName == "Ann Lee")
            #expect(outcome.contact?.phone == "+12175550134")
            #expect(outcome.contactCreated)
            #expect(outcome.steps == CallStep.allCases)
            #expect(steps.value == CallStep.allCases)
            #expect(outcome.warnings.isEmpty)
            let row = try #require(outcome.callTranscript)
            #expect(row.status == "ready")
            #expect(row.transcript == CallKit.transcript)
            #expect(row.summary == "Ann Lee wants a quote.")
            #expect(row.contactID == outcome.contact?.id)
            #expect((row.fromNumber, row.toNumber) == ("+12175550134", "+12175550100"))
            #expect((row.direction, row.durationSeconds) == ("inbound", 65))
            #expect(try await kit.interactions() == 1)
            #expect(kit.provider.paths.allSatisfy { $0.hasPrefix(kit.folder + "/call-") })
            #expect(kit.files.isEmpty, "the audio is deleted")
        }
    }

    @Test func whatIsDoneIsNotDoneAgain() async throws {
        try await withCalls { kit in
            let first = try await kit.intelligence().process(CallKit.callSID)
            let second = try await kit.intelligence().process(CallKit.callSID)
            #expect(second.steps.isEmpty)
            #expect(second.contact?.id == first.contact?.id)
            #expect(second.callTranscript == first.callTranscript)
            #expect(!second.contactCreated)
            #expect((kit.provider.calls, kit.provider.downloads) == (1, 1))
            #expect((kit.asr.requests.count, kit.llm.requests.count) == (1, 1))
            #expect(try await kit.interactions() == 1)
        }
    }

    @Test func manyWhoProcessOneCallDoItOnce() async throws {
        try await withCalls { kit in
            kit.asr.answering { _, _ in
                usleep(300_000)
                return .json(JSON.object(["text": .string(CallKit.transcript)]).written)
            }
            let outcomes = try await withThrowingTaskGroup(of: ProcessedCall.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        try await kit.intelligence(sleep: { _ in try await Task.sleep(for: .milliseconds(20)) })
                            .process(CallKit.callSID)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(outcomes.map { $0.contact?.id }).count == 1)
            #expect(Set(outcomes.map { $0.callTranscript?.status }) == ["ready"])
            #expect(outcomes.filter { !$0.steps.isEmpty }.count == 1)
            #expect(kit.provider.downloads == 1)
            #expect((kit.asr.requests.count, kit.llm.requests.count) == (1, 1))
            #expect(try await kit.interactions() == 1)
        }
    }

    @Test func manyWhoWaitForAFailureAreToldOfIt() async throws {
        try await withCalls { kit in
            kit.asr.answering { _, _ in
                usleep(300_000)
                return .reply(500, type: "text/plain", body: "")
            }
            let told = await withTaskGroup(of: String.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        await message {
                            try await kit.intelligence(sleep: { _ in try await Task.sleep(for: .milliseconds(20)) })
                                .process(CallKit.callSID)
                        }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(told.count == 4)
            #expect(told.allSatisfy { $0.hasPrefix("The transcription failed: ") }, "\(told)")
            #expect(kit.asr.requests.count == 1)
        }
    }

    // MARK: - What needs no work

    @Test(arguments: [("completed", 5), ("busy", 0), ("no-answer", 0), ("canceled", 0), ("failed", 0)])
    func aCallWithoutASubstanceIsSkipped(status: String, duration: Int) async throws {
        try await withCalls(OneCallProvider(CallKit.call(status: status, duration: duration))) { kit in
            let outcome = try await kit.intelligence().process(CallKit.callSID)
            #expect(outcome.skipped)
            #expect(outcome.reason?.isEmpty == false)
            #expect(outcome.callTranscript == nil)
            #expect(try await kit.row() == nil, "no row is made of it")
            #expect(kit.provider.downloads == 0)
        }
    }

    @Test(arguments: ["queued", "ringing", "in-progress"])
    func aCallThatIsNotOverIsForLater(status: String) async throws {
        try await withCalls(OneCallProvider(CallKit.call(status: status, duration: nil))) { kit in
            #expect(await refusal { try await kit.intelligence().process(CallKit.callSID) } == "conflict call_sid")
            let row = try await kit.row()
            #expect(row == nil)
        }
    }

    @Test func switchedOffNothingIsProcessedButSaved() async throws {
        try await withCalls { kit in
            let off = kit.intelligence(isEnabled: false)
            #expect(await refusal { try await off.process(CallKit.callSID) } == "not_configured")
            #expect(
                await message { try await off.process(CallKit.callSID) }.contains("ATLAS_CALL_INTELLIGENCE_ENABLED"))
            let saved = try await off.save(
                CallFacts(callSID: CallKit.callSID, fromNumber: "+12175550134"), transcript: CallKit.transcript)
            #expect(saved.callTranscript?.status == "ready")
        }
    }

    // MARK: - Failures

    @Test func aFailureSaysWhereAndTheNextRunGoesOnFromThere() async throws {
        try await withCalls { kit in
            kit.asr.answering { _, _ in .reply(500, type: "text/plain", body: "") }
            let told = await message { try await kit.intelligence().process(CallKit.callSID) }
            #expect(told.hasPrefix("The transcription failed: "))
            #expect(told.hasSuffix("; run process_call again to go on from there."))
            var row = try #require(try await kit.row())
            #expect((row.status, row.failedStep) == ("error", "transcription"))
            #expect(row.errorMessage?.isEmpty == false)
            #expect(kit.files.isEmpty)

            kit.asr.answering { _, _ in .json(JSON.object(["text": .string(CallKit.transcript)]).written) }
            kit.llm.answering { _, _ in .reply(401, type: "application/json", body: "{}") }
            #expect(await refusal { try await kit.intelligence().process(CallKit.callSID) } == "unauthenticated")
            row = try #require(try await kit.row())
            #expect((row.status, row.failedStep, row.transcript) == ("error", "extraction", CallKit.transcript))

            kit.llm.answering { _, _ in .json(CallKit.completion(CallKit.answer)) }
            let outcome = try await kit.intelligence().process(CallKit.callSID)
            #expect(outcome.steps == [.extraction, .linking])
            row = try #require(try await kit.row())
            #expect((row.status, row.failedStep, row.errorMessage) == ("ready", nil, nil))
            #expect(kit.provider.downloads == 2)
            #expect(try await kit.interactions() == 1)
        }
    }

    @Test func withoutSpeechRecognitionItSaysWhatToSet() async throws {
        try await withCalls { kit in
            let told = await message { try await kit.intelligence(withASR: false).process(CallKit.callSID) }
            #expect(told.hasPrefix("The transcription failed: "))
            #expect(told.contains("ATLAS_CALL_INTELLIGENCE_ASR_URL"))
            let row = try await kit.row()
            #expect(row?.failedStep == "transcription")
            #expect(kit.provider.downloads == 0)
        }
    }

    @Test func speechRecognitionThatHangsEndsInTime() async throws {
        try await withCalls { kit in
            kit.asr.answering { _, _ in .hang }
            let code = await refusal {
                try await kit.intelligence(timeout: .milliseconds(300)).process(CallKit.callSID)
            }
            #expect(code == "timeout")
            #expect(kit.files.isEmpty)
        }
    }

    @Test func aWorkerThatLosesTheCallStopsAtOnce() async throws {
        try await withCalls { kit in
            var limits = CallIntelligence.Limits()
            limits.claimRenewal = .milliseconds(50)
            kit.asr.answering { _, _ in .hang }
            let intelligence = kit.intelligence(limits: limits)
            let task = Task { try await intelligence.process(CallKit.callSID) }
            while kit.asr.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            let other = UUID()
            _ = try await kit.database.run { try $0.execute("UPDATE call_transcripts SET worker = \(other)") }
            #expect(await refusal { try await task.value }.hasPrefix("conflict"))
            let row = try #require(try await kit.row())
            #expect(row.status == "transcribing", "what the other does is not called an error")
            #expect(kit.files.isEmpty)
        }
    }

    @Test(arguments: ["I cannot", "{\"summary\":", "<think>", "[1,2,3]", "```json\n{}\n```", "\u{202E}{}"])
    func garbageOfTheModelLosesNothing(answer: String) async throws {
        try await withCalls(answer: answer) { kit in
            let outcome = try await kit.intelligence().process(CallKit.callSID)
            #expect(outcome.contact?.fullName == "Ann Lee", "the plain extractor found the name")
            #expect(outcome.warnings.contains { $0.contains("could not be used") })
            #expect(outcome.callTranscript?.transcript == CallKit.transcript)
        }
    }

    @Test func silenceIsNoFailure() async throws {
        try await withCalls(transcript: "[BLANK_AUDIO]") { kit in
            let outcome = try await kit.intelligence().process(CallKit.callSID)
            #expect(outcome.callTranscript?.status == "ready")
            #expect(outcome.callTranscript?.summary == "Nothing was said.")
            #expect(kit.llm.requests.isEmpty)
            let again = try await kit.intelligence().process(CallKit.callSID)
            #expect(again.steps.isEmpty)
            #expect(kit.asr.requests.count == 1)
        }
    }

    @Test func aProviderThatIsMissingMattersOnlyWhenItIsNeeded() async throws {
        try await withCalls { kit in
            let without = CallIntelligence(
                provider: { throw AtlasError(.notConfigured, "Set ATLAS_COMMS_TWILIO_ACCOUNT_SID.") }, transcriber: nil,
                extractor: nil, store: kit.store, linker: CallLinker(contacts: kit.contacts), folder: kit.folder)
            #expect(await refusal { try await without.process(CallKit.callSID) } == "not_configured")
            #expect(try await kit.row() == nil)
            let saved = try await without.save(
                CallFacts(callSID: CallKit.callSID, fromNumber: "+12175550134"), transcript: CallKit.transcript)
            #expect(saved.contact?.fullName == "Ann Lee")
            #expect(try await without.process(CallKit.callSID).contact?.id == saved.contact?.id)
        }
    }

    @Test func aLongTranscriptIsCutInTheAnswerOnly() async throws {
        let long = String(repeating: "hello ", count: 5000).trimmingCharacters(in: .whitespaces)
        try await withCalls(transcript: long) { kit in
            let outcome = try await kit.intelligence().process(CallKit.callSID)
            #expect(outcome.transcriptTruncated)
            #expect(outcome.callTranscript?.transcript?.count == ProcessedCall.longestTranscript)
            #expect(try await kit.row()?.transcript == long)
        }
    }
}
