#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where `psql`, `pg_dump` and `pg_restore` are.
public struct PostgresClients: Sendable, Equatable {
    public let folder: String
    /// Their major version.
    public let version: Int

    public var psql: String { folder + "/psql" }
    public var dump: String { folder + "/pg_dump" }
    public var restore: String { folder + "/pg_restore" }

    /// Finds the ones that fit a server: of its own major version, or else the newest, which must not be older than the server.
    ///
    /// - Parameters:
    ///   - given: `ATLAS_POSTGRES_BIN`, looked at first.
    ///   - server: the server's version, as 150020.
    /// - Throws: ``DatabaseError`` that says what to install.
    public static func find(in given: String?, server: Int) throws -> PostgresClients {
        let major = server / 10_000
        let found = ((given.map { [$0] } ?? []) + PostgresPrograms.usualFolders()).compactMap(clients(in:))
        if let same = found.first(where: { $0.version == major }) { return same }
        if let newer = found.first(where: { $0.version > major }) { return newer }
        let what = found.isEmpty ? "are not installed" : "are older than the server"
        throw DatabaseError(
            .missingLibrary,
            message:
                "PostgreSQL's programs (psql, pg_dump, pg_restore) \(what). Install those of version \(major) (Debian: apt "
                + "install postgresql-client-\(major), macOS: brew install postgresql@\(major)), or set ATLAS_POSTGRES_BIN "
                + "to their folder.")
    }

    private static func clients(in folder: String) -> PostgresClients? {
        // Debian's /usr/bin/pg_dump is a link to a script; its companions are not beside that.
        guard let resolved = realpath(folder + "/pg_dump", nil) else { return nil }
        defer { free(resolved) }
        let real = String(cString: resolved)
        let home = real.lastIndex(of: "/").map { String(real[..<$0]) } ?? folder
        let isWhole = ["psql", "pg_dump", "pg_restore"].allSatisfy { access("\(home)/\($0)", X_OK) == 0 }
        guard isWhole, let version = PostgresPrograms.version(of: home, program: "pg_dump") else { return nil }
        return PostgresClients(folder: home, version: version)
    }
}
