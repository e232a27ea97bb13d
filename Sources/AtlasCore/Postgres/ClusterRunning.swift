import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Starting a private cluster that exists.
struct ClusterStarting {
    let folder: ClusterFolder
    let programs: PostgresPrograms
    /// The folder of its socket.
    let host: String

    /// Call it with the start lock held.
    ///
    /// - Parameter reach: a connection, or nil while the server does not listen.
    func start(_ reach: () throws -> Connection?) throws -> Connection {
        let end = monotonicNanoseconds() + 40_000_000_000
        var attempts = 0
        while true {
            attempts += 1
            let server = try launch()
            while server.isRunning, monotonicNanoseconds() < end {
                if let connection = try reach() { return connection }
                usleep(5_000)
            }
            // One that is still ending its work keeps the folder to itself for a moment.
            guard attempts < 5, monotonicNanoseconds() < end else { throw folder.failed("the server ended at once") }
            usleep(400_000)
            if let connection = try reach() { return connection }
        }
    }

    /// A server we started. As its parent we must take note of its end, or it stays a zombie.
    private final class Server: Sendable {
        private let running = Atomic(true)
        var isRunning: Bool { running.load(ordering: .acquiring) }

        init(_ process: ChildProcess) {
            let started = startDetachedThread(stackSize: 128 << 10) { [self] in
                _ = process.wait()
                running.store(false, ordering: .releasing)
            }
            if !started { running.store(false, ordering: .releasing) }
        }
    }

    private func launch() throws -> Server {
        let quoted = host.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
        return Server(
            try folder.spawn([
                programs.postgres, "-D", folder.data, "-c", "listen_addresses=", "-c", "port=5432",
                "-c", "unix_socket_directories=\"\(quoted)\"", "-c", "unix_socket_permissions=0700",
                "-c", "logging_collector=off", "-c", "log_destination=stderr", "-c", "fsync=on",
            ]))
    }
}

/// Stopping a private cluster that nobody uses any more.
struct ClusterStopping {
    let folder: ClusterFolder

    /// Call it with the users' lock held alone. Waits for the end as long as `patience`; it comes, even if later.
    func stop(patience: Duration) {
        // A stale file may name another's process: only a server that listens has just written its own.
        guard let host = try? folder.socketFolder(), UnixSocket.accepts(host + "/.s.PGSQL.5432") else { return }
        guard let server = process() else { return }
        kill(server, SIGINT)  // PostgreSQL's fast shutdown
        let end = monotonicNanoseconds() + patience.nanoseconds
        while process() == server, monotonicNanoseconds() < end { usleep(5_000) }
    }

    /// The server's process by its own note; nil when it has ended.
    func process() -> pid_t? {
        guard let file = fopen(folder.data + "/postmaster.pid", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 32)
        guard fgets(&line, 32, file) != nil else { return nil }
        return pid_t(String(decoding: line.prefix { $0 >= 48 && $0 <= 57 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
            .flatMap { $0 > 1 ? $0 : nil }
    }
}
