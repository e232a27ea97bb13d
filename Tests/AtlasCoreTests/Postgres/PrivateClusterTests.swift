import Foundation
import TestSupport
import Testing

@testable import AtlasCore

@Suite(.serialized) struct PrivateClusterTests {
    /// A folder that the server's user can enter, gone after the test.
    private final class Home {
        let path = Home.base + "/atlas-home-" + UUID().uuidString.prefix(8)
        private static let base = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp"
        var data: String { path + "/postgres/data" }

        deinit {
            if let process = process() { kill(process, SIGQUIT) }
            usleep(100_000)
            try? FileManager.default.removeItem(atPath: path)
        }

        func process() -> pid_t? {
            guard let folder = try? ClusterFolder(home: path) else { return nil }
            return ClusterStopping(folder: folder).process()
        }

        func open() -> Database {
            Database(source: .privateCluster(home: path), workers: TestDatabase.workers, logger: .silent)
        }
    }

    @Test func fourServersRaceForOneClusterAndTheLastOneOutStopsIt() async throws {
        let home = Home()
        let databases = (0..<4).map { _ in home.open() }
        let processes = try await withThrowingTaskGroup(of: String?.self) { group in
            for database in databases {
                group.addTask { try await database.run { try $0.value("SELECT pg_postmaster_start_time()::text") } }
            }
            return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
        }
        #expect(processes.count == 1)
        let facts: [String] = try await databases[0].run { connection in
            try ["server_encoding", "fsync", "data_checksums", "listen_addresses", "unix_socket_permissions"].map {
                try connection.value("SELECT current_setting(\($0))") ?? ""
            }
        }
        #expect(facts == ["UTF8", "on", "on", "", "0700"])
        for database in databases.dropLast() { await database.close() }
        #expect(home.process() != nil)
        #expect(try await databases[3].run { try $0.value("SELECT 1") } == 1)
        let start = ContinuousClock.now
        await databases[3].close()
        #expect(ContinuousClock.now - start < .seconds(3))
        #expect(home.process() == nil)
    }

    @Test func aClusterThatAKilledServerLeftIsAdoptedWithItsData() async throws {
        let home = Home()
        do {
            // Let go without closing, as a killed process does: the kernel frees its locks, nobody stops the cluster.
            let database = home.open()
            try await database.run { try $0.script("CREATE TABLE t (a int); INSERT INTO t VALUES (7)") }
        }
        let first = home.process()
        let second = home.open()
        #expect(try await second.run { try $0.value("SELECT a FROM t") } == 7)
        #expect(home.process() == first)
        // The cluster itself is killed: the next call brings it back.
        let process = try #require(first)
        kill(process, SIGKILL)
        try await Task.sleep(for: .milliseconds(300))
        #expect(try await second.run { try $0.value("SELECT a FROM t") } == 7)
        #expect(home.process() != first)
        await second.close()
        // stopped, and started again
        let third = home.open()
        #expect(try await third.run { try $0.value("SELECT a FROM t") } == 7)
        await third.close()
        #expect(home.process() == nil)
    }

    @Test func halfOfAClusterThatAKilledServerLeftIsRemoved() async throws {
        let home = Home()
        let remains = home.path + "/postgres/making-1"
        try FileManager.default.createDirectory(atPath: remains + "/base", withIntermediateDirectories: true)
        chmod(home.path, 0o755)
        chmod(home.path + "/postgres", 0o755)
        let database = home.open()
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        #expect(!FileManager.default.fileExists(atPath: remains))
        await database.close()
    }

    @Test func theServerInheritsNothingOfOurs() async throws {
        let home = Home()
        let pipe = Pipe()  // as a host's would be: not closed on exec
        setenv("ATLAS_TEST_SECRET", "hunter2", 1)
        let database = home.open()
        try await database.warmUp()
        let process = try #require(home.process())
        #if os(Linux)
            let environment = try String(
                decoding: Data(contentsOf: URL(fileURLWithPath: "/proc/\(process)/environ")), as: UTF8.self)
            #expect(!environment.contains("hunter2"))
            let links = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").compactMap {
                try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(process)/fd/\($0)")
            }
            let ours = try FileManager.default.destinationOfSymbolicLink(
                atPath: "/proc/self/fd/\(pipe.fileHandleForWriting.fileDescriptor)")
            #expect(!links.contains(ours))
            #expect(!links.contains { $0.hasSuffix(".lock") && $0.hasPrefix(home.path + "/postgres/users") })
        #endif
        #expect(getsid(process) == process)
        await database.close()
    }

    @Test func aPathTooLongForASocketGetsAShortOne() async throws {
        let home = Home()
        let long = home.path + "/" + String(repeating: "long", count: 30)
        let database = Database(source: .privateCluster(home: long), workers: TestDatabase.workers, logger: .silent)
        #expect(try await database.run { try $0.value("SELECT 1") } == 1)
        let socket: String? = try await database.run {
            try $0.value("SELECT current_setting('unix_socket_directories')")
        }
        #expect((socket ?? long).utf8.count < 80)
        await database.close()
        try socket.map { try FileManager.default.removeItem(atPath: $0.trimmingCharacters(in: ["\""])) }
    }

    @Test func whatIsMissingOrForbiddenIsSaid() async throws {
        func failure(_ source: DatabaseSource) async -> DatabaseError? {
            let database = Database(source: source, workers: TestDatabase.workers, logger: .silent)
            let error = await #expect(throws: DatabaseError.self) { try await database.run { _ in } }
            await database.close()
            return error
        }
        let home = Home()
        let missing = await failure(.privateCluster(home: home.path, programs: "/nowhere"))
        #expect(missing?.kind == .missingLibrary)
        #expect(missing?.description.contains("ATLAS_POSTGRES_BIN") == true)
        #expect(throws: DatabaseError.self) { try PostgresPrograms.find(in: nil, version: 9) }
        let unwritable = await failure(.privateCluster(home: "/proc/atlas"))
        #expect(unwritable?.kind == .configuration)
        #expect(unwritable?.description.contains("/proc/atlas") == true)
        #expect(unwritable?.description.contains("ATLAS_HOME") == true)
        #expect(await failure(.privateCluster(home: "relative/path"))?.kind == .configuration)
        if geteuid() == 0 {
            let closed = Home()
            try FileManager.default.createDirectory(atPath: closed.path, withIntermediateDirectories: true)
            chmod(closed.path, 0o700)
            let error = await failure(.privateCluster(home: closed.path + "/atlas"))
            #expect(error?.description.contains("may not enter \(closed.path)") == true)
        }
        // somebody else's socket folder is not used
        let taken = Home()
        try FileManager.default.createDirectory(atPath: taken.path + "/postgres/run", withIntermediateDirectories: true)
        for folder in ["", "/postgres", "/postgres/run"] { chmod(taken.path + folder, 0o777) }
        let error = await failure(.privateCluster(home: taken.path))
        #expect(error?.kind == .configuration)
        #expect(error?.description.contains("/postgres/run must be a folder that only") == true)
    }
}
