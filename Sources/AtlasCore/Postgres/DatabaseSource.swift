import CPostgres
import Logging

/// Where the database is.
public struct DatabaseSource: Sendable {
    enum Place: Sendable {
        case server(ConnectionParameters)
    }

    let place: Place

    /// A server by its address.
    ///
    /// - Parameters:
    ///   - host: a name, an address, or the folder of a Unix socket; several by comma.
    ///   - port: as many as hosts, by comma, or one for all.
    public static func server(
        host: String, port: String = "5432", database: String, user: String, password: String? = nil
    ) -> DatabaseSource {
        var values = ["host": host, "port": port, "dbname": database, "user": user]
        values["password"] = password
        return DatabaseSource(place: .server(ConnectionParameters(values: values)))
    }

    func connect(_ options: DatabaseOptions, _ logger: Logger) throws -> Connection {
        switch place {
        case .server(let parameters): try Connection.open(parameters, options)
        }
    }

    /// Lets go of what was started.
    func close() {}
}
