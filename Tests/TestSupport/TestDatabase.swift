import AtlasCore
import Foundation
import Logging
import Synchronization

/// An empty database of its own on the tests' server.
public struct TestDatabase: Sendable {
    public let server: PostgresServer
    public let name: String

    /// For every test: a process has one set of workers.
    public static let workers = Workers(limit: 32)
    private static let administrators = Mutex<[ObjectIdentifier: Database]>([:])

    /// - Parameter template: the database to copy; nobody may be connected to it.
    public init(on given: PostgresServer? = nil, template: String = "template0") async throws {
        let server: PostgresServer
        if let given { server = given } else { server = await .shared() }
        self.server = server
        name = "t_" + UUID().uuidString.prefix(8).lowercased()
        let administrator = Self.administrators.withLock { all in
            if let known = all[ObjectIdentifier(server)] { return known }
            let new = Database(source: server.source("postgres"), workers: Self.workers, logger: Logger.silent)
            all[ObjectIdentifier(server)] = new
            return new
        }
        let sql = "CREATE DATABASE \(name) TEMPLATE \(template)"
        try await administrator.run { try $0.script(sql) }
    }

    public var source: DatabaseSource { server.source(name) }

    /// What `ATLAS_DATABASE_URL` would say.
    public var url: String {
        "postgresql://postgres@/\(name)?host=" + server.host.replacingOccurrences(of: "/", with: "%2F")
    }

    /// Opens it.
    public func open(
        _ options: DatabaseOptions = DatabaseOptions(), prepare: (@Sendable (Connection) throws -> Void)? = nil
    ) -> Database {
        Database(source: source, options: options, workers: Self.workers, logger: Logger.silent, prepare: prepare)
    }
}

extension Logger {
    /// Logs nothing.
    public static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
