import AtlasCore
import Foundation
import TestSupport
import Testing

/// Linking waits for the network as seldom as it can.
@Suite struct CallRoundTripTests {
    @Test func linkingTakesAtMostThreeRoundTrips() async throws {
        let calls = try await WrittenCalls()
        let counter = try RoundTripCounter(before: calls.kit.base)
        let database = Database(source: counter.source, workers: TestDatabase.workers, logger: .silent)
        let linker = CallLinker(contacts: Contacts(database: database))
        let people = [
            "new": WrittenCalls.inbound("CA1", from: "+12175550134"),
            "known": WrittenCalls.inbound("CA2", from: "+12175550134"),
            "nobody": WrittenCalls.inbound("CA3", from: "anonymous"),
        ]
        // The first statements of a connection set things up.
        for index in 10..<14 {
            let facts = WrittenCalls.inbound("CA\(index)", from: "+12175550\(200 + index / 2)")
            try await calls.write(facts, "Hello.", ExtractedCall(customerName: "Bob Stone"))
            _ = try await linker.link(facts.callSID)
        }
        for who in ["new", "known", "nobody"] {
            guard let facts = people[who] else { continue }
            try await calls.write(facts, "Hello.", ExtractedCall(customerName: "Ann Lee", customerEmail: nil))
            let before = counter.count
            let link = try await linker.link(facts.callSID)
            #expect((1...3).contains(counter.count - before), "\(who): \(counter.count - before)")
            #expect(link.created == (who == "new"))
            let linked = counter.count
            _ = try await linker.link(facts.callSID)
            #expect(counter.count - linked <= 2, "\(who), again: \(counter.count - linked)")
        }
        await database.close()
    }
}
