import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct DatabaseTests {
    @Test func aUnitOfWorkRunsOnTheWorkers() async throws {
        let database = try await TestDatabase().open()
        let isCurrent = try await database.run { _ in TestDatabase.workers.isCurrent }
        #expect(isCurrent)
        let inline = try await TestDatabase.workers.run {
            let before = pthread_self()
            return try await database.run { _ in pthread_self() == before }
        }
        #expect(inline)
        await database.close()
    }

    @Test func aPipelineRunsAllOrNothing() async throws {
        let database = try await TestDatabase().open()
        try await database.run { try $0.script("CREATE TABLE t (a int UNIQUE)") }
        let results = try await database.run { connection in
            try connection.pipeline(["INSERT INTO t VALUES (1), (2)", "SELECT count(*) AS n FROM t"]).map(\.affected)
        }
        #expect(results == [2, 1])
        await #expect(throws: DatabaseError.self) {
            try await database.run { try $0.pipeline(["INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)"]).count }
        }
        let count: Int? = try await database.run { try $0.value("SELECT count(*) FROM t") }
        #expect(count == 2)
        await database.close()
    }

    @Test func statementsArePreparedOnceAndTheCacheIsBounded() async throws {
        var options = DatabaseOptions()
        options.maximumConnections = 1
        let database = try await TestDatabase().open(options)
        try await database.run { connection in
            for _ in 0..<3 { #expect(try connection.value("SELECT \(1) + 1") == 2) }
            let prepared: Int? = try connection.value(
                "SELECT count(*) FROM pg_prepared_statements WHERE statement = 'SELECT $1 + 1'")
            #expect(prepared == 1)
            for index in 0..<300 {
                #expect(try connection.value(Query(stringLiteral: "SELECT \(index)")) == index)
            }
            let all: Int? = try connection.value("SELECT count(*) FROM pg_prepared_statements")
            #expect(all == 256)
            // the same text with another type is another statement
            #expect(try connection.value("SELECT \(1)") == 1)
            #expect(try connection.value("SELECT \("x")") == "x")
        }
        await database.close()
    }

    @Test func aStatementWhoseTableChangedIsPreparedAnew() async throws {
        let database = try await TestDatabase().open()
        try await database.run { connection in
            try connection.script("CREATE TABLE t (a int); INSERT INTO t VALUES (1)")
            #expect(try connection.query("SELECT * FROM t")[0].has("b") == false)
            try connection.script("ALTER TABLE t ADD b text")
            #expect(try connection.query("SELECT * FROM t")[0].has("b"))
            try connection.script("DEALLOCATE ALL")
            #expect(try connection.query("SELECT * FROM t")[0].has("b"))
        }
        let attempts = Shared(0)
        try await database.transaction { transaction in
            attempts.count()
            try transaction.query("SELECT 1")
            if attempts.value == 1 { try transaction.execute("ALTER TABLE t ADD c text") }
            #expect(try transaction.query("SELECT * FROM t").count == 1)
        }
        #expect(attempts.value == 2)
        await database.close()
    }

    @Test func withoutPreparedStatementsAllWorksTheSame() async throws {
        var options = DatabaseOptions()
        options.preparesStatements = false
        let database = try await TestDatabase().open(options)
        try await database.run { connection in
            let rows = try connection.pipeline(["SELECT \("a") AS x", "SELECT \([1, 2]) AS y"])
            #expect(try rows[0][0].get("x") == "a")
            #expect(try rows[1][0].get("y") == [1, 2])
            #expect(try connection.value("SELECT count(*) FROM pg_prepared_statements") == 0)
        }
        await database.close()
    }

    /// Keeps a connection until `release` is set.
    private func hold(_ database: Database, _ held: Shared<Int>, _ release: Shared<Bool>) async throws {
        try await database.run { _ in
            held.count()
            while !release.value { usleep(1000) }
        }
    }

    @Test func whoFindsNoConnectionWaitsAndThenGivesUp() async throws {
        var options = DatabaseOptions()
        options.maximumConnections = 2
        options.poolTimeout = .milliseconds(300)
        let database = try await TestDatabase().open(options)
        let (held, release) = (Shared(0), Shared(false))
        async let one: Void = hold(database, held, release)
        async let two: Void = hold(database, held, release)
        while held.value < 2 { try await Task.sleep(for: .milliseconds(5)) }
        let start = ContinuousClock.now
        let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
        #expect(error?.kind == .poolExhausted)
        #expect(error?.isRetryable == true)
        #expect(ContinuousClock.now - start >= .milliseconds(300))
        release.update { $0 = true }
        _ = try await (one, two)
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        #expect(database.census.open == 2)
        #expect(database.census.idle == 2)
        await database.close()
        await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
    }

    @Test func aHundredCallersShareAFewConnectionsFairly() async throws {
        var options = DatabaseOptions()
        options.maximumConnections = 3
        let database = try await TestDatabase().open(options)
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<100 {
                group.addTask { try await database.run { try $0.value("SELECT \(index)") ?? 0 } }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 4950)
        #expect(database.census.open <= 3)
        await database.close()
    }

    @Test func aWaitingCallerCanBeCancelled() async throws {
        var options = DatabaseOptions()
        options.maximumConnections = 1
        let database = try await TestDatabase().open(options)
        let (held, release) = (Shared(0), Shared(false))
        async let busy: Void = hold(database, held, release)
        while held.value < 1 { try await Task.sleep(for: .milliseconds(5)) }
        let task = Task { try await database.run { _ in } }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        release.update { $0 = true }
        try await busy
        await database.close()
    }

    @Test func aStatementThatTakesTooLongIsStopped() async throws {
        for tellsServer in [true, false] {
            var options = DatabaseOptions()
            options.statementTimeout = .seconds(1)
            options.tellsServerOfTimeout = tellsServer
            let database = try await TestDatabase().open(options)
            let start = ContinuousClock.now
            let error = await #expect(throws: DatabaseError.self) {
                try await database.run { _ = try $0.query("SELECT pg_sleep(20)") }
            }
            #expect(error?.kind == .timeout)
            #expect(ContinuousClock.now - start < .seconds(10))
            #expect(try await database.run { try $0.value("SELECT 1") } == 1)
            #expect(database.census.open == 1)
            await database.close()
        }
    }
}
