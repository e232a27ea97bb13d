import CPostgres
import Logging

/// Where the database is.
public struct DatabaseSource: Sendable {
    enum Place: Sendable {
        case url(DatabaseURL)
        case server(ConnectionParameters)
        case privateCluster(PrivateCluster)
    }

    let place: Place

    /// A server by its URL, as `ATLAS_DATABASE_URL` has it: what libpq takes (`postgresql://…` with several hosts,
    /// `target_session_attrs`, `sslmode` and so on, or `host=… dbname=…`), also as Python programs write it.
    ///
    /// It is looked at when the first connection is opened.
    public static func url(_ text: String) -> DatabaseSource { DatabaseSource(place: .url(DatabaseURL(text))) }

    /// A server by its address.
    ///
    /// - Parameters:
    ///   - host: a name, an address, or the folder of a Unix socket (or the socket itself); several by comma.
    ///   - port: as many as hosts, by comma, or one for all.
    public static func server(
        host: String, port: String = "5432", database: String, user: String, password: String? = nil
    ) -> DatabaseSource {
        var values = ["host": host, "port": port, "dbname": database, "user": user]
        values["password"] = password
        if let name = host.range(ofSocketName: "/.s.PGSQL.") {
            values["host"] = String(host[..<name.lowerBound])
            values["port"] = String(host[name.upperBound...])
        }
        return DatabaseSource(place: .server(ConnectionParameters(values: values)))
    }

    /// A PostgreSQL of our own, made and started when it is first needed, stopped when no server uses it any more.
    ///
    /// - Parameters:
    ///   - home: the folder that holds it, in `postgres`; nil for the platform's data folder (`/var/lib/atlas` for root).
    ///   - programs: the folder of `initdb` and `postgres`; nil to look where packages put them.
    public static func privateCluster(home: String? = nil, programs: String? = nil) -> DatabaseSource {
        DatabaseSource(place: .privateCluster(PrivateCluster(home: home, programs: programs)))
    }

    /// A connection that belongs to the caller.
    package func connect(_ options: DatabaseOptions, _ logger: Logger) throws -> Connection {
        switch place {
        case .url(let url):
            var options = options
            if !url.preparesStatements { options.preparesStatements = false }
            return try Connection.open(url.parameters(), options)
        case .server(let parameters): return try Connection.open(parameters, options)
        case .privateCluster(let cluster): return try cluster.connect(options, logger)
        }
    }

    /// Takes the private cluster for this program alone, until it is closed: a server that wants it meanwhile waits, and is told
    /// that the database is being prepared. Call it before anything connects.
    ///
    /// - Returns: false when servers use it. Any other database cannot be had like this, and the answer is true.
    package func claim() throws -> Bool {
        guard case .privateCluster(let cluster) = place else { return true }
        return try cluster.claim()
    }

    /// Lets go of what was started.
    package func close() {
        if case .privateCluster(let cluster) = place { cluster.close() }
    }
}

extension String {
    fileprivate func range(ofSocketName name: String) -> Range<String.Index>? {
        guard hasPrefix("/"), let slash = lastIndex(of: "/"), self[slash...].hasPrefix(name) else { return nil }
        return slash..<index(slash, offsetBy: name.count)
    }
}

/// A database URL, which may come from a Python program's configuration.
struct DatabaseURL: Sendable, Equatable {
    /// As libpq takes it.
    let text: String
    /// Whether the URL leaves prepared statements on.
    let preparesStatements: Bool

    init(_ given: String) {
        guard let end = given.range(of: "://") else {
            text = given
            preparesStatements = true
            return
        }
        // postgresql+asyncpg://
        let scheme = given[..<end.lowerBound].prefix { $0 != "+" }
        let parts = given[end.upperBound...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var prepares = true
        let items = (parts.count > 1 ? parts[1] : "").split(separator: "&").compactMap { item -> String? in
            let pair = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = pair.count > 1 ? String(pair[1]) : ""
            switch pair[0] {
            // asyncpg's and SQLAlchemy's own
            case "ssl": return "sslmode=" + (["true": "require", "1": "require", "false": "disable"][value] ?? value)
            case "statement_cache_size", "prepared_statement_cache_size":
                if value == "0" { prepares = false }
                return nil
            case "command_timeout", "async_fallback", "prepared_statement_name_func", "server_settings": return nil
            default: return String(item)
            }
        }
        text = scheme + "://" + parts[0] + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
        preparesStatements = prepares
    }

    /// - Throws: ``DatabaseError`` of kind `configuration`; libpq's own words are dropped, since they quote the URL.
    func parameters() throws -> ConnectionParameters {
        let pq = try Connection.libpq()
        guard let options = pq.pointee.PQconninfoParse(text, nil) else {
            throw DatabaseError(
                .configuration,
                message:
                    "ATLAS_DATABASE_URL is not a PostgreSQL URL. Write postgresql://user:password@host:5432/database, with "
                    + "special characters of the password percent-encoded.")
        }
        defer { pq.pointee.PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { values[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        let ports = (values["port"] ?? "").split(separator: ",")
        guard ports.allSatisfy({ Int($0).map { (1...65535).contains($0) } == true }) else {
            throw DatabaseError(
                .configuration, message: "The port in ATLAS_DATABASE_URL must be a number from 1 to 65535.")
        }
        return ConnectionParameters(values: values)
    }
}

extension String {
    /// The first place where `text` stands.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
