import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

@Suite("A request for approval is carried out once, or not at all")
struct ApprovalRequestTests {
    @Test func aRepeatIsTheSameRequestAndAKeyBelongsToItsArguments() async throws {
        let kit = try await ApprovalKit()
        let first = try await kit.pending()
        #expect(first.status == .pending && first.clientName == "tests" && first.businessContextID == nil)
        #expect(try await kit.pending().id == first.id)
        #expect(await refusal { try await kit.pending(ApprovalKit.call("Other")) } == "conflict idempotency_key")
        #expect(try await kit.pending(ApprovalKit.call("Other", tool: "make_call")).id != first.id)
        #expect(try await kit.pending(ApprovalKit.call(server: "atlas-email")).id != first.id)
        #expect(try await kit.contacts.count("approvals") == 3)
    }

    @Test func theOrderOfTheArgumentsIsNoDifference() async throws {
        let kit = try await ApprovalKit()
        let one = try await kit.pending(ApprovalKit.held(["to": "a", "body": "b", "idempotency_key": "k"]))
        let two = try await kit.pending(ApprovalKit.held(["idempotency_key": "k", "body": "b", "to": "a"]))
        #expect(one.id == two.id)
    }

    /// What a person says yes to is what runs: nothing is rounded, cleaned or cut on its way through the database.
    @Test(arguments: [
        #"{"body":"  two  spaces, a tab\t and \u0001 a control, \"quotes\" \\ and \u202e","to":"+1"}"#,
        #"{"n":9007199254740993,"m":-9223372036854775808,"f":0.1,"g":1.5e-7,"h":12345.678901234567}"#,
        #"{"a":[[],{},null,true,false,[{"b":[1,2,{"c":"😀 e\u0301"}]}]],"":"an empty name"}"#,
    ])
    func theArgumentsComeBackAsTheyWere(_ text: String) async throws {
        let kit = try await ApprovalKit()
        let arguments = try #require(try JSON(parsing: Array(text.utf8)).object)
        let request = try await kit.approved(ApprovalKit.held(arguments))
        func sorted(_ json: JSON) -> JSON {
            switch json {
            case .array(let items): .array(items.map(sorted))
            case .object(let object):
                .object(
                    JSON.Object(
                        members: object.members.map { JSON.Object.Member(name: $0.name, value: sorted($0.value)) }
                            .sorted { $0.name < $1.name }))
            default: json
            }
        }
        #expect(sorted(.object(request.arguments)) == sorted(.object(arguments)))
        #expect(try await kit.approvals.request(ApprovalKit.held(arguments)).id == request.id)
    }

    @Test func whatNoDatabaseCanKeepIsRefusedAndNotChanged() async throws {
        let kit = try await ApprovalKit()
        #expect(await refusal { try await kit.pending(ApprovalKit.call("a\u{0}b")) }.hasPrefix("invalid_argument"))
        #expect(try await kit.contacts.count("approvals") == 0)
    }

    @Test func whatIsApprovedForOneBusinessIsNotDoneForAnother() async throws {
        let kit = try await ApprovalKit(businessContextID: "prairie")
        let other = kit.approvals(of: "lakeside"), nobodys = kit.approvals(of: nil)
        for key in ["k", nil] {
            let call = ApprovalKit.call(key: key)
            let request = try await kit.approved(call)
            #expect(request.businessContextID == "prairie")
            for approvals in [other, nobodys] {
                let theirs = try await approvals.request(call)
                #expect(theirs.id != request.id && theirs.status == .pending)
                let forged = ApprovalKit.call(key: key, request: request.id)
                #expect(await refusal { try await approvals.request(forged) } == "not_found")
            }
            #expect(try await kit.approvals.request(ApprovalKit.call(key: key, request: request.id)).id == request.id)
        }
    }

    @Test func anIDIsGoodOnlyForItsOwnToolAndArguments() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.approved().id
        #expect(await refusal { try await kit.pending(ApprovalKit.call("Other", request: id)) } == "conflict")
        #expect(await refusal { try await kit.pending(ApprovalKit.call(tool: "x", request: id)) } == "not_found")
        #expect(await refusal { try await kit.pending(ApprovalKit.call(server: "x", request: id)) } == "not_found")
        #expect(await refusal { try await kit.pending(ApprovalKit.call(request: UUID())) } == "not_found")
        #expect(try await kit.contacts.count("approvals") == 1)
    }

    @Test func withoutAKeyTheSameWordsAreANewWishOnceTheEndWasTold() async throws {
        let kit = try await ApprovalKit()
        let call = ApprovalKit.call(key: nil)
        let first = try await kit.running(call)
        try await kit.approvals.settle(first.id, ["structured": [:]], told: false)
        #expect(try await kit.approvals.request(call).status == .done)
        try await kit.approvals.told(first.id)
        let second = try await kit.approvals.request(call)
        #expect(second.id != first.id && second.status == .pending)
    }

    @Test func withoutAKeyAnEndThatNobodyHeardIsForgottenAfterADay() async throws {
        let kit = try await ApprovalKit()
        let call = ApprovalKit.call(key: nil)
        let first = try await kit.running(call)
        try await kit.pass("expires_at")
        #expect(try await kit.approvals.request(call).id == first.id, "what runs is not forgotten")
        try await kit.approvals.settle(first.id, ["structured": [:]], told: false)
        #expect(try await kit.approvals.request(call).id != first.id)
    }
}
