import AtlasCore
import Logging

/// The database: where it is, whether it answers, and whether it is up to date.
extension Doctor {
    func database() async throws -> [Finding] {
        var source = try DatabaseSource(configuration)
        var options = try DatabaseOptions(configuration)
        let place = try source.located()
        if let standing = try source.clusterStanding() {
            guard standing.isRunning else { return try resting(source, place, standing) }
            // By its address: who shares in a private one starts it, and stops it as the last to leave.
            source = .server(host: place.host, port: place.port, database: place.database, user: place.user)
        }
        options.applicationName = "atlas doctor"
        options.maximumConnections = 1
        options.statementTimeout = timeout
        let database = Database(
            source: source, options: options, workers: workers,
            logger: Logger(label: "atlas") { _ in SwiftLogNoOpLogHandler() })
        do {
            let health = try await database.read { try DatabaseHealth($0) }
            await database.close()
            clocks.database.withLock { $0 = health.clockAhead }
            return found(health, place)
        } catch {
            await database.close()
            throw error
        }
    }

    /// A private cluster that nobody uses now. To look into it, it would have to be started.
    private func resting(_ source: DatabaseSource, _ place: DatabasePlace, _ standing: ClusterStanding) throws
        -> [Finding]
    {
        let folder = place.folder ?? ""
        guard let programs = try source.clusterPrograms() else { return [] }
        let with = "PostgreSQL \(programs.version) (\(programs.folder))"
        guard standing.version != nil else {
            return [.ok("a private \(with) is made in \(folder) when a server first needs it")]
        }
        return [
            .ok(
                "the private one in \(folder) rests; the next server starts it with \(with), atlas db status looks into it"
            )
        ]
    }

    private func found(_ health: DatabaseHealth, _ place: DatabasePlace) -> [Finding] {
        let key = DoctorPart.database.keys(configuration).first { configuration[$0] != nil }
        func names(_ state: MigrationStanding.State) -> [String] {
            health.migrations.filter { $0.state == state }.map(\.name)
        }
        let pending = names(.pending)
        let location =
            place.folder.map { "the private one in \($0)" } ?? "\(place.database) at \(place.host):\(place.port)"
        let kind = health.isStandby ? ", a standby" : ""
        var found = [
            Finding.ok([
                "\(location.cleaned()), PostgreSQL \(health.version.cleaned().prefix(60))\(kind)",
                "\(names(.applied).count) migrations applied" + (pending.isEmpty ? "" : ", \(pending.count) pending"),
            ])
        ]
        if health.serverVersion < 140_000 {
            found.append(
                .warning(
                    "PostgreSQL is older than version 14, which its makers look after no more.", key, "Upgrade it."))
        }
        if health.encoding != "UTF8" {
            found.append(
                .failed(
                    "The database is encoded in \(health.encoding.cleaned()), not in UTF8.", key,
                    "Create another with ENCODING 'UTF8'."))
        }
        if health.isStandby {
            found.append(
                .warning(
                    "The database is a standby, in which nothing can be written.", key,
                    "Name all hosts, with target_session_attrs=read-write."))
        }
        if !pending.isEmpty { found += unprepared(health, pending, key) }
        if let edited = names(.edited).first {
            found.append(
                .failed(
                    "The migration \(edited) was edited after it had been applied, so no further one will be.", key,
                    "Install the Atlas that it came with.", isSetting: false))
        }
        if let newer = names(.newer).last {
            found.append(
                .warning(
                    "The database was upgraded by a newer Atlas (\(newer.cleaned())).", key, "Upgrade this one, too."))
        }
        return found + programs(health)
    }

    /// What the first server to connect has to do.
    private func unprepared(_ health: DatabaseHealth, _ pending: [String], _ key: ConfigurationKey?) -> [Finding] {
        var found = [
            Finding.warning(
                "\(pending.count) migrations are pending, from \(pending.first ?? "") on.", key,
                "Run atlas db migrate, or let the first server to connect do it.")
        ]
        for item in health.extensions {
            switch item.state {
            case .installed, .creatable: break
            case .forbidden:
                found.append(
                    .failed(
                        "The migrations need the extension \(item.name), and this user may not create it.", key,
                        "Let the database's owner run: CREATE EXTENSION \(item.name).", isSetting: false))
            case .missing:
                found.append(
                    .failed(
                        "The server has no extension \(item.name), which the migrations need.", key,
                        "Install it on the server (Debian: apt install postgresql-contrib).", isSetting: false))
            }
        }
        return found
    }

    /// Only back-ups and the shell need PostgreSQL's own programs.
    private func programs(_ health: DatabaseHealth) -> [Finding] {
        do {
            _ = try PostgresClients.find(in: configuration[.postgresBinaries], server: health.serverVersion)
            return []
        } catch {
            var finding = Finding(error, keys: [.postgresBinaries], configuration: configuration)
            finding.status = .warning
            return [finding]
        }
    }
}
