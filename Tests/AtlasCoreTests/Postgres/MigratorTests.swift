import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct MigratorTests {
    private let files = [
        Migration(
            name: "002_b.sql",
            sql: "ALTER TABLE m ADD b text DEFAULT current_setting('atlas.test', true); INSERT INTO m (a) VALUES (2);"),
        Migration(name: "001_a.sql", sql: "CREATE TABLE m (a int);\nINSERT INTO m VALUES (1);"),
    ]

    private func open(_ test: TestDatabase, _ files: [Migration], _ options: DatabaseOptions = .init()) -> Database {
        test.open(options) { try Migrator(files, settings: ["atlas.test": "it's set"], logger: .silent).migrate($0) }
    }

    @Test func missingMigrationsAreAppliedInOrderOnce() async throws {
        let test = try await TestDatabase()
        for _ in 0..<2 {
            let database = open(test, files)
            let rows = try await database.run {
                try $0.query("SELECT a, b FROM m ORDER BY a").map { try $0.get("b", as: String?.self) }
            }
            #expect(rows == ["it's set", "it's set"])
            let names = try await database.run {
                try $0.query("SELECT name FROM atlas_migrations ORDER BY applied_at").map {
                    try $0.get(0, as: String.self)
                }
            }
            #expect(names == ["001_a.sql", "002_b.sql"])
            await database.close()
        }
        // one more, later
        let database = open(test, files + [Migration(name: "003_c.sql", sql: "CREATE TABLE n ()")])
        #expect(try await database.run { try $0.value("SELECT count(*) FROM atlas_migrations") } == 3)
        await database.close()
    }

    @Test func eightServersAtOnceApplyEachOnce() async throws {
        let test = try await TestDatabase()
        let slow =
            files
            + (3...6).map {
                Migration(
                    name: "00\($0).sql",
                    sql: "INSERT INTO m VALUES (\($0)); SELECT pg_sleep(0.05); CREATE TABLE t\($0) ()")
            }
        let databases = (0..<8).map { _ in open(test, slow) }
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for database in databases {
                group.addTask { try await database.run { try $0.value("SELECT count(*) FROM m") } }
            }
            for try await count in group { #expect(count == 6) }
        }
        for database in databases { await database.close() }
    }

    @Test func anEditedMigrationIsRefused() async throws {
        let test = try await TestDatabase()
        let first = open(test, files)
        try await first.warmUp()
        await first.close()
        let second = open(test, [files[0], Migration(name: "001_a.sql", sql: files[1].sql + " ")])
        let error = await #expect(throws: DatabaseError.self) { try await second.run { _ in } }
        #expect(error?.kind == .migration)
        #expect(error?.description.contains("001_a.sql was edited") == true)
        await second.close()
    }

    @Test func aFailedMigrationLeavesNothingAndSaysWhere() async throws {
        let test = try await TestDatabase()
        let broken = Migration(
            name: "003_c.sql",
            sql: "CREATE TABLE c (a int);\nINSERT INTO c VALUES (1);\nINSERT INTO nowhere VALUES (1);")
        let database = open(test, files + [broken])
        let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
        #expect(error?.kind == .migration)
        #expect(error?.description.contains("003_c.sql failed") == true)
        #expect(error?.debugDescription.contains("line 3") == true)
        let plain = test.open()
        #expect(
            try await plain.run { try $0.value("SELECT to_regclass('c') IS NULL AND to_regclass('m') IS NOT NULL") }
                == true)
        #expect(try await plain.run { try $0.value("SELECT count(*) FROM atlas_migrations") } == 2)
        // mended, it goes on from there
        let mended = open(test, files + [Migration(name: "003_c.sql", sql: "CREATE TABLE c (a int)")])
        try await mended.warmUp()
        for database in [database, plain, mended] { await database.close() }
    }

    @Test func aMigrationMustNotEndItsTransaction() async throws {
        let database = open(
            try await TestDatabase(), [Migration(name: "1.sql", sql: "CREATE TABLE c (a int); COMMIT;")])
        let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
        #expect(error?.kind == .migration)
        await database.close()
    }

    @Test func aDatabaseNewerThanTheProgramWorks() async throws {
        let test = try await TestDatabase()
        let newer = open(test, files)
        try await newer.warmUp()
        let older = open(test, [files[1]])
        #expect(try await older.run { try $0.value("SELECT count(*) FROM m") } == 2)
        await newer.close()
        await older.close()
    }

    @Test func aMigrationMayTakeLongerThanAStatement() async throws {
        var options = DatabaseOptions()
        options.statementTimeout = .seconds(1)
        let database = open(try await TestDatabase(), [Migration(name: "1.sql", sql: "SELECT pg_sleep(2)")], options)
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        await database.close()
    }

    @Test func aCallerThatWaitsTooLongLeavesTheMigrationRunning() async throws {
        var options = DatabaseOptions()
        options.prepareTimeout = .milliseconds(200)
        let database = open(try await TestDatabase(), [Migration(name: "1.sql", sql: "SELECT pg_sleep(0.8)")], options)
        let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
        #expect(error?.kind == .preparing)
        var applied: Int?
        for _ in 0..<50 where applied == nil {
            applied = try? await database.run { try $0.value("SELECT count(*) FROM atlas_migrations") }
        }
        #expect(applied == 1)
        await database.close()
    }
}
