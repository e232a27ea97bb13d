import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct TransactionTests {
    private func table() async throws -> Database {
        let database = try await TestDatabase().open()
        try await database.run { try $0.script("CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL DEFAULT 0)") }
        return database
    }

    private func count(_ database: Database) async throws -> Int? {
        try await database.run { try $0.value("SELECT count(*) FROM t") }
    }

    @Test func whatItDidIsThereAfterwards() async throws {
        let database = try await table()
        try await database.transaction { try $0.execute("INSERT INTO t VALUES (1)") }
        let sum = try await database.transaction { transaction -> Int in
            try transaction.execute("INSERT INTO t VALUES (2)")
            return try transaction.commit(with: ["INSERT INTO t VALUES (3)", "SELECT count(*) FROM t"])[1][0].get(0)
        }
        #expect(sum == 3)
        #expect(try await count(database) == 3)
        // all of it in one exchange
        try await database.transaction { _ = try $0.commit(with: ["INSERT INTO t VALUES (4)"]) }
        #expect(try await count(database) == 4)
        await database.close()
    }

    @Test func whatThrowsLeavesNothing() async throws {
        struct Refusal: Error {}
        let database = try await table()
        await #expect(throws: Refusal.self) {
            try await database.transaction { transaction in
                try transaction.execute("INSERT INTO t VALUES (1)")
                throw Refusal()
            }
        }
        await #expect(throws: DatabaseError.self) {
            try await database.transaction {
                try $0.commit(with: ["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"]).count
            }
        }
        #expect(try await count(database) == 0)
        #expect(database.census.open == 1)
        await database.close()
    }

    @Test func anErrorThatWasSwallowedStillFailsTheTransaction() async throws {
        let database = try await table()
        let error = await #expect(throws: DatabaseError.self) {
            try await database.transaction { transaction in
                try transaction.execute("INSERT INTO t VALUES (1)")
                _ = try? transaction.execute("INSERT INTO t VALUES (1)")
            }
        }
        #expect(error?.violates(unique: "t_pkey") == true)
        #expect(try await count(database) == 0)
        await database.close()
    }

    @Test func deadlocksAreResolvedByStartingOver() async throws {
        let database = try await table()
        try await database.run { try $0.script("INSERT INTO t VALUES (1), (2)") }
        let runs = Shared(0)
        let locked = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (first, second) in [(1, 2), (2, 1)] {
                group.addTask {
                    try await database.transaction { transaction in
                        let run = runs.count()
                        try transaction.execute("UPDATE t SET b = b + 1 WHERE a = \(first)")
                        // Each has its first row before either asks for the other's.
                        if run <= 2 { locked.count() }
                        while locked.value < 2 { usleep(1000) }
                        try transaction.execute("UPDATE t SET b = b + 1 WHERE a = \(second)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(runs.value >= 3)
        let sums = try await database.run { try $0.query("SELECT b FROM t").map { try $0.get(0, as: Int.self) } }
        #expect(sums == [2, 2])
        await database.close()
    }

    @Test func aConnectionLostBeforeCommitIsANewAttempt() async throws {
        let database = try await table()
        let runs = Shared(0)
        try await database.transaction { transaction in
            let attempt = runs.count()
            try transaction.execute("INSERT INTO t VALUES (\(attempt))")
            if attempt == 1 { try transaction.query("SELECT pg_terminate_backend(pg_backend_pid())") }
        }
        #expect(try await database.run { try $0.value("SELECT a FROM t") } == 2)
        await database.close()
    }

    @Test func aConnectionLostDuringCommitIsAnUnknownOutcome() async throws {
        let database = try await table()
        // Ends the connection within COMMIT.
        try await database.run {
            try $0.script(
                """
                CREATE FUNCTION leave() RETURNS trigger LANGUAGE plpgsql
                    AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
                CREATE CONSTRAINT TRIGGER leaving AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED
                    FOR EACH ROW EXECUTE FUNCTION leave();
                """)
        }
        let runs = Shared(0)
        let error = await #expect(throws: DatabaseError.self) {
            try await database.transaction { transaction in
                runs.count()
                try transaction.commit(with: ["INSERT INTO t VALUES (1)"])
            }
        }
        #expect(error?.kind == .unknownOutcome)
        #expect(error?.isRetryable == false)
        #expect(runs.value == 1)
        await database.close()
    }

    /// The server ended the connection after the pool had looked at it and before the last words went out: none of them was run.
    @Test(arguments: [true, false]) func lastWordsThatNobodyHeardAreSaidAgain(first: Bool) async throws {
        let test = try await TestDatabase()
        let database = test.open()
        try await database.run { try $0.script("CREATE TABLE t (a int)") }
        let other = try test.source.connect(DatabaseOptions(), .silent)
        let runs = Shared(0)
        try await database.transaction { transaction in
            let run = runs.count()
            if !first { try transaction.execute("INSERT INTO t VALUES (\(-run))") }
            if run == 1 {
                let others: Query =
                    "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                try other.query("SELECT pg_terminate_backend(pid) \(others)")
                while try other.value("SELECT count(*) \(others)", as: Int.self) ?? 0 > 0 { usleep(1000) }
            }
            try transaction.commit(with: ["INSERT INTO t VALUES (\(run))"])
        }
        #expect(runs.value == 2)
        #expect(
            try await database.run { try $0.value("SELECT array_agg(a ORDER BY a) FROM t") } == (first ? [2] : [-2, 2]))
        await database.close()
    }
}
