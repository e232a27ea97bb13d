import Logging
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The PostgreSQL that Atlas runs for itself where none is configured.
///
/// It listens on a Unix socket that only its user can reach. The first server that needs it makes and starts it, under a lock;
/// each holds a shared lock while it lives, and the last one out stops it. A server that is killed leaves it running: the
/// kernel frees the lock, and the next server finds it and goes on.
final class PrivateCluster: Sendable {
    let home: String
    let programs: String?
    /// Our share in the cluster, while we use it.
    private let share = Mutex<(lock: FileLock, folder: ClusterFolder)?>(nil)

    static let user = "atlas"
    static let database = "atlas"
    /// How long making and starting may take, on a slow disk with others at work.
    private static let patience: Duration = .seconds(45)

    /// - Parameters:
    ///   - home: `ATLAS_HOME`; nil for the platform's data folder.
    ///   - programs: `ATLAS_POSTGRES_BIN`; nil to look for it.
    init(home: String?, programs: String?) {
        self.home = home ?? Home.platformDefault
        self.programs = programs
    }

    /// A connection to the cluster, which is made and started if need be.
    func connect(_ options: DatabaseOptions, _ logger: Logger) throws -> Connection {
        let folder = try join()
        let host = try folder.socketFolder()
        if let connection = try reach(host, options) { return connection }
        let lock = try start(folder)
        defer { lock.release() }
        // Another may have started it while we waited.
        if let connection = try reach(host, options) { return connection }
        let version = try readVersion(folder)
        let programs = try PostgresPrograms.find(in: programs, version: version)
        if version == nil {
            logger.notice("Making a private PostgreSQL.", metadata: ["folder": "\(folder.folder)"])
            try ClusterMaking(folder: folder, programs: programs).make()
        }
        return try ClusterStarting(folder: folder, programs: programs, host: host).start { try reach(host, options) }
    }

    /// Gives our share up. If it was the last one, the cluster is stopped; that takes no longer than about a second of ours.
    func close() {
        guard
            let (lock, folder) = share.withLock({ share in
                defer { share = nil }
                return share
            })
        else { return }
        guard lock.take(.exclusive) else { return }
        ClusterStopping(folder: folder).stop(patience: .milliseconds(1000))
        lock.release()
    }

    /// Takes our share, so that nobody stops the cluster under us.
    private func join() throws -> ClusterFolder {
        try share.withLock { share in
            if let share { return share.folder }
            let folder = try ClusterFolder(home: home)
            try folder.make()
            let lock = try open(folder.usersLock, folder)
            guard lock.take(.shared, patience: Self.patience) else {
                throw DatabaseError(.preparing, detail: "the cluster is being stopped")
            }
            share = (lock, folder)
            return folder
        }
    }

    /// Takes the whole cluster instead of a share; false when others have theirs.
    func claim() throws -> Bool {
        try share.withLock { share in
            guard share == nil else { return false }
            let folder = try ClusterFolder(home: home)
            try folder.make()
            let lock = try open(folder.usersLock, folder)
            guard lock.take(.exclusive) else { return false }
            share = (lock, folder)
            return true
        }
    }

    private func start(_ folder: ClusterFolder) throws -> FileLock {
        let lock = try open(folder.startLock, folder)
        guard lock.take(.exclusive, patience: Self.patience) else {
            throw DatabaseError(.preparing, detail: "another server is starting the cluster")
        }
        return lock
    }

    func open(_ path: String, _ folder: ClusterFolder) throws -> FileLock {
        do { return try FileLock(path) } catch { throw folder.unwritable(path, error) }
    }

    /// The major version that made the data; nil when there is none.
    func readVersion(_ folder: ClusterFolder) throws -> Int? {
        guard let file = fopen(folder.data + "/PG_VERSION", "r") else {
            if errno == ENOENT { return nil }
            throw folder.unwritable(folder.data, .last)
        }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 16)
        fgets(&line, 16, file)
        return Int(String(decoding: line.prefix { $0 >= 48 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    /// A connection, or nil when no server listens.
    private func reach(_ host: String, _ options: DatabaseOptions) throws -> Connection? {
        guard access(host + "/.s.PGSQL.5432", F_OK) == 0 else { return nil }
        var values = ["host": host, "port": "5432", "dbname": Self.database, "user": Self.user]
        values["sslmode"] = "disable"
        values["gssencmode"] = "disable"
        do {
            return try Connection.open(ConnectionParameters(values: values), options)
        } catch let error as DatabaseError where error.kind == .missingDatabase {
            values["dbname"] = "postgres"
            let administrator = try Connection.open(ConnectionParameters(values: values), options)
            do {
                try administrator.script("CREATE DATABASE \(Self.database)")
            } catch let error as DatabaseError where error.sqlState == "42P04" || error.sqlState == "23505" {
                // another server was quicker
            }
            values["dbname"] = Self.database
            return try Connection.open(ConnectionParameters(values: values), options)
        } catch let error as DatabaseError where error.kind == .unavailable {
            return nil
        }
    }
}

enum UnixSocket {
    /// Whether somebody listens at `path`.
    static func accepts(_ path: String) -> Bool {
        #if canImport(Darwin)
            let descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        #endif
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { field in
            guard path.utf8.count < field.count else { return false }
            field.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { return false }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
