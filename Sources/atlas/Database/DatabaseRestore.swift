import ArgumentParser
import AtlasCore
import JSON

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// `atlas db restore`
struct DatabaseRestoreCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Brings a backup into an empty database.",
        discussion: """
            All of it happens in one transaction, or nothing. A database that holds tables is refused; with --force everything \
            in its schema is removed first, in the same transaction.
            """)

    @Argument(help: "A file that atlas db backup or pg_dump --format=custom wrote.", completion: .file())
    var file: String
    @Flag(help: "Remove what is in the database first.")
    var force = false
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let source = FilePaths.absolute(file)
        guard access(source, R_OK) == 0 else {
            throw CommandFailure(message: "\(file) cannot be read: \(SystemError.last).")
        }
        let (force, name) = (force, file)
        let (tables, place) = try administering(settings) { administration in
            let found = try await administration.database.run { try Contents($0) }
            guard found.tables == 0 || force else {
                throw CommandFailure(
                    message:
                        "There are \(found.tables) tables in \(administration.description), and a backup goes into an empty one. "
                        + "With --force they and all they hold are removed first.", code: "conflict")
            }
            let (clients, access) = try await administration.programs()
            if found.tables > 0 {
                console.note("Replacing \(found.tables) tables of \(administration.description) by what \(name) holds.")
            }
            try Restoration(
                file: source, clients: clients, access: access, emptied: found.tables > 0 ? found.schema : nil
            ).run()
            let restored = try await administration.database.run { try Contents($0) }
            return (restored.tables, administration.description)
        }
        if output.json { return console.document(["success": true, "tables": .integer(tables)]) }
        console.line(
            "Restored \(tables) tables to \(place). atlas db migrate brings them up to date, and so does the next server."
        )
    }

    /// What is in the database.
    private struct Contents {
        let schema: String
        let tables: Int

        init(_ connection: Connection) throws {
            let row = try connection.query(
                """
                SELECT coalesce(quote_ident(current_schema()), 'public'), (
                    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
                """
            ).first
            schema = try row?.get(0) ?? "public"
            tables = try row?.get(1) ?? 0
        }
    }
}

/// A backup on its way into a database: `pg_restore` writes SQL, `psql` runs it.
///
/// We stand between them and say COMMIT only when `pg_restore` came to a good end, so that half a backup is none.
private struct Restoration {
    let file: String
    let clients: PostgresClients
    let access: DatabaseAccess
    /// The schema to be emptied first, quoted.
    let emptied: String?

    func run() throws {
        try UninterruptedSection.run {
            var ends: [Int32] = [-1, -1]
            var inputs: [Int32] = [-1, -1]
            guard Self.pipe(&ends), Self.pipe(&inputs) else {
                throw CommandFailure(message: "No pipe can be made: \(SystemError.last). Close some programs.")
            }
            defer { for end in ends + inputs where end >= 0 { close(end) } }
            let psql = try ForegroundProgram(
                [
                    clients.psql, "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
                    "--output=/dev/null", "--dbname=" + access.connectionString, "--file=-",
                ], access.environment
            ).start(input: .descriptor(inputs[0]))
            close(inputs[0])
            inputs[0] = -1
            let reader: ChildProcess
            do {
                reader = try ForegroundProgram(
                    [clients.restore, "--no-owner", "--no-privileges", "--file=-", file], [:]
                )
                .start(input: .nothing, output: .descriptor(ends[1]))
            } catch {
                psql.end()
                throw error
            }
            close(ends[1])
            ends[1] = -1
            try hand(over: ends[0], to: inputs[1], reader, psql) {
                close(inputs[1])
                inputs[1] = -1
            }
        }
    }

    private func hand(
        over source: Int32, to target: Int32, _ reader: ChildProcess, _ psql: ChildProcess, closeTarget: () -> Void
    ) throws {
        var begin = "BEGIN;\nSET client_min_messages = warning;\n"
        if let emptied { begin += "DROP SCHEMA \(emptied) CASCADE;\nCREATE SCHEMA \(emptied);\n" }
        var takes = Self.write(Array(begin.utf8)[...], to: target)
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = buffer.withUnsafeMutableBytes { readOctets(source, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            // A psql that has given up takes no more; pg_restore is still read to its end, so that it does not hang.
            if takes { takes = Self.write(buffer[..<count], to: target) }
        }
        let read = reader.wait()
        if read == 0, takes { takes = Self.write(Array("\nCOMMIT;\n".utf8)[...], to: target) }
        closeTarget()
        let ran = psql.wait()
        if read != 0 {
            throw CommandFailure(message: "\(file) is no whole backup; pg_restore said why above. Nothing was changed.")
        }
        guard ran == 0, takes else {
            throw CommandFailure(message: "The backup could not be restored; psql said why above. Nothing was changed.")
        }
    }

    private static func write(_ octets: ArraySlice<UInt8>, to target: Int32) -> Bool {
        var octets = octets
        while !octets.isEmpty {
            let count = octets.withUnsafeBytes { writeOctets(target, $0.baseAddress, $0.count) }
            if count > 0 {
                octets = octets.dropFirst(count)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// A pipe that only those get who are given it.
    private static func pipe(_ ends: inout [Int32]) -> Bool {
        #if canImport(Darwin)
            guard Darwin.pipe(&ends) == 0 else { return false }
        #elseif canImport(Glibc)
            guard Glibc.pipe(&ends) == 0 else { return false }
        #else
            guard Musl.pipe(&ends) == 0 else { return false }
        #endif
        // Nothing else is started meanwhile.
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return true
    }
}
