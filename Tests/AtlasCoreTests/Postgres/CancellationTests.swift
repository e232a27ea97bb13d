import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct CancellationTests {
    @Test func cancellingTheTaskStopsItsStatementOnTheServer() async throws {
        let database = try await TestDatabase().open()
        try await database.warmUp()
        let task = Task { try await database.run { _ = try $0.query("SELECT pg_sleep(30) /* to be cancelled */") } }
        try await Task.sleep(for: .milliseconds(300))
        let running: Int? = try await database.run { try $0.value(Self.running) }
        #expect(running == 1)
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(try await database.run { try $0.value(Self.running) } == 0)
        #expect(database.census.open == database.census.idle)
        #expect(database.census.open == 2)
        await database.close()
    }

    @Test func aTaskCancelledBeforeRunsNothing() async throws {
        let database = try await SharedDatabase.value()
        let task = Task {
            try? await Task.sleep(for: .seconds(5))
            return try await database.run { _ in true }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aLateCancellationNeverHitsTheNextStatement() async throws {
        var options = DatabaseOptions()
        options.maximumConnections = 1
        let database = try await TestDatabase().open(options)
        for round in 0..<150 {
            let task = Task { try await database.run { _ = try $0.query("SELECT pg_sleep(0.002)") } }
            try await Task.sleep(for: .microseconds(1500 + round * 10))
            task.cancel()
            // the only connection is used again at once
            let answer: Int? = try await database.run { try $0.value("SELECT count(*) FROM generate_series(1, 20000)") }
            #expect(answer == 20000)
            _ = await task.result
        }
        #expect(database.census.open == 1)
        await database.close()
    }

    @Test func aCancelledTransactionIsRolledBackAndItsConnectionKept() async throws {
        var options = DatabaseOptions()
        options.maximumConnections = 1
        let database = try await TestDatabase().open(options)
        try await database.run { try $0.script("CREATE TABLE t (a int)") }
        let task = Task {
            try await database.transaction { transaction in
                try transaction.execute("INSERT INTO t VALUES (1)")
                try transaction.query("SELECT pg_sleep(20)")
            }
        }
        try await Task.sleep(for: .milliseconds(200))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await database.run { try $0.value("SELECT count(*) FROM t") } == 0)
        await database.close()
    }

    private static let running: Query = """
        SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'
            AND query LIKE '%to be cancelled%' AND pid <> pg_backend_pid()
        """
}
