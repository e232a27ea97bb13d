import AtlasCore
import Logging
import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A move from one database to another.
///
/// One transaction here holds every table still and carries the mark that ends this database's use; one transaction there holds the
/// copy. The one there is committed first, so that there is no moment at which the data is nowhere.
struct DatabaseMoving {
    let here: DatabaseSource
    let there: MoveAddress
    let configuration: Configuration
    let migrator: Migrator
    let children: ChildrenSwitch
    let console: Console
    let logger: Logger
    let isForced: Bool

    func run(dryRun: Bool) throws -> MoveReport {
        let place = try here.located()
        if try here.clusterStanding().map({ $0.version == nil }) ?? false {
            throw CommandFailure(
                message:
                    "There is no private PostgreSQL in \(place.folder ?? "") yet, so there is nothing to move. Set "
                    + "ATLAS_DATABASE_URL, and the first server makes its tables.")
        }
        defer { here.close() }
        let isAlone = try here.claim()
        let connection = try here.connect(try options(), logger)
        let origin = try MoveOrigin(connection)
        let obstacle = obstacle(isAlone, origin)
        if let obstacle, !isForced, !dryRun { throw CommandFailure(message: obstacle, code: "conflict") }
        console.note("From \(place.words): \(origin.tables.count) tables, \(DatabaseStatus.size(origin.octets)).")
        let goal: MoveGoal
        do {
            goal = MoveGoal(address: there, connection: try there.source.connect(try options(), logger))
            try goal.check(origin, version: connection.serverVersion)
        } catch { throw there.failure(error) }
        console.note("To \(there.place.words), which has room and takes it.")
        var report = MoveReport(
            isDryRun: dryRun, from: place.words, to: there.place.words, tables: [],
            obstacle: isForced ? nil : obstacle, url: try there.source.shownURL())
        if dryRun {
            report.tables = try origin.count()
            report.migrations = try migrator.standing(connection).filter { $0.state == .pending }.map(\.name)
            return report
        }
        try origin.close(for: there.place.words)
        report.tables = try origin.count()
        try copy(report.tables, connection.serverVersion)
        report.migrations = try bringUpToDate()
        try finish(origin)
        return report
    }

    private func options() throws -> DatabaseOptions {
        var options = try DatabaseOptions(configuration)
        options.applicationName = "atlas db move"
        options.statementTimeout = nil
        return options
    }

    private func obstacle(_ isAlone: Bool, _ origin: MoveOrigin) -> String? {
        let advice =
            "End them first (quit the hosts), or move under them with --force: their changes fail from then on, until they are "
            + "started with the new setting."
        if !isAlone { return "Servers are using the private database. " + advice }
        if origin.users.isEmpty { return nil }
        let names = Set(origin.users).sorted().prefix(5).joined(separator: ", ")
        return "\(origin.users.count) other connections use the database (\(names)). " + advice
    }

    /// Copies everything in one transaction, which is kept only if each table has the rows it should.
    private func copy(_ tables: [(name: String, rows: Int)], _ version: Int) throws {
        let clients = try PostgresClients.find(in: configuration[.postgresBinaries], server: version)
        let access = try here.programAccess()
        let reader = ForegroundProgram(
            [
                clients.dump, "--format=plain", "--no-owner", "--no-privileges", "--no-tablespaces",
                "--no-publications",
                "--no-subscriptions", "--no-security-labels", "--no-password", "--dbname=" + access.connectionString,
            ], access.environment)
        var transfer = SQLTransfer(reader: reader, psql: clients.psql, access: try there.source.programAccess())
        transfer.epilogue = comparison(tables)
        transfer.started = { children.watch([$0.id, $1.id]) }
        transfer.ended = { children.forget() }
        let progress = CopyProgress(console: console)
        transfer.passed = { progress.passed($0) }
        let rows = tables.reduce(0) { $0 + $1.rows }
        console.note("Copying \(rows) rows.")
        let outcome = try transfer.run()
        if children.isEnding, outcome != .done, outcome != .uncertain {
            throw CommandFailure(message: "Interrupted. Nothing was changed.", code: "cancelled", exitCode: 130)
        }
        switch outcome {
        case .done: console.note("Compared: each table has the same number of rows on both sides.")
        case .unread:
            throw CommandFailure(message: "pg_dump failed, and said why above. Nothing was changed.")
        case .refused:
            throw CommandFailure(
                message: "The other database did not take the copy; psql said why above. Nothing was changed.")
        case .uncertain:
            throw CommandFailure(
                message:
                    "The other database went away while the copy was committed, so all of it is there or nothing. Here nothing was "
                    + "changed, and this database is still the one that counts: empty the other one and move again.")
        }
    }

    private func comparison(_ tables: [(name: String, rows: Int)]) -> String {
        let tag = "$atlas\(UInt64.random(in: 0 ... .max))$"
        let checks = tables.map { table in
            """
            SELECT count(*) INTO found FROM \(table.name);
            IF found <> \(table.rows) THEN
                RAISE EXCEPTION '% has % rows here and \(table.rows) where it came from', \(table.name.sqlLiteral), found;
            END IF;
            """
        }
        return "DO \(tag) DECLARE found bigint; BEGIN\n\(checks.joined(separator: "\n"))\nEND \(tag);"
    }

    private func bringUpToDate() throws -> [String] {
        do {
            let connection = try there.source.connect(try options(), logger)
            let pending = try migrator.standing(connection).filter { $0.state == .pending }.map(\.name)
            try migrator.migrate(connection)
            if !pending.isEmpty { console.note("Applied \(pending.count) migrations there.") }
            return pending
        } catch {
            var failure = there.failure(error)
            failure.message =
                "The copy is complete, but could not be brought up to date: \(failure.message) Here nothing was changed, and this "
                + "database is still the one that counts: empty the other one and move again."
            throw failure
        }
    }

    private func finish(_ origin: MoveOrigin) throws {
        do { try origin.finish() } catch {
            throw CommandFailure(
                message:
                    "The data is in \(there.place.words), all of it, but this database could not be marked as moved "
                    + "(\(CommandFailure(error).message)). Either set ATLAS_DATABASE_URL now and let no server use this one any "
                    + "more, or empty the other one and move again.")
        }
        console.note("The database here takes no more changes.")
    }
}

/// Tells how far a copy is, now and then.
private final class CopyProgress: Sendable {
    private let console: Console
    private let last = Mutex(ContinuousClock.now)

    init(console: Console) { self.console = console }

    func passed(_ octets: Int) {
        let isDue = last.withLock { last in
            guard last.duration(to: .now) >= .seconds(2) else { return false }
            last = .now
            return true
        }
        if isDue { console.note("\(octets >> 20) MB copied") }
    }
}

/// Ends the programs that work for us when we are told to end.
final class ChildrenSwitch: Sendable {
    private struct State {
        var processes: [pid_t] = []
        var isEnding = false
    }
    private let state = Mutex(State())

    var isEnding: Bool { state.withLock { $0.isEnding } }

    /// They are signalled as long as nobody has waited for them, for then their numbers are theirs.
    func watch(_ processes: [pid_t]) {
        state.withLock { state in
            state.processes = processes
            if state.isEnding { Self.end(processes) }
        }
    }

    func forget() { state.withLock { $0.processes = [] } }

    func end() {
        state.withLock { state in
            state.isEnding = true
            Self.end(state.processes)
        }
    }

    private static func end(_ processes: [pid_t]) { for process in processes { kill(process, SIGTERM) } }
}
