import AtlasCore
import Foundation
import TestSupport
import Testing

@Suite struct DatabaseTests {
    @Test func aUnitOfWorkReturnsWhatItRead() async throws {
        let database = try await TestDatabase().open()
        let sum: Int? = try await database.run { try $0.value("SELECT \(40)::int8 + \(2)") }
        #expect(sum == 42)
        await database.close()
    }
}
