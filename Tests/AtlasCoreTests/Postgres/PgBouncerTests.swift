import Foundation
import TestSupport
import Testing

@testable import AtlasCore

/// PgBouncer in transaction mode, as operators put it before a busy server.
@Suite(.serialized) struct PgBouncerTests {
    private final class Bouncer: Sendable {
        let folder = "/tmp/atlas-bouncer-" + UUID().uuidString.prefix(8)
        private let process: pid_t

        init(before server: PostgresServer, _ settings: [String] = []) throws {
            let program: String? = ["/usr/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "/usr/bin/pgbouncer"].first {
                (path: String) in
                access(path, X_OK) == 0
            }
            guard let program else { throw Missing() }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            chmod(folder, 0o777)
            let configuration = """
                [databases]
                * = host=\(server.host)
                [pgbouncer]
                listen_addr =
                unix_socket_dir = \(folder)
                listen_port = 6432
                auth_type = any
                pool_mode = transaction
                default_pool_size = 2
                \(settings.joined(separator: "\n"))
                """
            let fixed = configuration.replacingOccurrences(
                of: "* = host=\(server.host)", with: "* = host=\(server.host) user=postgres")
            try fixed.write(toFile: folder + "/ini", atomically: true, encoding: .utf8)
            var arguments = [program, folder + "/ini"]
            if geteuid() == 0 {
                arguments = ["/usr/bin/setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] + arguments
            }
            process = try ChildProcess(arguments, output: folder + "/log").id
            for _ in 0..<200 where !UnixSocket.accepts(folder + "/.s.PGSQL.6432") { usleep(20_000) }
        }

        deinit {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
            try? FileManager.default.removeItem(atPath: folder)
        }

        struct Missing: Error, CustomStringConvertible {
            var description: String { "pgbouncer is not installed: run script/bootstrap" }
        }
    }

    /// Many callers on two server connections: units of work and transactions stay whole.
    private func work(_ database: Database) async throws {
        try await database.run { try $0.script("CREATE TABLE IF NOT EXISTS t (a int)") }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<60 {
                group.addTask {
                    let answer: Int? = try await database.run { try $0.value("SELECT \(index) + 1") }
                    #expect(answer == index + 1)
                    let count: Int? = try await database.transaction { transaction in
                        try transaction.execute("INSERT INTO t VALUES (\(index))")
                        return try transaction.value("SELECT count(*) FROM t WHERE a = \(index)")
                    }
                    #expect(count == 1)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func transactionModeWorksWithPreparedStatementsOff() async throws {
        let test = try await TestDatabase()
        let bouncer = try Bouncer(before: test.server)
        var options = DatabaseOptions()
        options.preparesStatements = false
        let source = DatabaseSource.server(host: bouncer.folder, port: "6432", database: test.name, user: "postgres")
        let migrations = (1...3).map { Migration(name: "\($0).sql", sql: "CREATE TABLE m\($0) ()") }
        // several servers that start at once
        let databases = (0..<4).map { _ in
            Database(source: source, options: options, workers: TestDatabase.workers, logger: .silent) {
                try Migrator(migrations, logger: .silent).migrate($0)
            }
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for database in databases { group.addTask { try await database.warmUp() } }
            try await group.waitForAll()
        }
        try await work(databases[0])
        // the time limit is ours to keep, for the pooler takes no start-up options
        let task = Task { try await databases[1].run { _ = try $0.query("SELECT pg_sleep(20)") } }
        try await Task.sleep(for: .milliseconds(300))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await databases[1].run { try $0.value("SELECT 1") } == 1)
        for database in databases { await database.close() }
    }

    @Test func preparedStatementsLeftOnByMistakeAreSwitchedOff() async throws {
        let test = try await TestDatabase()
        let bouncer = try Bouncer(before: test.server)
        let source = DatabaseSource.server(host: bouncer.folder, port: "6432", database: test.name, user: "postgres")
        let database = Database(source: source, workers: TestDatabase.workers, logger: .silent)
        do { try await work(database) } catch let error as DatabaseError { Issue.record("\(error.debugDescription)") }
        await database.close()
    }
}
