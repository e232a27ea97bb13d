import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

@Suite("What a person decides, and what time does")
struct ApprovalDecisionTests {
    @Test func aYesCanBeTakenBackUntilItIsCarriedOut() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.approved().id
        let denied = try await kit.approvals.decide(id, false, by: "Bob")
        #expect(denied.status == .denied && denied.decidedBy == "Bob" && denied.settledAt != nil)
        #expect(try await kit.approvals.claim(id) == false)
        #expect(await refusal { try await kit.approvals.decide(id, true, by: "Ann") } == "conflict")
    }

    @Test func nothingIsDecidedAboutWhatRunsOrHasEnded() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.running().id
        for _ in 0..<2 {
            for isApproved in [true, false] {
                #expect(await refusal { try await kit.approvals.decide(id, isApproved, by: "Ann") } == "conflict")
            }
            try await kit.approvals.settle(id, ["structured": [:]], told: false)
        }
        #expect(try await kit.approvals.find(id).status == .done)
        #expect(await refusal { try await kit.approvals.decide(UUID(), true, by: "Ann") } == "not_found")
        #expect(await refusal { try await kit.approvals.find(UUID()) } == "not_found")
    }

    @Test func afterADayARequestIsVoidApprovedOrNot() async throws {
        let kit = try await ApprovalKit()
        for isApproved in [false, true] {
            let call = ApprovalKit.call(key: "\(isApproved)")
            let request = isApproved ? try await kit.approved(call) : try await kit.pending(call)
            #expect(abs(request.expiresAt.timeIntervalSince(request.requestedAt) - 86_400) < 0.01)
            try await kit.pass("expires_at")
            #expect(try await kit.approvals.claim(request.id) == false)
            #expect(await refusal { try await kit.approvals.decide(request.id, true, by: "Ann") } == "conflict")
            #expect(try await kit.approvals.request(call).status == .expired)
        }
    }

    @Test func whatRunsDoesNotExpire() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.running().id
        try await kit.pass("expires_at")
        #expect(try await kit.approvals.find(id).status == .running)
        try await kit.approvals.giveBack(id)
        #expect(try await kit.approvals.find(id).status == .expired, "a yes that came back too late")
    }

    /// Whether a claim whose connection was lost has taken the request, only its name tells.
    @Test func onlyWhoeverClaimedItUnderThatNameGivesItBack() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.approved().id
        let mine = UUID()
        #expect(try await kit.approvals.claim(id, by: mine))
        try await kit.approvals.giveBack(id, claimedBy: UUID())
        #expect(try await kit.approvals.find(id).status == .running)
        try await kit.approvals.giveBack(id, claimedBy: mine)
        #expect(try await kit.approvals.find(id).status == .approved)
        #expect(try await kit.approvals.claim(id))
    }

    /// Its server ended while it ran: whoever looks next finds out, once the last sign of life is old.
    @Test func whatRanOnADeadServerBecomesUnknownAndIsNeverDoneAgain() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.running().id
        #expect(try await kit.approvals.request(ApprovalKit.call()).status == .running)
        try await kit.pass("alive_until")
        try await kit.approvals.stillRuns(id)
        #expect(try await kit.approvals.find(id).status == .running, "a sign of life counts, also a late one")
        try await kit.pass("alive_until")
        #expect(try await kit.approvals.request(ApprovalKit.call()).status == .unknown)
        #expect(try await kit.approvals.claim(id) == false)
        try await kit.approvals.giveBack(id)
        #expect(try await kit.approvals.find(id).status == .unknown)
        try await kit.approvals.settle(id, ["structured": ["late": true]], told: false)
        let corrected = try await kit.approvals.find(id)
        #expect(corrected.status == .done && corrected.outcome == ["structured": ["late": true]])
    }

    @Test func theListShowsWhatWaitsAndEverythingOnRequest() async throws {
        let kit = try await ApprovalKit()
        let waiting = try await kit.pending(ApprovalKit.call(key: "a"))
        let other = try await kit.approvals(of: "lakeside").request(ApprovalKit.call(key: "b"))
        _ = try await kit.approved(ApprovalKit.call(key: "c"))
        #expect(try await kit.approvals.list(everything: false, limit: 10).map(\.id) == [other.id, waiting.id])
        #expect(try await kit.approvals.list(everything: true, limit: 10).count == 3)
        #expect(try await kit.approvals.list(everything: true, limit: 1).count == 1)
        try await kit.pass("expires_at")
        #expect(try await kit.approvals.list(everything: false, limit: 10).isEmpty)
        #expect(Set(try await kit.approvals.list(everything: true, limit: 10).map(\.status)) == [.expired])
    }
}
