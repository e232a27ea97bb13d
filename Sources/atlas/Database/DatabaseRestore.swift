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
            try restore(source, clients, access, emptied: found.tables > 0 ? found.schema : nil)
            let restored = try await administration.database.run { try Contents($0) }
            return (restored.tables, administration.description)
        }
        if output.json { return console.document(["success": true, "tables": .integer(tables)]) }
        console.line(
            "Restored \(tables) tables to \(place). atlas db migrate brings them up to date, and so does the next server."
        )
    }

    /// `pg_restore` writes SQL, `psql` runs it.
    ///
    /// - Parameter emptied: the schema to be emptied first, quoted.
    private func restore(
        _ source: String, _ clients: PostgresClients, _ access: DatabaseAccess, emptied: String?
    ) throws {
        let reader = ForegroundProgram([clients.restore, "--no-owner", "--no-privileges", "--file=-", source], [:])
        var transfer = SQLTransfer(reader: reader, psql: clients.psql, access: access)
        if let emptied { transfer.prologue = "DROP SCHEMA \(emptied) CASCADE;\nCREATE SCHEMA \(emptied);\n" }
        switch try UninterruptedSection.run({ try transfer.run() }) {
        case .done: break
        case .unread:
            throw CommandFailure(
                message: "\(file) is no whole backup; pg_restore said why above. Nothing was changed.")
        case .uncertain:
            throw CommandFailure(
                message:
                    "The database went away while the last of it was written, so all of the backup is restored or nothing. Look "
                    + "with atlas db status.")
        case .refused:
            throw CommandFailure(
                message: "The backup could not be restored; psql said why above. Nothing was changed.")
        }
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
