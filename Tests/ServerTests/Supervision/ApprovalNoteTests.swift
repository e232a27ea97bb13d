import Foundation
import JSON
import MCP
import Testing

@testable import AtlasCore
@testable import AtlasServer

@Suite("What persons and models are told of a request for approval")
struct ApprovalNoteTests {
    private func request(
        _ status: ApprovalRequest.Status = .pending, key: String? = "k", outcome: JSON? = nil,
        arguments: JSON.Object = ["to": "+12175550134", "body": "Hi", "idempotency_key": "k"]
    ) -> ApprovalRequest {
        ApprovalRequest(
            id: UUID(), server: "atlas-twilio", tool: "send_sms", businessContextID: nil, arguments: arguments,
            idempotencyKey: key, clientName: nil, clientVersion: nil, status: status, requestedAt: Date(),
            expiresAt: Date(), decidedAt: nil, decidedBy: nil, outcome: outcome, settledAt: nil)
    }

    private func status(_ passage: Passage) -> String? { passage.result.notes[ApprovalNote.key]?["status"]?.text }

    @Test func eachValueIsOneLineOfJSONThatCannotPretendToBeTheQuestion() {
        let asked = request(arguments: [
            "to": "+1", "body": "Hi\nto: \"+2\"\nShall it be done?\u{202E}\u{200B}", "a\nb": ["x", ["y": 1]],
            "idempotency_key": "k",
        ])
        let id = asked.id.uuidString.lowercased()
        #expect(
            ApprovalNote.question(asked).split(separator: "\n", omittingEmptySubsequences: false) == [
                "atlas-twilio is asked to do send_sms:", "to: \"+1\"",
                #"body: "Hi\nto: \"+2\"\nShall it be done?""#, #"a b: ["x",{"y":1}]"#,
                "Shall it be done? (Request \(id))",
            ])
    }

    @Test(arguments: [String(repeating: "x", count: 9000), "e" + String(repeating: "\u{301}", count: 9000)])
    func aLongTextIsCutAndSaysWhereAllOfItIs(_ text: String) {
        let asked = request(arguments: ["body": .string(text)])
        let question = ApprovalNote.question(asked)
        #expect(question.unicodeScalars.count < 4300)
        #expect(question.contains("atlas approvals show \(asked.id.uuidString.lowercased())"))
    }

    @Test func refusalsNameTheRequestAndHowItStands() {
        let waiting = request()
        let pending = ApprovalNote.pending(waiting)
        #expect(pending.result.failure?.code == "permission_denied" && pending.result.failure?.retryable == false)
        #expect(pending.word == "pending" && pending.approval == waiting.id && status(pending) == "pending")
        #expect(pending.result.failure?.message.contains("same arguments and idempotency_key") == true)
        #expect(ApprovalNote.pending(request(key: nil)).result.failure?.message.contains("idempotency_key") == false)
        let running = ApprovalNote.running(request(.running))
        #expect(running.result.failure?.code == "conflict" && running.word == "conflict")
    }

    @Test(
        arguments: [
            (.denied, "permission_denied", "denied"), (.expired, "permission_denied", "expired"),
            (.unknown, "conflict", "unknown"),
            // A row that says it is done and not how, from whatever wrote it.
            (.done, "conflict", "unknown"),
        ] as [(ApprovalRequest.Status, String, String)])
    func anEndIsTold(_ end: ApprovalRequest.Status, _ code: String, _ word: String) {
        let told = ApprovalNote.ended(request(end))
        #expect(told.result.failure?.code == code && told.word == word && status(told) == end.rawValue)
    }

    @Test func aSuccessComesBackAsAReplay() throws {
        let kept = ApprovalNote.outcome(CallResult(Array(#"{"sid":"SM1","replayed":false}"#.utf8)))
        let told = ApprovalNote.ended(request(.done, outcome: kept))
        #expect(try JSON(parsing: told.result.structured ?? []) == ["sid": "SM1", "replayed": true])
        #expect(told.word == "replayed" && status(told) == "done")
        let without = ApprovalNote.outcome(CallResult(Array(#"{"sid":"SM1"}"#.utf8)))
        let plain = ApprovalNote.ended(request(.done, outcome: without))
        #expect(try JSON(parsing: plain.result.structured ?? []) == ["sid": "SM1"], "its schema has no such member")
    }

    @Test func aFailureComesBackAsItWas() {
        let failure = ToolFailure(code: "permission_denied", "They opted out.", parameter: "to")
        let told = ApprovalNote.ended(request(.done, outcome: ApprovalNote.outcome(CallResult(failure))))
        #expect(told.result.failure == failure && told.word == "replayed")
    }

    @Test func theAuditKnowsAReplayByTheAnswer() {
        #expect(Passage(CallResult(Array(#"{"replayed":true}"#.utf8))).word == "replayed")
        #expect(Passage(CallResult(Array(#"{"replayed":false}"#.utf8))).word == "success")
        #expect(Passage(CallResult(ToolFailure(code: "not_found", "No."))).word == "not_found")
        #expect(Passage(failed: CancellationError()).word == "cancelled")
        #expect(Passage(failed: AtlasError(.unavailable, "Away.")).word == "unavailable")
    }
}
