#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Making a private cluster: in a folder aside that is renamed when all is well, so that no half of one is ever used.
struct ClusterMaking {
    let folder: ClusterFolder
    let programs: PostgresPrograms

    /// Call it with the start lock held.
    func make() throws {
        try removeRemains()
        let making = folder.folder + "/making-\(getpid())"
        try folder.makePrivate(making)
        #if canImport(Darwin)
            let locale = "en_US.UTF-8"
        #else
            let locale = "C.UTF-8"
        #endif
        var arguments = [
            programs.initdb, "--pgdata=" + making, "--username=" + PrivateCluster.user, "--encoding=UTF8",
            "--auth=trust",
            "--data-checksums", "--locale=" + locale,
        ]
        if programs.version >= 17 {
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        }
        let code = try folder.spawn(arguments).wait()
        guard code == 0 else { throw folder.failed("initdb ended with \(code)") }
        try configure(making)
        guard rename(making, folder.data) == 0 else { throw folder.unwritable(folder.data, .last) }
        let directory = open(folder.folder, O_RDONLY | O_CLOEXEC)
        fsync(directory)
        close(directory)
    }

    private func configure(_ data: String) throws {
        // Modest, and theirs to change: these stand in the file, what we depend on stands on the command line.
        let settings = """

            # Atlas
            max_connections = 150
            shared_buffers = 64MB
            jit = off
            log_checkpoints = off
            log_statement = none
            log_min_error_statement = panic

            """
        try write(settings, to: data + "/postgresql.conf", appending: true)
        try write("local all all trust\n", to: data + "/pg_hba.conf", appending: false)
    }

    private func write(_ text: String, to path: String, appending: Bool) throws {
        let flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW | (appending ? O_APPEND : O_TRUNC)
        let descriptor = open(path, flags)
        guard descriptor >= 0 else { throw folder.unwritable(path, .last) }
        defer { close(descriptor) }
        var text = text
        let count = text.withUTF8 { Glue.write(descriptor, $0.baseAddress, $0.count) }
        guard count == text.utf8.count else { throw folder.unwritable(path, .last) }
    }

    /// What a server that was killed while making a cluster has left.
    private func removeRemains() throws {
        guard let directory = opendir(folder.folder) else { return }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name.hasPrefix("making-") else { continue }
            _ = try? ChildProcess(["/bin/rm", "-rf", folder.folder + "/" + name], output: folder.log).wait()
        }
    }
}

extension ClusterFolder {
    /// Starts a program as the server's user; its output goes to the log.
    func spawn(_ arguments: [String]) throws -> ChildProcess {
        try ensureLog()
        do { return try ChildProcess(try asOwner(arguments), output: log) } catch let error as SystemError {
            throw DatabaseError(
                .missingLibrary,
                message: "\(arguments[0]) could not be started (\(error)). Install PostgreSQL anew, or set "
                    + "ATLAS_DATABASE_URL.")
        }
    }

    func failed(_ detail: String) -> DatabaseError {
        DatabaseError(
            .configuration,
            message:
                "The private database could not be started: see \(log). Free some disk space, or set ATLAS_HOME or "
                + "ATLAS_DATABASE_URL.",
            detail: detail)
    }

    private func asOwner(_ arguments: [String]) throws -> [String] {
        guard let owner else { return arguments }
        for tool in ["/usr/bin/setpriv", "/bin/setpriv"] where access(tool, X_OK) == 0 {
            return [tool, "--reuid=\(owner.user)", "--regid=\(owner.group)", "--init-groups", "--"] + arguments
        }
        for tool in ["/usr/sbin/runuser", "/sbin/runuser"] where access(tool, X_OK) == 0 {
            return [tool, "-u", owner.name, "--"] + arguments
        }
        throw DatabaseError(
            .missingLibrary,
            message:
                "As root, Atlas needs setpriv or runuser (Debian: apt install util-linux) to run PostgreSQL as the user "
                + "\(owner.name). Install it, or set ATLAS_DATABASE_URL.")
    }

    private func ensureLog() throws {
        let descriptor = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw unwritable(log, .last) }
        var status = stat()
        // It grows slowly, and nobody else cuts it.
        if fstat(descriptor, &status) == 0, status.st_size > 16 << 20 { ftruncate(descriptor, 0) }
        close(descriptor)
    }
}

/// The C library's functions whose names Swift types here also use.
enum Glue {
    static func write(_ descriptor: Int32, _ octets: UnsafePointer<UInt8>?, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, octets, count)
        #elseif canImport(Glibc)
            Glibc.write(descriptor, octets, count)
        #else
            Musl.write(descriptor, octets, count)
        #endif
    }
}
