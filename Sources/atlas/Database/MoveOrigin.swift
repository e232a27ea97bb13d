import AtlasCore

/// The database whose data moves.
struct MoveOrigin {
    struct Extension {
        /// Both quoted.
        var name: String
        var schema: String
    }

    let connection: Connection
    /// What is to be moved, quoted.
    let tables: [String]
    /// Every name that the copy will need, of tables, views and functions, quoted.
    let names: [String]
    let extensions: [Extension]
    let octets: Int
    /// The programs that are connected to it beside us, by name.
    let users: [String]

    init(_ connection: Connection) throws {
        self.connection = connection
        // What a role's own settings limit would end the longest steps.
        try connection.script(
            "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET lock_timeout = '15s'")
        let rows = try connection.pipeline([
            """
            SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
                AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
            ORDER BY 1
            """,
            """
            SELECT quote_ident(e.extname), quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
            WHERE e.extname <> 'plpgsql' ORDER BY 1
            """,
            // Workers of the server itself have no user.
            """
            SELECT coalesce(nullif(application_name, ''), usename::text) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename IS NOT NULL
                AND coalesce(backend_type, 'client backend') = 'client backend' ORDER BY 1
            """,
            MoveOrigin.allNames,
            "SELECT pg_database_size(current_database()), to_regclass('atlas_migrations') IS NOT NULL, pg_is_in_recovery()",
        ])
        tables = try rows[0].map { try $0.get(0) }
        extensions = try rows[1].map { Extension(name: try $0.get(0), schema: try $0.get(1)) }
        users = try rows[2].map { String(try $0.get(0, as: String.self).cleaned().prefix(60)) }
        names = try rows[3].map { try $0.get(0) }
        guard let facts = rows[4].first else { throw CommandFailure(message: "The database tells nothing of itself.") }
        octets = try facts.get(0)
        guard try facts.get(1) else { throw CommandFailure(message: "There is no data of Atlas's here to move.") }
        guard try !facts.get(2) else {
            throw CommandFailure(message: "This is a standby, which cannot be marked as moved. Move from its primary.")
        }
        if let place = try MovedMark.destination(connection) {
            throw CommandFailure(
                message: "The data moved already, to \(place). Set ATLAS_DATABASE_URL to that database.",
                code: "conflict")
        }
    }

    static let allNames: Query = """
        SELECT format('%I.%I', n.nspname, o.name)
        FROM (
            SELECT oid, relnamespace AS schema, relname AS name FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
            UNION ALL SELECT oid, pronamespace, proname FROM pg_proc
        ) o JOIN pg_namespace n ON n.oid = o.schema
        WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = o.oid AND d.deptype = 'e')
        GROUP BY 1 ORDER BY 1
        """

    /// Lets nobody change anything any more, and marks the database. Both hold when ``finish()`` comes, or not at all.
    func close(for destination: String) throws {
        let all = tables.joined(separator: ", ")
        var attempts = 0
        while true {
            attempts += 1
            do {
                try connection.script("BEGIN; LOCK TABLE \(all) IN SHARE ROW EXCLUSIVE MODE")
                return try MovedMark.leave(connection, tables: tables, destination: destination)
            } catch let error as DatabaseError {
                try connection.script("ROLLBACK")
                switch error.kind {
                // A writer held one table and waited for another.
                case .serialization where attempts < 5: continue
                case .timeout, .serialization:
                    throw CommandFailure(
                        message:
                            "Somebody is changing the data and does not come to an end, so nothing was moved. End that (see "
                            + "pg_stat_activity) and try again.", code: "conflict")
                case .permission:
                    throw CommandFailure(
                        message:
                            "Only the owner of all tables can move them: those who connect must not go on writing here. Configure "
                            + "that user. Nothing was moved.")
                default: throw error
                }
            }
        }
    }

    /// How many rows each table has.
    func count() throws -> [(name: String, rows: Int)] {
        try tables.map { table in
            (table, try connection.value(Query(stringLiteral: "SELECT count(*) FROM \(table)")) ?? 0)
        }
    }

    /// Puts the mark into force, and shows the others to the door: they find it when they come back.
    func finish() throws {
        try connection.script("COMMIT")
        _ = try? connection.query(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user
            """)
    }
}
