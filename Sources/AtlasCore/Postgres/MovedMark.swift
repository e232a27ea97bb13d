/// What is left in a database whose data moved to another one: a trigger on every table that refuses each change, whoever makes it.
///
/// A program that still has the old address would otherwise read what is stale and write what nobody will see again. The servers look
/// for the mark on each connection they open. `DROP FUNCTION atlas_moved() CASCADE` takes it away.
public enum MovedMark {
    /// The SQLSTATE of the refusal, of a class that PostgreSQL has no use for (PostgreSQL documentation, appendix A).
    static let state = "AT001"

    /// Where the data is now; nil in a database whose data is still there.
    public static func destination(_ connection: Connection) throws -> String? {
        let query: Query = "SELECT obj_description(to_regprocedure('atlas_moved()'), 'pg_proc')"
        return try connection.query(query).first?.get(0, as: String?.self).map { String($0.cleaned().prefix(300)) }
    }

    /// - Throws: ``DatabaseError`` of kind `moved` that names the place.
    package static func check(_ connection: Connection) throws {
        guard let destination = try destination(connection) else { return }
        throw DatabaseError(
            .moved,
            message:
                "The data of this database moved to \(destination). Set ATLAS_DATABASE_URL to that database and start the server "
                + "again; here nothing is read or changed any more.")
    }

    /// Marks the database. It holds with the caller's transaction.
    ///
    /// - Parameter tables: all of them, quoted.
    package static func leave(_ connection: Connection, tables: [String], destination: String) throws {
        try connection.query("SELECT set_config('atlas.moved_to', \(destination), true)")
        let triggers = tables.map { table in
            "EXECUTE format('CREATE TRIGGER atlas_moved BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s "
                + "FOR EACH STATEMENT EXECUTE FUNCTION atlas_moved(%L)', \(table.sqlLiteral), place);"
        }
        // Two scripts: a function's text is dollar-quoted.
        try connection.script(
            """
            CREATE FUNCTION atlas_moved() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'The data of this database moved to %', TG_ARGV[0] USING ERRCODE = '\(state)';
            END
            $$
            """)
        let tag = "$atlas\(UInt64.random(in: 0 ... .max))$"
        try connection.script(
            """
            DO \(tag)
            DECLARE
                place text := current_setting('atlas.moved_to');
            BEGIN
                EXECUTE format('COMMENT ON FUNCTION atlas_moved() IS %L', place);
                \(triggers.joined(separator: "\n    "))
            END
            \(tag)
            """)
    }
}
