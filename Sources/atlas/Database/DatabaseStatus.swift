import ArgumentParser
import AtlasCore
import JSON
import Logging

/// `atlas db status`
struct DatabaseStatusCommand: Subcommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows where the database is, its version, migrations, sizes and connections.",
        discussion: "A private PostgreSQL that was not made yet stays unmade; one that rests is started for the look.")

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    func perform(_ console: Console) throws {
        let configuration = try settings.load()
        let source = try DatabaseSource(configuration)
        let standing = try source.clusterStanding()
        if let standing, standing.version == nil {
            let folder = try source.located().folder ?? ""
            if output.json {
                return console.document(["private": true, "folder": .string(folder), "made": false, "running": false])
            }
            return console.line("A private PostgreSQL will be made in \(folder) when a server first needs it.")
        }
        let status = try administering(settings) { administration in
            try await administration.database.read { try DatabaseStatus($0, administration.place) }
        }
        if output.json {
            console.document(status.json(standing))
        } else {
            status.tell(console, standing)
        }
    }
}

/// What a look at the database tells.
struct DatabaseStatus: Sendable {
    struct Table: Sendable {
        var name: String
        var rows: Int
        var octets: Int
    }

    let place: DatabasePlace
    let version: String
    let octets: Int
    let connections: Int
    let mostConnections: Int
    let isStandby: Bool
    let migrations: [MigrationStanding]
    let tables: [Table]
    /// Where the data is now, if it moved.
    let movedTo: String?

    init(_ connection: Connection, _ place: DatabasePlace) throws {
        self.place = place
        let rows = try connection.pipeline([
            """
            SELECT current_setting('server_version'), pg_database_size(current_database()),
                (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()),
                current_setting('max_connections')::bigint, pg_is_in_recovery()
            """,
            """
            SELECT c.relname::text, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
            FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
            ORDER BY 3 DESC, 1 LIMIT 50
            """,
        ])
        guard let facts = rows[0].first else { throw CommandFailure(message: "The database tells nothing of itself.") }
        version = try facts.get(0)
        octets = try facts.get(1)
        connections = try facts.get(2)
        mostConnections = try facts.get(3)
        isStandby = try facts.get(4)
        tables = try rows[1].map { Table(name: try $0.get(0), rows: try $0.get(1), octets: try $0.get(2)) }
        movedTo = try MovedMark.destination(connection)
        migrations = try Migrator(logger: Logger(label: "atlas")).standing(connection)
    }

    private func names(_ state: MigrationStanding.State) -> [String] {
        migrations.filter { $0.state == state }.map(\.name)
    }

    func json(_ standing: ClusterStanding?) -> JSON {
        func list(_ names: [String]) -> JSON { .array(names.map { .string($0) }) }
        var object: JSON.Object = [
            "private": .bool(place.isPrivate), "host": .string(place.host), "port": .string(place.port),
            "database": .string(place.database), "user": .string(place.user), "version": .string(version),
            "standby": .bool(isStandby), "size": .integer(octets), "connections": .integer(connections),
            "max_connections": .integer(mostConnections),
        ]
        if let movedTo { object.append("moved_to", .string(movedTo)) }
        if let folder = place.folder {
            object.append("folder", .string(folder))
            object.append("made", true)
            object.append("running", .bool(standing?.isRunning ?? true))
        }
        object.append(
            "migrations",
            [
                "applied": list(names(.applied)), "pending": list(names(.pending)), "edited": list(names(.edited)),
                "newer": list(names(.newer)),
            ])
        object.append(
            "tables",
            .array(
                tables.map {
                    ["name": .string($0.name), "rows_estimated": .integer($0.rows), "size": .integer($0.octets)]
                }))
        return .object(object)
    }

    func tell(_ console: Console, _ standing: ClusterStanding?) {
        func row(_ name: String, _ value: String) {
            console.line(name + String(repeating: " ", count: max(1, 13 - name.count)) + value.cleaned())
        }
        if let folder = place.folder {
            let rests = standing?.isRunning == false ? " (it rests; started for this look)" : ""
            row("where", "private PostgreSQL in \(folder)\(rests)")
        } else {
            row("where", "\(place.database) at \(place.host):\(place.port), as \(place.user)")
        }
        if let movedTo { row("moved", "its data is in \(movedTo) now; here nothing is changed any more") }
        row("version", version + (isStandby ? ", a standby: nothing can be written" : ""))
        row("size", Self.size(octets))
        row("connections", "\(connections) of \(mostConnections)")
        row("migrations", "\(names(.applied).count) applied, \(names(.pending).count) pending")
        for name in names(.pending) { row("", console.coloured("pending", .yellow) + " \(name)") }
        for name in names(.edited) {
            console.line("             \(console.coloured("edited after it was applied", .red)) \(name)")
        }
        for name in names(.newer) {
            console.line("             \(console.coloured("of a newer Atlas", .yellow)) \(name.cleaned())")
        }
        for table in tables where table.octets >= 1 << 20 {
            row("", "\(table.name): about \(table.rows) rows, \(Self.size(table.octets))")
        }
    }

    static func size(_ octets: Int) -> String {
        if octets < 10 << 20 { return "\(octets >> 10) KB" }
        return octets < 10 << 30 ? "\(octets >> 20) MB" : "\(octets >> 30) GB"
    }
}
