import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// A database that goes away while calls are linked.
@Suite struct CallLinkOutageTests {
    @Test func noTranscriptIsLostAndTheNextRunCompletesEveryCall() async throws {
        let server = await PostgresServer.launch(settings: ["fsync = on"])
        defer { server.stop() }
        var options = DatabaseOptions()
        options.connectTimeout = .seconds(2)
        let database = try await TestDatabase(on: server).open(options) { connection in
            try Migrator(settings: ["atlas.default_region": "US", "atlas.calling_code": "1"], logger: .silent)
                .migrate(connection)
        }
        let contacts = Contacts(database: database)
        let store = CallTranscripts(contacts: contacts)
        let linker = CallLinker(contacts: contacts)
        // Two calls of each of a hundred people.
        let sids = (0..<200).map { "CA\($0)" }
        for (index, sid) in sids.enumerated() {
            let worker = UUID()
            let facts = CallFacts(
                callSID: sid, fromNumber: "+1217555\(1000 + index / 2)", toNumber: "+12175550100", direction: .inbound)
            guard case .mine(let row) = try await store.claim(facts, by: worker, for: .seconds(60)) else {
                Issue.record("\(sid) is somebody else's")
                return
            }
            _ = try await store.keepTranscript("This is call \(sid).", of: row.id, by: worker)
            _ = try await store.keepExtraction(
                ExtractedCall(customerName: "Person P", intent: "booking"), summary: sid, proposedActions: [],
                of: row.id, by: worker)
            try await store.release(row.id, by: worker)
        }

        let linked = Shared(0)
        let failures = Shared<[String: Int]>([:])
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for index in stride(from: worker, to: sids.count, by: 8) {
                        let refused = await refusal { try await linker.link(sids[index]) }
                        if refused == "none" {
                            linked.count()
                        } else {
                            failures.update { $0[refused, default: 0] += 1 }
                        }
                    }
                }
            }
            group.addTask {
                while linked.value < 40 { try? await Task.sleep(for: .milliseconds(1)) }
                await TestDatabase.workers.run { server.kill() }
            }
        }
        await TestDatabase.workers.run { server.start() }
        #expect(Set(failures.value.keys) == ["unavailable"])

        func count(_ query: Query) async throws -> Int { try await database.run { try $0.value(query) ?? -1 } }
        #expect(
            try await count(
                "SELECT count(*) FROM call_transcripts WHERE transcript = 'This is call ' || call_sid || '.'") == 200)
        // A call is linked whole or not at all.
        let torn: Query = """
            SELECT count(*) FROM call_transcripts t LEFT JOIN contact_interactions i ON i.source_ref = 'call:' || t.call_sid
            WHERE (t.status = 'ready') <> (i.id IS NOT NULL) OR t.contact_id IS DISTINCT FROM i.contact_id
            """
        #expect(try await count(torn) == 0)
        let done = try await count("SELECT count(*) FROM call_transcripts WHERE status = 'ready'")
        #expect(done >= linked.value && done < 200)

        for sid in sids { _ = try await linker.link(sid) }
        #expect(try await count("SELECT count(*) FROM call_transcripts WHERE status = 'ready'") == 200)
        #expect(try await count("SELECT count(*) FROM contacts") == 100)
        #expect(try await count("SELECT count(*) FROM contact_interactions") == 200)
        #expect(try await count(torn) == 0)
        await database.close()
    }
}
