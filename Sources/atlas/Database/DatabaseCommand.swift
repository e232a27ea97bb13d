import ArgumentParser
import AtlasCore
import JSON
import Logging

/// `atlas db`
struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Looks after the database: the one configured, or the private one.",
        subcommands: [
            DatabaseStatusCommand.self, DatabaseMigrateCommand.self, DatabaseShellCommand.self,
            DatabaseBackupCommand.self, DatabaseRestoreCommand.self, DatabaseMoveCommand.self, DatabaseStopCommand.self,
        ])
}

/// The database as these commands see it: not brought up to date unless that is asked for.
struct Administration: Sendable {
    let source: DatabaseSource
    let place: DatabasePlace
    let database: Database
    let configuration: Configuration

    init(_ configuration: Configuration, _ logger: Logger, workers: Workers) throws {
        self.configuration = configuration
        source = try DatabaseSource(configuration)
        place = try source.located()
        var options = try DatabaseOptions(configuration)
        options.applicationName = "atlas db"
        options.maximumConnections = 1
        database = Database(source: source, options: options, workers: workers, logger: logger)
    }

    /// PostgreSQL's programs that fit the server, and what they must be told. Starts the private cluster if need be; it runs until
    /// the database is closed.
    func programs() async throws -> (clients: PostgresClients, access: DatabaseAccess) {
        let version = try await database.run { $0.serverVersion }
        let clients = try PostgresClients.find(in: configuration[.postgresBinaries], server: version)
        return (clients, try source.programAccess())
    }

    /// In words, without secrets.
    var description: String { place.words }
}

extension DatabasePlace {
    /// In words, without secrets.
    var words: String {
        if let folder { return "the private PostgreSQL in \(folder)" }
        return "the database \(database) at \(host):\(port)".cleaned()
    }
}

extension Subcommand {
    /// Opens the database, lets `work` have it, and closes it, which also lets a private cluster go.
    func administering<R: Sendable>(
        _ settings: SettingsOptions, _ work: @escaping @Sendable (Administration) async throws -> R
    ) throws -> R {
        let configuration = try settings.load()
        let workers = Workers(limit: 4)
        let administration = try Administration(configuration, logger(configuration), workers: workers)
        return try wait(on: workers, closing: { await administration.database.close() }) {
            try await work(administration)
        }
    }
}

/// `atlas db migrate`
struct DatabaseMigrateCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Brings the database up to date, as the first server to connect would.")

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let configuration = try settings.load()
        let logger = logger(configuration)
        let migrator = try Atlas(configuration: configuration, logger: logger).migrator
        let source = try DatabaseSource(configuration)
        defer { source.close() }
        var options = try DatabaseOptions(configuration)
        options.applicationName = "atlas db migrate"
        // A server's callers are asked to come again; this waits, for its end would be the end of the work.
        options.statementTimeout = nil
        let connection = try source.connect(options, logger)
        try MovedMark.check(connection)
        let pending = try migrator.standing(connection).filter { $0.state == .pending }.map(\.name)
        try migrator.migrate(connection)
        if output.json {
            return console.document(["success": true, "applied": .array(pending.map { .string($0) })])
        }
        for name in pending { console.line(console.coloured("applied", .green) + "  \(name)") }
        console.line(pending.isEmpty ? "The database is up to date." : "The database is up to date now.")
    }
}

/// `atlas db stop`
struct DatabaseStopCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "stop", abstract: "Stops the private PostgreSQL that a killed server left running.",
        discussion: "The last server to end stops it by itself. It starts again when a server needs it.")

    @Flag(help: "Stop it although servers use it: their calls fail until it is started again.")
    var force = false
    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let source = try DatabaseSource(try settings.load())
        let stopped = try source.stopCluster(evenIfUsed: force)
        if output.json { return console.document(["success": true, "stopped": .bool(stopped)]) }
        console.line(stopped ? "The private PostgreSQL was stopped." : "The private PostgreSQL was not running.")
    }
}
