import Foundation
import JSON
import TestSupport
import Testing

@testable import AtlasCore

@Suite("Many who meet at one request for approval")
struct ApprovalRaceTests {
    private func together<R: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> R
    ) async throws -> [R] {
        try await withThrowingTaskGroup(of: R.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test(arguments: ["k", nil] as [String?])
    func aHundredFirstCallsAreOneRequest(_ key: String?) async throws {
        let kit = try await ApprovalKit()
        let ids = try await together(100) { _ in try await kit.pending(ApprovalKit.call(key: key)).id }
        #expect(Set(ids).count == 1)
        #expect(try await kit.contacts.count("approvals") == 1)
    }

    @Test func aHundredWhoApproveAndRepeatDoItOnce() async throws {
        let kit = try await ApprovalKit()
        let id = try await kit.pending().id
        _ = try await together(100) { number in
            switch number % 2 {
            case 0: _ = try? await kit.approvals.decide(id, true, by: "person \(number)")
            default: _ = try await kit.attempt(ApprovalKit.call())
            }
        }
        _ = try await kit.attempt(ApprovalKit.call())
        #expect(kit.done.value == 1)
        let request = try await kit.approvals.find(id)
        #expect(request.status == .done && request.outcome == ["structured": ["count": 1]])
    }

    @Test func yesAndNoAtOnceEndInOneOfThem() async throws {
        let kit = try await ApprovalKit()
        for round in 0..<10 {
            let call = ApprovalKit.call(key: "\(round)")
            let id = try await kit.pending(call).id
            let before = kit.done.value
            _ = try await together(9) { number in
                switch number % 3 {
                case 0: _ = try? await kit.approvals.decide(id, true, by: "Ann")
                case 1: _ = try? await kit.approvals.decide(id, false, by: "Bob")
                default: _ = try await kit.attempt(call)
                }
            }
            let status = try await kit.approvals.find(id).status
            let count = kit.done.value - before
            #expect((status == .done && count == 1) || (status == .denied && count == 0), "\(status) \(count)")
        }
    }

    /// The one that stands in the way of a new request may be told of before the newcomer looks; here, it always is.
    @Test func withoutAKeyTheOneInTheWayMayBeGoneAtTheNextLook() async throws {
        let kit = try await ApprovalKit()
        let first = try await kit.pending(ApprovalKit.call(key: nil)).id
        try await kit.contacts.database.run {
            try $0.script(
                """
                CREATE TABLE fuse AS SELECT 1;
                CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    DELETE FROM fuse;
                    IF FOUND THEN UPDATE approvals SET told_at = now(); END IF;
                    RETURN NULL;
                END $$;
                CREATE TRIGGER tell AFTER INSERT ON approvals FOR EACH STATEMENT EXECUTE FUNCTION tell();
                """)
        }
        let second = try await kit.pending(ApprovalKit.call(key: nil))
        #expect(second.id != first && second.status == .pending)
    }

    @Test func withoutAKeyNobodyIsTurnedAwayWhileOthersHearTheEnd() async throws {
        let kit = try await ApprovalKit()
        _ = try await together(60) { _ in
            let request = try await kit.pending(ApprovalKit.call(key: nil))
            try await kit.approvals.told(request.id)
        }
        #expect(try await kit.contacts.count("approvals", where: "told_at IS NULL") == 0)
    }

    @Test func manyListsAtOnceDoNotStandInEachOthersWay() async throws {
        let kit = try await ApprovalKit()
        _ = try await together(40) { try await kit.pending(ApprovalKit.call(key: "\($0)")) }
        try await kit.pass("expires_at")
        let lists = try await together(20) { _ in try await kit.approvals.list(everything: false, limit: 100) }
        #expect(lists.allSatisfy { $0.isEmpty })
    }
}
