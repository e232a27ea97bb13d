#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The files of a private cluster, and who owns them.
struct ClusterFolder: Sendable {
    /// `ATLAS_HOME`.
    let home: String
    /// The user the server runs as: nil for ourselves; for root, who may not run PostgreSQL, the system's `postgres`.
    let owner: Owner?

    struct Owner: Sendable, Equatable {
        let name: String
        let user: uid_t
        let group: gid_t
    }

    var folder: String { home + "/postgres" }
    var data: String { folder + "/data" }
    var log: String { folder + "/log" }
    /// Held while the cluster is made, started or stopped.
    var startLock: String { folder + "/start.lock" }
    /// Held, shared, by each server that uses the cluster.
    var usersLock: String { folder + "/users.lock" }

    init(home: String) throws {
        var home = home
        while home.count > 1, home.hasSuffix("/") { home.removeLast() }
        guard home.hasPrefix("/") else {
            throw DatabaseError(.configuration, message: "ATLAS_HOME must be an absolute path, and \(home) is not.")
        }
        self.home = home
        guard geteuid() == 0 else {
            owner = nil
            return
        }
        guard let entry = getpwnam("postgres") else {
            throw DatabaseError(
                .missingLibrary,
                message:
                    "PostgreSQL does not run as root, and its user postgres does not exist. Install PostgreSQL (Debian: apt "
                    + "install postgresql), or set ATLAS_DATABASE_URL.")
        }
        owner = Owner(name: "postgres", user: entry.pointee.pw_uid, group: entry.pointee.pw_gid)
    }

    /// Makes the folders that are missing.
    ///
    /// - Throws: ``DatabaseError`` of kind `configuration` that names the folder and says what to set.
    func make() throws {
        var path = ""
        for part in home.split(separator: "/") {
            path += "/" + part
            if mkdir(path, path == home ? (owner == nil ? 0o700 : 0o711) : 0o755) != 0 && errno != EEXIST {
                throw unwritable(path, .last)
            }
        }
        if mkdir(folder, owner == nil ? 0o700 : 0o711) != 0 && errno != EEXIST { throw unwritable(folder, .last) }
        guard access(folder, W_OK) == 0 else { throw unwritable(folder, .last) }
        if let owner { try checkPassage(for: owner) }
    }

    /// The folder of the socket: beside the data, or, where that path is too long for a socket, in a short one of our own.
    func socketFolder() throws -> String {
        let folder = socketAddress
        try makePrivate(folder)
        return folder
    }

    /// The same, not made.
    var socketAddress: String {
        let near = folder + "/run"
        // libpq reads a comma as the start of another host.
        if (near + "/.s.PGSQL.5432").utf8.count <= Self.longestSocketPath, !near.contains(",") { return near }
        let runtime = getenv("XDG_RUNTIME_DIR").map { String(cString: $0) } ?? ""
        let base = owner == nil && runtime.hasPrefix("/") && runtime.utf8.count < 60 ? runtime : "/tmp"
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for octet in near.utf8 { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
        return "\(base)/atlas-\(geteuid())-\(String(hash, radix: 16))"
    }

    /// Makes a folder that only the server's user may enter, or checks that it is one: it may stand where others can write.
    func makePrivate(_ path: String) throws {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw unwritable(path, .last) }
        var status = stat()
        guard lstat(path, &status) == 0 else { throw unwritable(path, .last) }
        // Just made: by us, or by another server that has not come to this yet.
        if let owner, status.st_uid == geteuid(), status.st_uid != owner.user, status.st_mode & S_IFMT == S_IFDIR {
            guard lchown(path, owner.user, owner.group) == 0, lstat(path, &status) == 0 else {
                throw unwritable(path, .last)
            }
        }
        let mine = status.st_uid == owner?.user ?? geteuid()
        guard status.st_mode & S_IFMT == S_IFDIR, mine, status.st_mode & 0o077 == 0 else {
            throw DatabaseError(
                .configuration,
                message:
                    "\(path) must be a folder that only \(owner?.name ?? "this user") can open. Remove it, or set ATLAS_HOME to "
                    + "another folder.")
        }
    }

    private func checkPassage(for owner: Owner) throws {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            var status = stat()
            guard stat(path, &status) == 0 else { throw unwritable(path, .last) }
            let bit: mode_t = status.st_uid == owner.user ? 0o100 : status.st_gid == owner.group ? 0o010 : 0o001
            if status.st_mode & bit == 0 {
                throw DatabaseError(
                    .configuration,
                    message:
                        "Started by root, the private database runs as the user \(owner.name), who may not enter \(path). "
                        + "Set ATLAS_HOME to a folder below one that everybody may enter, such as /var/lib/atlas.")
            }
        }
    }

    func unwritable(_ path: String, _ error: SystemError) -> DatabaseError {
        DatabaseError(
            .configuration,
            message:
                "The private database cannot write to \(path) (\(error)). Make it writable, or set ATLAS_HOME to a folder "
                + "that is.")
    }

    private static let longestSocketPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1
}
