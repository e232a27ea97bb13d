import AtlasCore

/// The database that the data moves to.
struct MoveGoal {
    let address: MoveAddress
    let connection: Connection

    /// Finds out all that could stand in the way, so that a move fails before it began.
    ///
    /// - Parameter version: that of the server whose data moves.
    func check(_ origin: MoveOrigin, version: Int) throws {
        let name = address.place.words
        guard
            let facts = try connection.query(
                "SELECT current_setting('server_encoding'), pg_is_in_recovery(), current_setting('default_transaction_read_only')"
            ).first
        else { throw CommandFailure(message: "\(name) tells nothing of itself.") }
        guard try !facts.get(1), try facts.get(2, as: String.self) == "off" else {
            throw CommandFailure(message: "\(name) takes no changes: it is a standby, or read-only. Name the primary.")
        }
        let encoding = try facts.get(0, as: String.self)
        guard encoding == "UTF8" else {
            throw CommandFailure(
                message: "\(name) is encoded in \(encoding), and Atlas needs UTF8. Create one with ENCODING 'UTF8'.")
        }
        let least = max(14, version / 10_000)
        guard connection.serverVersion / 10_000 >= least else {
            throw CommandFailure(
                message:
                    "\(name) is PostgreSQL \(connection.serverVersion / 10_000), and the data comes from \(version / 10_000). "
                    + "Choose a server of version \(least) or newer.")
        }
        try checkRoom(origin, name)
        try tryOut(origin, name)
    }

    /// Whether a name of ours is taken there. Other programs' tables may stay.
    private func checkRoom(_ origin: MoveOrigin, _ name: String) throws {
        let wanted = Set(origin.names)
        let taken = try connection.query(MoveOrigin.allNames).map { try $0.get(0, as: String.self) }.filter(
            wanted.contains)
        if taken.isEmpty { return }
        let example = taken.first(where: origin.tables.contains) ?? taken[0]
        throw CommandFailure(
            message:
                "\(name) is not empty: \(taken.count) of the tables and functions that would move are there already, such as "
                + "\(example.cleaned()). Move into an empty database.",
            code: "conflict")
    }

    /// Makes the extensions and a table, and takes all of it back: nothing else tells for sure what a managed service allows.
    private func tryOut(_ origin: MoveOrigin, _ name: String) throws {
        try connection.script("BEGIN")
        defer { try? connection.script("ROLLBACK") }
        let present = try connection.query(
            "SELECT quote_ident(e.extname), quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
        )
        var schemas: [String: String] = [:]
        for row in present { schemas[try row.get(0)] = try row.get(1) }
        for wanted in origin.extensions {
            guard let schema = schemas[wanted.name], schema != wanted.schema else { continue }
            throw CommandFailure(
                message:
                    "The extension \(wanted.name) is in the schema \(schema) of \(name), and the data needs it in \(wanted.schema): let "
                    + "its owner run ALTER EXTENSION \(wanted.name) SET SCHEMA \(wanted.schema).")
        }
        do {
            for schema in Set(origin.extensions.map(\.schema)).sorted() {
                let exists: Bool? = try connection.value("SELECT to_regnamespace(\(schema)) IS NOT NULL")
                if exists != true { try connection.script("CREATE SCHEMA \(schema)") }
            }
            try connection.script("CREATE TABLE atlas_move_trial ()")
        } catch let error as DatabaseError where error.kind == .permission || error.sqlState == "3F000" {
            throw CommandFailure(
                message:
                    "\(address.place.user) may not make tables in \(name). Make it the owner of the database (ALTER DATABASE … OWNER "
                    + "TO …), and of its schema public.", code: "permission_denied")
        }
        let names = Set(origin.extensions.map(\.name))
        let all =
            origin.extensions + Migrator.extensions.filter { !names.contains($0) }.map { .init(name: $0, schema: "") }
        for wanted in all where schemas[wanted.name] == nil {
            let schema = wanted.schema.isEmpty ? "" : " SCHEMA \(wanted.schema)"
            do { try connection.script("CREATE EXTENSION IF NOT EXISTS \(wanted.name)\(schema)") } catch let error
                as DatabaseError
            {
                throw CommandFailure(
                    message: error.kind == .permission
                        ? "\(address.place.user) may not make the extension \(wanted.name) in \(name). Let an administrator run: CREATE "
                            + "EXTENSION \(wanted.name)\(schema);"
                        : "\(name) does not have the extension \(wanted.name). Choose a server that does, or install its contrib "
                            + "package; if Atlas is not what uses it, drop it here first.", code: "permission_denied")
            }
        }
    }
}
