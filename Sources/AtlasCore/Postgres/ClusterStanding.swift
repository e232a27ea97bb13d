#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// How a private cluster stands, found out without starting it.
public struct ClusterStanding: Sendable, Equatable {
    /// The major version that made it; nil when it was not made yet.
    public var version: Int?
    public var isRunning: Bool
    /// The server's process, while it runs.
    public var process: Int32?
}

extension DatabaseSource {
    /// How the private cluster stands; nil for any other database.
    public func clusterStanding() throws -> ClusterStanding? {
        guard case .privateCluster(let cluster) = place else { return nil }
        let folder = try ClusterFolder(home: cluster.home)
        let runs = UnixSocket.accepts(folder.socketAddress + "/.s.PGSQL.5432")
        return ClusterStanding(
            version: try cluster.readVersion(folder), isRunning: runs,
            process: runs ? ClusterStopping(folder: folder).process() : nil)
    }

    /// PostgreSQL's programs that the private cluster would be made and started with; nil for any other database.
    ///
    /// - Throws: ``DatabaseError`` that says what to install.
    public func clusterPrograms() throws -> (folder: String, version: Int)? {
        guard case .privateCluster(let cluster) = place else { return nil }
        let version = try cluster.readVersion(try ClusterFolder(home: cluster.home))
        let found = try PostgresPrograms.find(in: cluster.programs, version: version)
        return (found.folder, found.version)
    }

    /// Stops the private cluster and waits for its end.
    ///
    /// - Parameter evenIfUsed: to stop it under the servers that use it: their calls fail, and the next one starts it again.
    /// - Returns: false when it did not run.
    /// - Throws: ``DatabaseError`` when servers use it, when it does not end, and when the database is no private cluster.
    public func stopCluster(evenIfUsed: Bool, patience: Duration = .seconds(30)) throws -> Bool {
        guard case .privateCluster(let cluster) = place else {
            throw DatabaseError(
                .configuration,
                message:
                    "The database is not Atlas's own, so stopping it is up to those who run it. Unset ATLAS_DATABASE_URL "
                    + "and the ATLAS_DB_ variables to mean the private one.")
        }
        guard let standing = try clusterStanding(), standing.isRunning else { return false }
        let folder = try ClusterFolder(home: cluster.home)
        let lock = try cluster.open(folder.usersLock, folder)
        defer { lock.release() }
        guard lock.take(.exclusive) || evenIfUsed else {
            throw DatabaseError(
                .other,
                message: "Servers are using the private database. End them first, or stop it under them with --force.")
        }
        let stopping = ClusterStopping(folder: folder)
        stopping.stop(patience: patience)
        if stopping.process() == standing.process, UnixSocket.accepts(folder.socketAddress + "/.s.PGSQL.5432") {
            throw DatabaseError(
                .other,
                message: "The private database has not ended after \(patience.components.seconds) s: see \(folder.log)."
            )
        }
        return true
    }
}
