import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

/// What is kept of a call, and how it is found again.
@Suite struct CallTranscriptStoreTests {
    private static let callSID = "CA00000000000000000000000000000001"
    private let facts = WrittenCalls.inbound(callSID, from: "+12175550134")

    // MARK: - Facts

    @Test func factsFillWhatIsBlankAndNothingElse() async throws {
        let calls = try await WrittenCalls()
        let begun = Date(timeIntervalSince1970: 1_795_000_000)
        let worker = UUID()
        _ = try await calls.take(CallFacts(callSID: Self.callSID, fromNumber: "(217) 555-0134"), worker)
        _ = try await calls.take(
            CallFacts(
                callSID: Self.callSID, fromNumber: "+12175550199", toNumber: "217.555.0100", direction: .inbound,
                durationSeconds: 65, startedAt: begun, businessContextID: "prairie"), worker)
        let id = try await calls.take(
            CallFacts(
                callSID: Self.callSID, toNumber: "+12175550198", direction: .outbound, durationSeconds: 1,
                startedAt: begun.addingTimeInterval(60), businessContextID: "lakeside"), worker)
        let row = try #require(try await calls.store.get(Self.callSID))
        #expect(row.id == id)
        #expect(row.fromNumber == "+12175550134")
        #expect(row.toNumber == "+12175550100")
        #expect(row.direction == "inbound")
        #expect(row.durationSeconds == 65)
        #expect(row.startedAt == begun)
        #expect(row.businessContextID == "prairie")
        #expect(row.status == "pending")
    }

    @Test func theBusinessIsTheDefaultUnlessOneIsNamed() async throws {
        let calls = try await WrittenCalls(businessContextID: "prairie")
        _ = try await calls.take(facts, UUID())
        #expect(try await calls.store.get(Self.callSID)?.businessContextID == "prairie")
        _ = try await calls.take(WrittenCalls.inbound("CA2", from: nil, business: "lakeside"), UUID())
        #expect(try await calls.store.get("CA2")?.businessContextID == "lakeside")
    }

    @Test(arguments: ["anonymous", "Restricted", "+266696687", "sip:front-desk@example.com"])
    func aHiddenNumberIsBlankAndAnotherKindOfLineIsKept(number: String) async throws {
        let calls = try await WrittenCalls()
        _ = try await calls.take(WrittenCalls.inbound(Self.callSID, from: number), UUID())
        let kept = try await calls.store.get(Self.callSID)?.fromNumber
        #expect(kept == (number.hasPrefix("sip:") ? number : ""))
    }

    @Test func factsThatFitNowhereAreRefusedByName() async throws {
        let calls = try await WrittenCalls()
        let long = String(repeating: "x", count: 129)
        let refused: [(CallFacts, String)] = [
            (CallFacts(callSID: " \u{200B} "), "call_sid"), (CallFacts(callSID: long), "call_sid"),
            (CallFacts(callSID: "CA1", durationSeconds: -1), "duration_seconds"),
            (CallFacts(callSID: "CA1", durationSeconds: 604_801), "duration_seconds"),
            (CallFacts(callSID: "CA1", durationSeconds: .max), "duration_seconds"),
            (CallFacts(callSID: "CA1", businessContextID: long), "business_context_id"),
        ]
        for (facts, parameter) in refused {
            #expect(
                await refusal { try await calls.store.claim(facts, by: UUID(), for: .seconds(30)) }
                    == "invalid_argument \(parameter)")
        }
        #expect(try await calls.kit.count("call_transcripts") == 0)
    }

    // MARK: - Steps

    @Test func aCallGoesFromStepToStep() async throws {
        let calls = try await WrittenCalls()
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        func status() async throws -> String? { try await calls.store.get(Self.callSID)?.status }
        #expect(try await status() == "pending")
        for step in [CallStep.recording, .transcription] {
            try await calls.store.begin(step, of: id, by: worker)
            #expect(try await status() == "transcribing")
        }
        let heard = try await calls.store.keepTranscript("Hello.", of: id, by: worker)
        #expect(heard.transcript == "Hello.")
        #expect(heard.transcribedAt != nil)
        #expect(heard.processedAt == nil)
        try await calls.store.begin(.extraction, of: id, by: worker)
        #expect(try await status() == "extracting")
        let said = ExtractedCall(
            customerName: "Ann Lee", intent: "booking", servicesMentioned: ["deep clean"], followUpNeeded: true)
        let understood = try await calls.store.keepExtraction(
            said, summary: "Ann Lee wants to book.", proposedActions: [["type": "book_appointment"]], of: id, by: worker
        )
        #expect(ExtractedCall(reading: understood.extractedData) == said)
        #expect(understood.summary == "Ann Lee wants to book.")
        #expect(understood.proposedActions == [["type": "book_appointment"]])
        #expect(understood.processedAt != nil)
        #expect(understood.transcript == "Hello.")
        #expect(try await calls.store.get(Self.callSID) == understood)
    }

    @Test(arguments: CallStep.allCases)
    func aFailureSaysAtWhichStepAndKeepsWhatWasKept(step: CallStep) async throws {
        let calls = try await WrittenCalls()
        let kept = try await calls.write(facts, "Hello.", ExtractedCall(customerName: "Ann Lee"), summary: "A call.")
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        try await calls.store.fail(step, "The line\u{0} was \u{202E}cut.", of: id, by: worker)
        let failed = try #require(try await calls.store.get(Self.callSID))
        #expect(failed.status == "error")
        #expect(failed.failedStep == step.rawValue)
        #expect(failed.errorMessage == "The line was cut.")
        var same = failed
        (same.status, same.failedStep, same.errorMessage) = (kept.status, nil, nil)
        #expect(same == kept)
        // The next worker need not wait, and what it begins is no error any more.
        let next = UUID()
        _ = try await calls.take(facts, next)
        try await calls.store.begin(.extraction, of: id, by: next)
        let begun = try await calls.store.get(Self.callSID)
        #expect(begun?.status == "extracting")
        #expect(begun?.failedStep == nil)
        #expect(begun?.errorMessage == nil)
    }

    // MARK: - Hostile and long texts

    @Test func whatNobodySeesIsTakenOutAndLinesStay() async throws {
        let calls = try await WrittenCalls()
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        let row = try await calls.store.keepTranscript(
            "Agent: Hello.\r\nCaller:\tMy\u{200B} name \u{202E}is\u{0000} Ann\u{E0041}.\u{001B}[2J 'x'); DROP TABLE contacts;--",
            of: id, by: worker)
        #expect(row.transcript == "Agent: Hello.\nCaller:\tMy name is Ann.[2J 'x'); DROP TABLE contacts;--")
        #expect(try await calls.store.get(Self.callSID)?.transcript == row.transcript)
    }

    @Test func aSilentCallIsKeptAsOneInWhichNothingWasSaid() async throws {
        let calls = try await WrittenCalls()
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        #expect(try await calls.store.keepTranscript(" \n\u{200B}", of: id, by: worker).transcript == "")
        #expect(try await calls.store.get(Self.callSID)?.transcript == "")
    }

    @Test func everyTextHasABound() async throws {
        let calls = try await WrittenCalls()
        let worker = UUID()
        let id = try await calls.take(facts, worker)
        let longest = String(repeating: "ä", count: 500_000)  // what a tool takes
        #expect(try await calls.store.keepTranscript(longest, of: id, by: worker).transcript == longest)
        #expect(
            await refusal { try await calls.store.keepTranscript(longest + longest + "!", of: id, by: worker) }
                == "invalid_argument transcript")
        #expect(try await calls.store.get(Self.callSID)?.transcript == longest)

        let long = String(repeating: "word ", count: 20_000)
        let row = try await calls.store.keepExtraction(
            ExtractedCall(
                customerName: long, customerPhone: long, customerEmail: long, intent: long,
                servicesMentioned: (0..<1000).map { "\($0) \(long)" }, address: long, preferredDate: long,
                preferredTime: long, frequency: long, urgency: long, notes: long),
            summary: long, proposedActions: (0..<1000).map { ["type": .integer($0)] }, of: id, by: worker)
        #expect(row.summary.map { $0.unicodeScalars.count <= 10_000 } == true)
        #expect(row.proposedActions.count <= 100)
        #expect(JSON.object(row.extractedData).bytes.count < 10_000)

        try await calls.store.fail(.linking, long, of: id, by: worker)
        let failed = try await calls.store.get(Self.callSID)
        #expect(failed?.errorMessage.map { $0.unicodeScalars.count <= 2000 } == true)
    }

    // MARK: - Lists

    @Test func listsAreNewestFirstAndFiltered() async throws {
        let calls = try await WrittenCalls()
        let ann = try await calls.kit.contacts.create(ContactDraft(fullName: "Ann", phone: "2175550134")).contact
        let bob = try await calls.kit.contacts.create(ContactDraft(fullName: "Bob", phone: "2175550135")).contact
        let statuses = ["ready", "error", "pending", "extracting", "ready", "notified"]
        for (index, status) in statuses.enumerated() {
            let owner = index % 2 == 0 ? ann.id : index == 1 ? bob.id : nil
            // Written in another order than they happened.
            let day = [3, 1, 6, 2, 5, 4][index]
            try await calls.kit.execute(
                """
                INSERT INTO call_transcripts (call_sid, from_number, to_number, business_context_id, contact_id, status, created_at)
                VALUES (\("CA\(day)"), '', '', '', \(owner), \(status), timestamptz '2026-11-01' + \(day) * interval '1 day')
                """)
        }
        func sids(_ list: [CallTranscript]) -> [String] { list.map(\.callSID) }
        #expect(sids(try await calls.store.list()) == ["CA6", "CA5", "CA4", "CA3", "CA2", "CA1"])
        #expect(sids(try await calls.store.list(limit: 2)) == ["CA6", "CA5"])
        #expect(sids(try await calls.store.list(contactID: ann.id)) == ["CA6", "CA5", "CA3"])
        #expect(sids(try await calls.store.list(contactID: ann.id, limit: 1)) == ["CA6"])
        #expect(sids(try await calls.store.list(status: .ready)) == ["CA5", "CA3"])
        #expect(sids(try await calls.store.list(contactID: ann.id, status: .pending)) == ["CA6"])
        #expect(sids(try await calls.store.list(contactID: bob.id, status: .ready)) == [])
        #expect(sids(try await calls.store.list(contactID: UUID())) == [])
        for limit in [0, -1, 201] {
            #expect(await refusal { try await calls.store.list(limit: limit) } == "invalid_argument limit")
        }
    }

    @Test func aCallThatNobodyWroteDownIsNil() async throws {
        let calls = try await WrittenCalls()
        #expect(try await calls.store.get("CA404") == nil)
        #expect(try await calls.store.get("'; DROP TABLE call_transcripts;--") == nil)
        #expect(try await calls.store.list() == [])
    }

    @Test func aRowOfTheReferenceIsRead() async throws {
        let calls = try await WrittenCalls()
        try await calls.insertAsReference(Self.callSID, summary: "Called about a quote")
        try await calls.kit.execute(
            "UPDATE call_transcripts SET extracted_data = '\"none\"', proposed_actions = '{}', notified = NULL")
        let row = try #require(try await calls.store.get(Self.callSID))
        #expect(row.extractedData.isEmpty)
        #expect(row.proposedActions.isEmpty)
        #expect(row.direction == nil)
        #expect(row.notified == false)
        #expect(try await calls.store.list() == [row])
    }
}
