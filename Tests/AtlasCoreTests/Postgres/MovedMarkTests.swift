import TestSupport
import Testing

@testable import AtlasCore

@Suite struct MovedMarkTests {
    private let place = "the database o'brien at db.example.com:5432"

    private func marked() async throws -> TestDatabase {
        let test = try await TestDatabase()
        let database = test.open()
        try await database.run { connection in
            try connection.script(
                #"CREATE TABLE "it's $$" (n int); CREATE TABLE t (n int); INSERT INTO t VALUES (1); BEGIN"#)
            try MovedMark.leave(
                connection, tables: [#"public."it's $$""#, "public.t"], destination: place)
            try connection.script("COMMIT")
        }
        await database.close()
        return test
    }

    @Test func everyChangeIsRefusedAndNothingElse() async throws {
        let database = try await marked().open()
        let changes: [Query] = [
            "INSERT INTO t VALUES (2)", "UPDATE t SET n = 2", "DELETE FROM t", "TRUNCATE t",
            #"INSERT INTO "it's $$" VALUES (2)"#,
        ]
        for change in changes {
            let error = await #expect(throws: DatabaseError.self) { try await database.run { try $0.execute(change) } }
            #expect(error?.kind == .moved)
        }
        #expect(try await database.run { try $0.value("SELECT n FROM t", as: Int.self) } == 1)
        #expect(try await database.run { try MovedMark.destination($0) } == place)
        try await database.run { try $0.script("DROP FUNCTION atlas_moved() CASCADE; DELETE FROM t") }
        #expect(try await database.run { try MovedMark.destination($0) } == nil)
        await database.close()
    }

    @Test func whoConnectsIsToldWhereTheDataIs() async throws {
        let test = try await marked()
        let database = Database(
            source: test.source, workers: TestDatabase.workers, logger: .silent, admit: MovedMark.check)
        let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
        #expect(error?.kind == .moved && error?.description.contains(place) == true)
        #expect(error.map { AtlasError($0).code } == .notConfigured)
        await database.close()
    }
}
