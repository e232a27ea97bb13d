import AtlasCore
import Foundation
import JSON
import Synchronization
import TestSupport

/// A database with Atlas's tables, copied from one that was migrated once for the whole run.
struct ContactsKit: Sendable {
    let base: TestDatabase
    let database: Database
    let contacts: Contacts
    let changed = Noted()

    /// The ids that the contacts told their listener.
    final class Noted: Sendable {
        private let ids = Mutex<[UUID]>([])
        func add(_ id: UUID) { ids.withLock { $0.append(id) } }
        var all: [UUID] { ids.withLock { $0 } }
    }

    init(businessContextID: String? = nil, region: String = "US") async throws {
        base = try await Self.factory.make()
        database = base.open()
        let changed = changed
        contacts = Contacts(
            database: database, region: region, businessContextID: businessContextID, changed: { changed.add($0) })
    }

    private static let factory = Factory()

    /// Copies a database that was migrated once, one copy at a time: nobody may be connected to it meanwhile.
    private actor Factory {
        private var last: Task<TestDatabase, any Error>?
        private let template = Task {
            let base = try await TestDatabase()
            let database = base.open()
            let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(
                path: "../../../migrations")
            let files = try FileManager.default.contentsOfDirectory(
                at: folder.standardizedFileURL, includingPropertiesForKeys: nil)
            for file in files.filter({ $0.pathExtension == "sql" }).sorted(by: { $0.path < $1.path }) {
                let sql = try String(contentsOf: file, encoding: .utf8)
                try await database.run { try $0.script("BEGIN;\n" + sql + "\n;COMMIT") }
            }
            await database.close()
            return base.name
        }

        func make() async throws -> TestDatabase {
            let before = last
            let template = template
            let copy = Task {
                _ = try? await before?.value
                return try await TestDatabase(template: try await template.value)
            }
            last = copy
            return try await copy.value
        }
    }

    func count(_ table: Query = "contacts", where condition: Query = "true") async throws -> Int {
        try await database.run { try $0.value("SELECT count(*) FROM \(table) WHERE \(condition)") ?? 0 }
    }

    @discardableResult
    func execute(_ query: Query) async throws -> Int { try await database.run { try $0.execute(query) } }

    /// What a reference server does: it knows nothing of the identity columns.
    func insertAsReference(
        _ name: String, phone: String? = nil, email: String? = nil, context: String? = nil, status: String = "active"
    ) async throws -> UUID {
        let id: UUID? = try await database.run {
            try $0.value(
                """
                INSERT INTO contacts (full_name, phone, email, business_context_id, status)
                VALUES (\(name), \(phone), \(email), \(context), \(status)) RETURNING id
                """)
        }
        return id!
    }
}

/// The code and the parameter of the error that `body` throws, e.g. `conflict phone`.
func refusal(_ body: () async throws -> some Any) async -> String {
    do {
        _ = try await body()
        return "none"
    } catch let error as AtlasError {
        return [error.code.rawValue, error.parameter].compactMap(\.self).joined(separator: " ")
    } catch {
        return "\(error)"
    }
}
