import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite struct DatabaseErrorTests {
    @Test func constraintsAreNamedAndValuesAreNot() async throws {
        let database = try await TestDatabase().open()
        try await database.run {
            try $0.script(
                """
                CREATE TABLE p (id int PRIMARY KEY);
                CREATE TABLE t (mail text CONSTRAINT t_mail UNIQUE, n int NOT NULL CHECK (n > 0), p int REFERENCES p, s varchar(3));
                INSERT INTO t VALUES ('secret@example.com', 1)
                """)
        }
        func failure(_ query: Query) async -> DatabaseError? {
            let error = await #expect(throws: DatabaseError.self) { try await database.run { try $0.execute(query) } }
            if let error {
                for text in [error.description, error.debugDescription, "\(error)", String(reflecting: error)] {
                    #expect(!text.contains("secret") && !text.contains("INSERT") && !text.contains("SELECT"))
                }
            }
            return error
        }
        let mail = "secret@example.com"
        #expect(await failure("INSERT INTO t VALUES (\(mail), 2)")?.violates(unique: "t_mail") == true)
        #expect(await failure("INSERT INTO t VALUES ('secret', 0)")?.kind == .constraint(.check, name: "t_n_check"))
        #expect(await failure("INSERT INTO t (mail) VALUES ('secret')")?.kind == .constraint(.notNull, name: ""))
        #expect(
            await failure("INSERT INTO t VALUES ('secret', 1, 5)")?.kind == .constraint(.foreignKey, name: "t_p_fkey"))
        #expect(await failure("INSERT INTO t VALUES ('x', 1, NULL, \("secret"))")?.kind == .invalidValue)
        #expect(await failure("SELECT \("secret\0")")?.kind == .invalidValue)
        #expect(await failure("SELECT \("secret")::text::int")?.kind == .invalidValue)
        #expect(await failure("SELECT secret FROM secret")?.sqlState == "42P01")
        await database.close()
    }

    @Test func whoCannotConnectLearnsWhyAndNoSecret() async throws {
        let server = await PostgresServer.shared()
        func failure(_ source: DatabaseSource) async -> DatabaseError? {
            var options = DatabaseOptions()
            options.connectTimeout = .seconds(1)
            let database = Database(source: source, options: options, workers: TestDatabase.workers, logger: .silent)
            let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
            if let error {
                #expect(!"\(error) \(error.debugDescription) \(String(reflecting: error))".contains("hunter2"))
            }
            return error
        }
        #expect(await failure(server.source("no_such_database"))?.kind == .missingDatabase)
        #expect(await failure(server.source("postgres", user: "nobody"))?.kind == .authentication)
        #expect(await failure(.url("postgresql://u:hunter2@127.0.0.1:1/db"))?.kind == .unavailable)
        #expect(await failure(.url("postgresql://u:hunter2@127.0.0.1:15432/db"))?.kind == .unavailable)
        #expect(await failure(.url("postgresql://u:hunter2@host:port/db"))?.kind == .configuration)
        #expect(await failure(.url("mysql://u:hunter2@host/db"))?.kind == .configuration)
        #expect(
            await failure(.server(host: "/nowhere", database: "x", user: "x", password: "hunter2"))?.kind
                == .unavailable)
    }

    @Test func aServerThatNeverAnswersIsUnavailableInTime() async throws {
        let server = await PostgresServer.launch()
        server.freeze()
        var options = DatabaseOptions()
        options.connectTimeout = .seconds(1)
        let database = Database(
            source: server.source("postgres"), options: options, workers: TestDatabase.workers, logger: .silent)
        let start = ContinuousClock.now
        let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
        #expect(error?.kind == .unavailable)
        #expect(ContinuousClock.now - start < .seconds(10))
        server.thaw()
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        await database.close()
        server.stop()
    }

    @Test(arguments: [
        ("postgresql+asyncpg://a:b%40@h/db", "postgresql://a:b%40@h/db", true),
        (
            "postgres://h1:1,h2:2/db?target_session_attrs=read-write",
            "postgres://h1:1,h2:2/db?target_session_attrs=read-write", true
        ),
        ("postgresql+asyncpg://h/db?ssl=require&statement_cache_size=0", "postgresql://h/db?sslmode=require", false),
        ("postgresql+psycopg2://h/db?command_timeout=5&ssl=false", "postgresql://h/db?sslmode=disable", true),
        ("host=/tmp dbname=x", "host=/tmp dbname=x", true),
    ])
    func urlsAsPythonWritesThemAreUnderstood(given: String, expected: String, prepares: Bool) {
        let url = DatabaseURL(given)
        #expect(url.text == expected)
        #expect(url.preparesStatements == prepares)
    }
}
