#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// How one migration stands in a database.
public struct MigrationStanding: Sendable, Equatable {
    public enum State: String, Sendable {
        case applied, pending
        /// The file was changed after it had been applied: nothing more will be.
        case edited
        /// The database has it and this program does not know it.
        case newer
    }

    public var name: String
    public var state: State
    public var appliedAt: Date?
}

extension Migrator {
    /// Every migration of this program and of the database, in the order of their names. Changes nothing.
    public func standing(_ connection: Connection) throws -> [MigrationStanding] {
        var applied: [String: (checksum: String, at: Date)] = [:]
        if try connection.value("SELECT to_regclass('atlas_migrations') IS NOT NULL") ?? false {
            for row in try connection.query("SELECT name, checksum, applied_at FROM atlas_migrations") {
                applied[try row.get(0)] = (try row.get(1), try row.get(2))
            }
        }
        var standings = migrations.map { migration -> MigrationStanding in
            guard let found = applied.removeValue(forKey: migration.name) else {
                return MigrationStanding(name: migration.name, state: .pending)
            }
            return MigrationStanding(
                name: migration.name, state: found.checksum == migration.checksum ? .applied : .edited,
                appliedAt: found.at)
        }
        standings += applied.map { MigrationStanding(name: $0.key, state: .newer, appliedAt: $0.value.at) }
        return standings.sorted { $0.name < $1.name }
    }
}
