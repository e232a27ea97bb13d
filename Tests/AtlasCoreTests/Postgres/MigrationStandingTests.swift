import AtlasCore
import Logging
import TestSupport
import Testing

struct MigrationStandingTests {
    @Test func eachMigrationIsToldHowItStands() async throws {
        let database = try await TestDatabase().open()
        let one = Migration(name: "001_one.sql", sql: "SELECT 1")
        let two = Migration(name: "002_two.sql", sql: "SELECT 2")
        let states = try await database.run { connection in
            let empty = try Migrator([one], logger: .silent).standing(connection).map(\.state)
            try Migrator([one, two], logger: .silent).migrate(connection)
            let changed = Migration(name: one.name, sql: "SELECT 3")
            let three = Migration(name: "003_three.sql", sql: "SELECT 3")
            let mixed = try Migrator([changed, three], logger: .silent).standing(connection)
            return empty + mixed.map(\.state)
        }
        #expect(states == [.pending, .edited, .newer, .pending])
        await database.close()
    }
}
