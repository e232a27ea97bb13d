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
        let runs = Shared(0)
        let error = await #expect(throws: DatabaseError.self) {
            try await database.transaction { transaction in
                runs.count()
                try transaction.execute("INSERT INTO t VALUES (1)")
                try transaction.commit(with: ["SELECT pg_terminate_backend(pg_backend_pid())"])
            }
        }
        #expect(error?.kind == .unknownOutcome)
        #expect(error?.isRetryable == false)
        #expect(runs.value == 1)
        await database.close()
    }
}
