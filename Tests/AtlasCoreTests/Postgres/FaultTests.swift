import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct FaultTests {
    /// Callers work without a pause while the server is ended and started again; then all must be well, and nothing done twice.
    @Test(arguments: [true, false]) func aServerThatIsEndedAndStartedUnderLoadIsFoundAgain(byKill: Bool) async throws {
        let server = await PostgresServer.launch(settings: ["fsync = on"])
        var options = DatabaseOptions()
        options.connectTimeout = .seconds(2)
        let database = try await TestDatabase(on: server).open(options)
        try await database.run { try $0.script("CREATE TABLE t (id uuid PRIMARY KEY, n int DEFAULT 0)") }
        let stop = Shared(false)
        let kinds = Shared<[String: Int]>([:])
        let confirmed = Shared<[UUID]>([])
        let slowest = Shared(Duration.zero)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    while !stop.value {
                        let id = UUID()
                        let start = ContinuousClock.now
                        do {
                            try await database.transaction { transaction in
                                try transaction.execute("INSERT INTO t VALUES (\(id), 1)")
                            }
                            confirmed.update { $0.append(id) }
                        } catch let error as DatabaseError {
                            kinds.update { $0["\(error.kind)", default: 0] += 1 }
                            try await Task.sleep(for: .milliseconds(5))
                        }
                        let time = ContinuousClock.now - start
                        slowest.update { $0 = max($0, time) }
                    }
                }
            }
            try await Task.sleep(for: .milliseconds(300))
            await TestDatabase.workers.run { byKill ? server.kill() : server.shutDown() }
            try await Task.sleep(for: .milliseconds(300))
            await TestDatabase.workers.run { server.start() }
            try await Task.sleep(for: .milliseconds(500))
            stop.update { $0 = true }
            try await group.waitForAll()
        }
        let ids = confirmed.value
        let kept: Int? = try await database.run { try $0.value("SELECT count(*) FROM t WHERE id = ANY(\(ids))") }
        #expect(kept == ids.count)
        #expect(Set(kinds.value.keys).isSubset(of: ["unavailable", "unknownOutcome", "poolExhausted"]))
        #expect(slowest.value < .seconds(15))
        #expect(database.census.open <= 8)
        #expect(database.census.open == database.census.idle)
        await database.close()
        server.stop()
    }

    @Test func aReadIsRepeatedWhenTheServerWentAwayAndAWriteIsNot() async throws {
        let database = try await TestDatabase().open()
        let reads = Shared(0)
        let answer: Int? = try await database.read { connection in
            if reads.count() == 1 {
                try connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
            return try connection.value("SELECT 1")
        }
        #expect(answer == 1)
        #expect(reads.value == 2)
        let writes = Shared(0)
        let error = await #expect(throws: DatabaseError.self) {
            try await database.run { connection in
                writes.count()
                try connection.query("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(error?.kind == .unavailable)
        #expect(writes.value == 1)
        await database.close()
    }

    @Test func idleConnectionsThatDiedAreReplacedUnseen() async throws {
        let test = try await TestDatabase()
        let database = test.open()
        let other = test.open()
        try await database.warmUp()
        try await other.run {
            _ = try $0.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        }
        // A backend that was told to end does so when it next gets the processor.
        let others: Query =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        while try await other.run({ try $0.value(others, as: Int.self) }) ?? 0 > 0 {
            try await Task.sleep(for: .milliseconds(20))
        }
        // It has taken its leave by now; its socket may end a moment later.
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        await database.close()
        await other.close()
    }

    @Test func aFrozenServerDoesNotHoldACancelledCaller() async throws {
        let server = await PostgresServer.launch()
        let database = try await TestDatabase(on: server).open()
        try await database.warmUp()
        server.freeze()
        let task = Task { try await database.run { _ = try $0.query("SELECT 1") } }
        try await Task.sleep(for: .milliseconds(200))
        let start = ContinuousClock.now
        task.cancel()
        _ = await task.result
        #expect(ContinuousClock.now - start < .seconds(20))
        server.thaw()
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        await database.close()
        server.stop()
    }
}
