import CMigrations
import Logging

/// One file of `migrations/`.
public struct Migration: Sendable {
    /// `035_contacts.sql`; migrations are applied in the order of their names.
    public let name: String
    public let sql: String

    public init(name: String, sql: String) {
        self.name = name
        self.sql = sql
    }

    /// Those built into this program.
    public static func embedded() -> [Migration] {
        (0..<atlas_migrations_count()).map { index in
            let file = atlas_migrations_at(index)
            let octets = UnsafeBufferPointer(start: file.bytes, count: Int(file.count))
            return Migration(name: String(cString: file.name), sql: String(decoding: octets, as: UTF8.self))
        }
    }

    /// Sixteen hexadecimal digits that change when the text does: a 64-bit FNV-1a over little-endian words, each step mixed, so
    /// that all files are checked at every start in well under a millisecond.
    public var checksum: String {
        var text = sql
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ word: UInt64) {
            hash = (hash ^ word) &* 0x100_0000_01B3
            hash ^= hash >> 29
        }
        text.withUTF8 { octets in
            let raw = UnsafeRawBufferPointer(octets)
            var position = 0
            while position + 8 <= raw.count {
                mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self)))
                position += 8
            }
            for octet in raw[position...] { mix(UInt64(octet)) }
            mix(UInt64(raw.count))
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Brings a database up to date.
///
/// Each migration runs in a transaction of its own, together with its line in the ledger `atlas_migrations (name, checksum,
/// applied_at)`. Several servers may start at once, also through a pooler in transaction mode: each transaction takes an
/// advisory lock and looks again. A database that is newer than this program is left as it is.
public struct Migrator: Sendable {
    let migrations: [Migration]
    private let settings: [String: String]
    private let logger: Logger

    /// - Parameter settings: what migrations may read with `current_setting`, such as `atlas.default_region`.
    public init(_ migrations: [Migration] = Migration.embedded(), settings: [String: String] = [:], logger: Logger) {
        self.migrations = migrations.sorted { $0.name < $1.name }
        self.settings = settings
        self.logger = logger
    }

    /// Applies what is missing. When nothing is, this costs one small query.
    ///
    /// - Throws: ``DatabaseError`` of kind `migration` when one fails, or was edited after it had been applied.
    public func migrate(_ connection: Connection) throws {
        let applied = try readLedger(connection)
        for migration in migrations { try check(migration, against: applied?[migration.name]) }
        let pending = migrations.filter { applied?[$0.name] == nil }
        warnOfNewer(applied ?? [:])
        if pending.isEmpty { return }
        if applied == nil { try makeLedger(connection) }
        for migration in pending { try apply(migration, connection) }
    }

    /// Names and checksums; nil when there is no ledger yet.
    private func readLedger(_ connection: Connection) throws -> [String: String]? {
        do {
            let rows = try connection.query("SELECT name, checksum FROM atlas_migrations")
            return try Dictionary(rows.map { (try $0.get(0), try $0.get(1)) }) { first, _ in first }
        } catch let error as DatabaseError where error.sqlState == "42P01" {
            return nil
        }
    }

    private func makeLedger(_ connection: Connection) throws {
        try Transaction.run(on: connection) { transaction in
            try transaction.pipeline([
                Self.lock,
                """
                CREATE TABLE IF NOT EXISTS atlas_migrations (
                    name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())
                """,
            ])
            try transaction.commit()
        }
    }

    private func apply(_ migration: Migration, _ connection: Connection) throws {
        logger.info("Upgrading the database.", metadata: ["migration": "\(migration.name)"])
        do {
            try Transaction.run(on: connection) { transaction in
                let settings = settings.sorted { $0.key < $1.key }.map { pair -> Query in
                    "SELECT set_config(\(pair.key), \(pair.value), true)"
                }
                let looks: [Query] = [
                    Self.lock, "SELECT checksum FROM atlas_migrations WHERE name = \(migration.name)",
                    "SET LOCAL statement_timeout = 0", "SET LOCAL client_min_messages = warning",
                ]
                if let row = try transaction.pipeline(looks + settings)[1].first {
                    try check(migration, against: try row.get(0))
                    return
                }
                try connection.script(migration.sql)
                guard connection.isInTransaction else {
                    throw DatabaseError(.migration, detail: "it must not end its transaction")
                }
                let checksum = migration.checksum
                try transaction.commit(with: [
                    "INSERT INTO atlas_migrations (name, checksum) VALUES (\(migration.name), \(checksum))"
                ])
            }
        } catch let error as DatabaseError where !error.isRetryable && error.message == nil {
            throw DatabaseError(
                .migration, sqlState: error.sqlState, table: error.table, column: error.column,
                message: "The database could not be upgraded: \(migration.name) failed. Nothing of it was done."
                    + (error.sqlState == Self.raised ? Self.needs : ""),
                detail: [error.constraintName, error.detail].compactMap { $0 }.joined(separator: ", "))
        }
    }

    private func check(_ migration: Migration, against checksum: String?) throws {
        guard let checksum, checksum != migration.checksum else { return }
        throw DatabaseError(
            .migration,
            message:
                "The migration \(migration.name) was edited after it had been applied to this database. Put the file back as "
                + "it was, and write a new migration for the change.")
    }

    private func warnOfNewer(_ applied: [String: String]) {
        let known = Set(migrations.map(\.name))
        let newer = applied.keys.filter { !known.contains($0) }.sorted()
        guard !newer.isEmpty else { return }
        logger.warning(
            "The database is newer than this program.", metadata: ["migrations": "\(newer.joined(separator: " "))"])
    }

    /// PostgreSQL's own extensions that the migrations create where they are not there.
    public static let extensions = ["pg_trgm", "unaccent", "fuzzystrmatch", "btree_gist"]

    /// What a migration raises itself (PostgreSQL documentation, appendix A): the database is not what it needs.
    private static let raised = "P0001"
    private static let needs =
        " It needs a database in UTF8 with the extensions \(extensions.joined(separator: ", ")): let the owner of the "
        + "database run CREATE EXTENSION IF NOT EXISTS for each of them (Debian: package postgresql-contrib); the server's log "
        + "says which is missing."

    /// One migration at a time. The number is the ASCII of "ATLASMIG".
    private static let lock: Query = "SELECT pg_advisory_xact_lock(4707471353963170119)"
}
