import Logging

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How a database stands that was reached, found out without changing it.
public struct DatabaseHealth: Sendable, Equatable {
    /// An extension that the migrations need.
    public struct Extension: Sendable, Equatable {
        public enum State: String, Sendable {
            case installed
            /// It is not, and the user may create it.
            case creatable
            /// It is not, and the user may not.
            case forbidden
            /// The server does not have it.
            case missing
        }

        public var name: String
        public var state: State
    }

    /// As 150020.
    public var serverVersion: Int
    /// As the server writes it: `15.20 (Debian …)`.
    public var version: String
    public var encoding: String
    public var isStandby: Bool
    public var extensions: [Extension]
    public var migrations: [MigrationStanding]
    /// How many seconds the database's clock is ahead of this machine's, known to half of what the question took.
    public var clockAhead: Double

    public init(_ connection: Connection) throws {
        serverVersion = connection.serverVersion
        let before = Date()
        let clock: Double = try connection.value("SELECT extract(epoch FROM clock_timestamp())::float8") ?? 0
        let took = Date().timeIntervalSince(before)
        clockAhead = clock - before.timeIntervalSince1970 - took / 2
        let rows = try connection.pipeline([
            """
            SELECT current_setting('server_version'), current_setting('server_encoding'), pg_is_in_recovery()
            """,
            """
            SELECT e.name, i.oid IS NOT NULL, a.name IS NOT NULL,
                (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                OR has_database_privilege(current_database(), 'CREATE')
                    AND coalesce((SELECT bool_or(v.trusted) FROM pg_available_extension_versions v WHERE v.name = e.name), false)
            FROM unnest(\(Migrator.extensions)::text[]) WITH ORDINALITY AS e(name, nth)
            LEFT JOIN pg_extension i ON i.extname = e.name LEFT JOIN pg_available_extensions a ON a.name = e.name
            ORDER BY e.nth
            """,
        ])
        guard let facts = rows[0].first else { throw DatabaseError(.other) }
        version = try facts.get(0)
        encoding = try facts.get(1)
        isStandby = try facts.get(2)
        extensions = try rows[1].map { row in
            let isInstalled: Bool = try row.get(1)
            let isAvailable: Bool = try row.get(2)
            let mayCreate: Bool = try row.get(3)
            return Extension(
                name: try row.get(0),
                state: isInstalled ? .installed : !isAvailable ? .missing : mayCreate ? .creatable : .forbidden)
        }
        migrations = try Migrator(logger: Logger(label: "atlas")).standing(connection)
    }
}
