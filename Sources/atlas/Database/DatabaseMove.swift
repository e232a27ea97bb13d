import ArgumentParser
import AtlasCore
import JSON

/// `atlas db move`
struct DatabaseMoveCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Moves the data to another PostgreSQL, such as a managed one.",
        discussion: """
            From the private PostgreSQL, or from the database that is configured. The other one is told in the variable \
            ATLAS_MOVE_TO, in another one with --to-env, or on standard input with --to -, as a URL with its password; --to takes \
            a URL without one, for which PGPASSWORD and ~/.pgpass are looked at.

              ATLAS_MOVE_TO='postgresql://atlas:secret@db.example.com/atlas?sslmode=verify-full' atlas db move

            Nobody changes anything meanwhile. The copy is one transaction, which is kept only if every table has as many rows as \
            here; then the other database is brought up to date, and this one is marked: from then on it refuses changes, and \
            servers that still use it say where the data went. If anything fails before, nothing has changed.
            """)

    @Option(help: ArgumentHelp("The other database; - reads it from standard input.", valueName: "url"))
    var to: String?
    @Option(help: ArgumentHelp("The variable that holds its URL. (default: ATLAS_MOVE_TO)", valueName: "name"))
    var toEnv: String?
    @Flag(help: "Check both sides, and move nothing.")
    var dryRun = false
    @Flag(help: "Move although servers use the database: their changes fail from now on, until they use the other one.")
    var force = false
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let configuration = try settings.load()
        let address = try MoveAddress.find(to, variable: toEnv)
        let atlas = Atlas(configuration: configuration, logger: logger(configuration))
        let switchboard = ChildrenSwitch()
        let signals = EndSignals { switchboard.end() }
        defer { withExtendedLifetime(signals) {} }
        let move = DatabaseMoving(
            here: try DatabaseSource(configuration), there: address, configuration: configuration,
            migrator: try atlas.migrator, children: switchboard, console: console, logger: logger(configuration),
            isForced: force)
        let report = try move.run(dryRun: dryRun)
        if output.json { return console.document(report.json) }
        report.tell(console)
    }
}

/// What a move did, or would do.
struct MoveReport {
    var isDryRun: Bool
    var from: String
    var to: String
    var tables: [(name: String, rows: Int)]
    /// Those that the other database was given.
    var migrations: [String] = []
    /// Why it would be refused without --force; of a dry run.
    var obstacle: String?
    /// The new setting, without secrets.
    var url: String

    private var rows: Int { tables.reduce(0) { $0 + $1.rows } }

    var json: JSON {
        var object: JSON.Object = [
            "success": true, "dry_run": .bool(isDryRun), "from": .string(from), "to": .string(to),
            "rows": .integer(rows),
            "tables": .array(tables.map { ["name": .string($0.name), "rows": .integer($0.rows)] }),
            "migrations": .array(migrations.map { .string($0) }),
            "set": ["name": .string(ConfigurationKey.databaseURL.name), "value": .string(url)],
        ]
        if let obstacle { object.append("obstacle", .string(obstacle)) }
        return .object(object)
    }

    func tell(_ console: Console) {
        if isDryRun {
            console.line(
                "Would move \(rows) rows in \(tables.count) tables from \(from) to \(to). Nothing was changed.")
            if let obstacle { console.line(console.coloured("But now it would be refused: ", .yellow) + obstacle) }
            return
        }
        console.line("Moved \(rows) rows in \(tables.count) tables to \(to).")
        let password = url.contains(":PASSWORD@") ? ", with the password," : ""
        console.line("Set this for the servers\(password) and start them again:")
        console.line("  \(ConfigurationKey.databaseURL.name)='\(url)'")
    }
}
