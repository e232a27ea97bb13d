import TestSupport
import Testing

@testable import AtlasCore

@Suite("Statements that travel together and fail alone")
struct EachAloneTests {
    private func state(_ outcome: Result<Rows, any Error>) throws -> String {
        switch outcome {
        case .success(let rows): return try rows[0].get(0, as: String.self)
        case .failure(let error as DatabaseError): return error.sqlState ?? "\(error.kind)"
        case .failure(let error): throw error
        }
    }

    @Test("One exchange, whatever fails in it, with prepared statements and without", arguments: [true, false])
    func failures(prepares: Bool) async throws {
        var options = DatabaseOptions()
        options.preparesStatements = prepares
        let database = try await TestDatabase().open(options)
        let queries: [Query] = [
            "SELECT 'a'", "SELECT 1 / \(0)", "SELECT * FROM nowhere", "SELECT 'b' || \("c")", "SELEC", "SELECT 'd'",
        ]
        for _ in 0..<3 {
            let states = try await database.run { connection in
                let before = connection.exchanges
                let outcomes = try connection.eachAlone(queries, timeout: .seconds(5))
                #expect(connection.exchanges - before == 1)
                return try outcomes.map(state)
            }
            #expect(states == ["a", "22012", "42P01", "bc", "42601", "d"])
        }
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        await database.close()
    }

    @Test("One that takes too long is stopped, and the next one runs")
    func timeouts() async throws {
        let database = try await TestDatabase().open()
        let states = try await database.run { connection in
            try connection.eachAlone(
                ["SELECT 'a'", "SELECT pg_sleep(30)::text", "SELECT 'b'"], timeout: .seconds(1)
            ).map { outcome -> String in
                if case .failure(let error as DatabaseError) = outcome { return "\(error.kind)" }
                return try state(outcome)
            }
        }
        #expect(states == ["a", "timeout", "b"])
        #expect(database.census.open == 1)
        await database.close()
    }

    @Test("A statement that was prepared for a table as it was is prepared anew")
    func changedTable() async throws {
        let database = try await TestDatabase().open()
        try await database.run { connection in
            try connection.script("CREATE TABLE t (a text); INSERT INTO t VALUES ('x')")
            let queries: [Query] = ["SELECT 'a'", "SELECT * FROM t"]
            _ = try connection.eachAlone(queries, timeout: .seconds(5))
            try connection.script("ALTER TABLE t ALTER a TYPE varchar(9), ADD b int")
            #expect(try connection.eachAlone(queries, timeout: .seconds(5)).map(state) == ["a", "x"])
        }
        await database.close()
    }
}
