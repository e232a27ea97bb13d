import Foundation
import Logging
import TestSupport
import Testing

@testable import AtlasCore

/// A database that dies while calls are linked.
@Suite struct CallLinkOutageTests {
    @Test func everyCallIsLinkedWholeOrNotAtAllAndARunAfterwardsCompletesThem() async throws {
        let server = await PostgresServer.launch(settings: ["fsync = on"])
        var options = DatabaseOptions()
        options.connectTimeout = .seconds(2)
        let base = try await TestDatabase(on: server)
        let database = base.open(options) { connection in
            try Migrator(
                settings: ["atlas.default_region": "US", "atlas.calling_code": "1"], logger: Logger.silent
            ).migrate(connection)
        }
        let contacts = Contacts(database: database)
        let store = CallTranscripts(contacts: contacts)
        let linker = CallLinker(contacts: contacts)

        // Two calls of each customer, and some that concern none.
        let count = 400
        for index in 0..<count {
            let worker = UUID()
            guard
                case .mine(let row) = try await store.claim(
                    WrittenCalls.inbound("CA\(index)", from: "+1217555\(1000 + index / 2)"), by: worker,
                    for: .seconds(1))
            else { throw AtlasError(.conflict, "busy") }
            _ = try await store.keepTranscript("Call \(index)", of: row.id, by: worker)
            _ = try await store.keepExtraction(
                ExtractedCall(customerName: "Ann Lee", intent: index % 20 == 0 ? "spam" : "booking"), summary: nil,
                proposedActions: [], of: row.id, by: worker)
        }

        let confirmed = Shared<Set<String>>([])
        let failures = Shared<[AtlasError.Code: Int]>([:])
        let next = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    while case let index = next.count() - 1, index < count {
                        do {
                            _ = try await linker.link("CA\(index)")
                            confirmed.update { _ = $0.insert("CA\(index)") }
                        } catch let error as AtlasError {
                            failures.update { $0[error.code, default: 0] += 1 }
                        }
                        if index == count / 4 { await TestDatabase.workers.run { server.kill() } }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(!failures.value.isEmpty, "the server died too late to be missed")
        #expect(Set(failures.value.keys).isSubset(of: [.unavailable, .timeout]), "\(failures.value)")
        await TestDatabase.workers.run { server.start() }

        // Nobody's transcript is lost, and no call is half linked.
        func half() async throws -> [String] {
            try await database.read {
                try $0.query(
                    """
                    SELECT t.call_sid FROM call_transcripts t
                    LEFT JOIN contact_interactions i ON i.source_ref = 'call:' || t.call_sid
                    WHERE t.transcript IS NULL OR t.processed_at IS NULL
                        OR t.contact_id IS DISTINCT FROM i.contact_id
                        OR (t.status = 'ready') <> (t.linked_at IS NOT NULL)
                        OR (t.contact_id IS NOT NULL) <> (t.status = 'ready' AND t.extracted_data ->> 'intent' <> 'spam')
                    """
                ).map { try $0.get(0) }
            }
        }
        func value(_ query: Query) async throws -> Int { try await database.read { try $0.value(query) ?? 0 } }
        #expect(try await half() == [])
        #expect(try await value("SELECT count(*) FROM call_transcripts") == count)
        let orphans: Query =
            "SELECT count(*) FROM contacts c WHERE NOT EXISTS (SELECT FROM contact_interactions i WHERE i.contact_id = c.id)"
        #expect(try await value(orphans) == 0, "a contact without the call that made it")
        let sids = Array(confirmed.value)
        let lost: Query =
            "SELECT count(*) FROM call_transcripts WHERE call_sid = ANY(\(sids)) AND status <> 'ready'"
        #expect(try await value(lost) == 0, "what was said to be done is done")

        for index in 0..<count { _ = try await linker.link("CA\(index)") }
        #expect(try await half() == [])
        #expect(try await value("SELECT count(*) FROM call_transcripts WHERE status = 'ready'") == count)
        #expect(try await value("SELECT count(*) FROM contacts") == count / 2)
        #expect(try await value("SELECT count(*) FROM contact_interactions") == count - count / 20)
        await database.close()
        server.stop()
    }
}
