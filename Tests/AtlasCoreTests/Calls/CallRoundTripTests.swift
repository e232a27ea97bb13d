import AtlasCore
import Foundation
import TestSupport
import Testing

/// Linking waits for the network as seldom as it can.
@Suite struct CallRoundTripTests {
    @Test func linkingTakesAtMostThreeRoundTripsOnTheWire() async throws {
        let desk = try await CallDesk()
        let counter = try RoundTripCounter(before: desk.kit.base)
        let database = Database(source: counter.source, workers: TestDatabase.workers, logger: .silent)
        let linker = CallLinker(contacts: Contacts(database: database))
        func trips(_ sid: String) async throws -> (Int, CallLink) {
            let before = counter.count
            let link = try await linker.link(sid)
            return (counter.count - before, link)
        }
        // The first statements of a connection set things up.
        for (index, line) in ["+12175550141", "+12175550141", "anonymous"].enumerated() {
            try await desk.write("CA\(index)", from: line, ExtractedCall(customerName: "Bob Stone"))
            _ = try await linker.link("CA\(index)")
        }
        for (sid, line) in [("new", CallDesk.line), ("known", CallDesk.line), ("nobody", "anonymous")] {
            try await desk.write(sid, from: line, ExtractedCall(customerName: "Ann Lee"))
            let (count, link) = try await trips(sid)
            #expect((2...3).contains(count), "\(sid): \(count)")
            #expect(link.created == (sid == "new"))
            #expect((link.contact == nil) == (sid == "nobody"))
            let (again, _) = try await trips(sid)
            #expect(again == 1, "\(sid), when it is linked: \(again)")
        }
        await database.close()
    }
}
