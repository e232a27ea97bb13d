#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Where PostgreSQL's own programs are.
struct PostgresPrograms: Sendable, Equatable {
    let folder: String
    /// Its major version: 15.
    let version: Int

    var initdb: String { folder + "/initdb" }
    var postgres: String { folder + "/postgres" }

    /// Finds them: in the folder given, else where packages put them, the newest first, else on the PATH.
    ///
    /// - Parameters:
    ///   - version: the only major version that will do, for a cluster that exists.
    static func find(in given: String?, version: Int?) throws -> PostgresPrograms {
        let folders = given.map { [$0] } ?? usualFolders()
        let found = folders.compactMap(programs(in:))
        if let version {
            if let match = found.first(where: { $0.version == version }) { return match }
            if !found.isEmpty {
                throw DatabaseError(
                    .missingLibrary,
                    message:
                        "The private database was made by PostgreSQL \(version), which is not installed any more. Install it "
                        + "(Debian: apt install postgresql-\(version), macOS: brew install postgresql@\(version)), or set "
                        + "ATLAS_POSTGRES_BIN to the folder of its programs.")
            }
        } else if let newest = found.first {
            return newest
        }
        if let given {
            throw DatabaseError(
                .missingLibrary,
                message:
                    "ATLAS_POSTGRES_BIN is \(given), but initdb and postgres (13 or newer) are not there. Set it to the "
                    + "folder that has them, or remove it.")
        }
        throw DatabaseError(
            .missingLibrary,
            message:
                "PostgreSQL is not installed, and no database is configured. Install it (Debian: apt install postgresql, "
                + "macOS: brew install postgresql@17), or set ATLAS_DATABASE_URL.")
    }

    static func usualFolders() -> [String] {
        let debian = versions(in: "/usr/lib/postgresql", suffix: "/bin")
        let homebrew = ["/opt/homebrew/opt", "/usr/local/opt"].flatMap { folder in
            versions(in: folder, prefix: "postgresql@", suffix: "/bin") + [folder + "/postgresql/bin"]
        }
        let redHat = ["/usr/pgsql-18/bin", "/usr/pgsql-17/bin", "/usr/pgsql-16/bin", "/usr/pgsql-15/bin"]
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        return debian + homebrew + redHat + path.split(separator: ":").map(String.init)
    }

    /// The folders named by a version number, the highest first.
    private static func versions(in folder: String, prefix: String = "", suffix: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var versions: [Int] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasPrefix(prefix), let version = Int(name.dropFirst(prefix.count)) { versions.append(version) }
        }
        return versions.sorted(by: >).map { "\(folder)/\(prefix)\($0)\(suffix)" }
    }

    private static func programs(in folder: String) -> PostgresPrograms? {
        // A link on the PATH leads to where its companions are.
        guard let resolved = realpath(folder + "/postgres", nil) else { return nil }
        defer { free(resolved) }
        let real = String(cString: resolved)
        let home = real.lastIndex(of: "/").map { String(real[..<$0]) } ?? folder
        guard access(home + "/initdb", X_OK) == 0, access(home + "/postgres", X_OK) == 0 else { return nil }
        guard let version = version(of: home), version >= 13 else { return nil }
        return PostgresPrograms(folder: home, version: version)
    }

    /// From `…/15/bin` or `…/postgresql@15/…`, else by asking.
    static func version(of folder: String, program: String = "postgres") -> Int? {
        for part in folder.split(separator: "/").reversed() {
            if let version = Int(part) { return version }
            if part.hasPrefix("postgresql@"), let version = Int(part.dropFirst(11)) { return version }
            if part.hasPrefix("pgsql-"), let version = Int(part.dropFirst(6)) { return version }
        }
        guard
            let pipe = popen(
                "'" + folder.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#)
                    + "/\(program)' -V", "r")
        else { return nil }
        defer { pclose(pipe) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, pipe) != nil else { return nil }
        // "postgres (PostgreSQL) 15.20 (Debian …)"
        let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        return text.split(separator: " ").lazy.compactMap { word in Int(word.prefix { $0.isNumber }) }.first
    }
}
