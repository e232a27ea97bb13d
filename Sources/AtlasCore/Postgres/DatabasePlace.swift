/// Where a database is, as far as that may be shown.
public struct DatabasePlace: Sendable, Equatable {
    /// Whether it is the PostgreSQL that Atlas runs for itself.
    public var isPrivate: Bool
    /// A name, an address, or the folder of a Unix socket; several by comma.
    public var host: String
    public var port: String
    public var database: String
    public var user: String
    /// The folder that holds a private cluster.
    public var folder: String?
}

/// What one of PostgreSQL's own programs must be told to reach a database.
public struct DatabaseAccess: Sendable {
    /// libpq's variables, the password among them: unlike arguments, other users cannot see them.
    public var environment: [String: String]
    /// What has no variable, as a connection string without secrets; holds at least the database's name.
    public var connectionString: String
}

extension DatabaseSource {
    /// Where the database is.
    ///
    /// - Throws: ``DatabaseError`` of kind `configuration` when the URL is none.
    public func located() throws -> DatabasePlace {
        let values = try connectionValues()
        var place = DatabasePlace(
            isPrivate: false, host: values["host"] ?? values["hostaddr"] ?? "localhost",
            port: values["port"] ?? "5432", database: values["dbname"] ?? values["user"] ?? "",
            user: values["user"] ?? "")
        if case .privateCluster(let cluster) = self.place {
            place.isPrivate = true
            place.folder = try ClusterFolder(home: cluster.home).folder
        }
        return place
    }

    /// What `psql` and its like must be told.
    ///
    /// - Throws: ``DatabaseError`` of kind `configuration` when the URL is none, or holds a secret that only arguments could carry.
    public func programAccess() throws -> DatabaseAccess {
        var rest = try connectionValues()
        let pq = try Connection.libpq()
        guard let options = pq.pointee.PQconninfoParse("", nil) else {
            throw DatabaseError(.configuration, message: "There is not enough memory.")
        }
        defer { pq.pointee.PQconninfoFree(options) }
        var access = DatabaseAccess(environment: [:], connectionString: "")
        var option = options
        while let keyword = option.pointee.keyword.map({ String(cString: $0) }) {
            defer { option += 1 }
            guard let value = rest[keyword] else { continue }
            if let variable = option.pointee.envvar {
                access.environment[String(cString: variable)] = value
                if keyword != "dbname" { rest[keyword] = nil }
            } else if option.pointee.dispchar.map({ $0.pointee == CChar(UInt8(ascii: "*")) }) == true {
                throw DatabaseError(
                    .configuration,
                    message:
                        "PostgreSQL's programs cannot be given \(keyword) of ATLAS_DATABASE_URL without showing it. Run them "
                        + "yourself, or use a key without a passphrase.")
            }
        }
        access.connectionString = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value))" }
            .joined(separator: " ")
        return access
    }

    private func connectionValues() throws -> [String: String] {
        switch place {
        case .url(let url): return try url.parameters().values
        case .server(let parameters): return parameters.values
        case .privateCluster(let cluster):
            let host = try ClusterFolder(home: cluster.home).socketAddress
            return [
                "host": host, "port": "5432", "dbname": PrivateCluster.database, "user": PrivateCluster.user,
                "sslmode": "disable", "gssencmode": "disable",
            ]
        }
    }

    /// A value of a connection string (PostgreSQL documentation, 34.1.1.1).
    private static func quoted(_ value: String) -> String {
        var quoted = "'"
        for character in value {
            if character == "'" || character == "\\" { quoted += "\\" }
            quoted.append(character)
        }
        return quoted + "'"
    }
}
