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
        var access = DatabaseAccess(environment: [:], connectionString: "")
        for keyword in try Keyword.all() {
            guard let value = rest[keyword.name] else { continue }
            if let variable = keyword.variable {
                access.environment[variable] = value
                if keyword.name != "dbname" { rest[keyword.name] = nil }
            } else if keyword.isSecret {
                throw DatabaseError(
                    .configuration,
                    message:
                        "PostgreSQL's programs cannot be given \(keyword.name) of ATLAS_DATABASE_URL without showing it. Run "
                        + "them yourself, or use a key without a passphrase.")
            }
        }
        access.connectionString = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.quoted($0.value))" }
            .joined(separator: " ")
        return access
    }

    /// Whether it holds a password or another secret.
    ///
    /// - Throws: as ``located()``.
    public func holdsSecret() throws -> Bool {
        let values = try connectionValues()
        return try Keyword.all().contains { $0.isSecret && values[$0.name] != nil }
    }

    /// The address as a URL to set, with `PASSWORD` in the place of a password, and without any other secret.
    ///
    /// - Throws: as ``located()``.
    public func shownURL() throws -> String {
        var rest = try connectionValues()
        let hasPassword = rest["password"] != nil
        for keyword in try Keyword.all() where keyword.isSecret { rest[keyword.name] = nil }
        var url = "postgresql://"
        let database = rest.removeValue(forKey: "dbname") ?? ""
        if let user = rest.removeValue(forKey: "user") {
            url += Self.encoded(user) + (hasPassword ? ":PASSWORD" : "") + "@"
        }
        // Several hosts, and the folder of a socket, are said as parameters.
        if let host = rest["host"], !host.isEmpty, !host.contains(where: { "/,".contains($0) }) {
            url += host.contains(":") ? "[\(host)]" : Self.encoded(host)
            if let port = rest["port"] { url += ":" + port }
            rest["host"] = nil
            rest["port"] = nil
        }
        let parameters = rest.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" }
        return url + "/" + Self.encoded(database) + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }

    /// As a component of a URI (RFC 3986, section 2.1); a slash and a comma may stay in those of ours.
    private static func encoded(_ text: String) -> String {
        text.utf8.reduce(into: "") { url, octet in
            let scalar = Unicode.Scalar(octet)
            if scalar.properties.isAlphabetic && octet < 0x80 || (0x30...0x39).contains(octet)
                || "-._~/,".unicodeScalars.contains(scalar)
            {
                url.unicodeScalars.append(scalar)
            } else {
                url += "%" + (octet < 16 ? "0" : "") + String(octet, radix: 16, uppercase: true)
            }
        }
    }

    /// A parameter of libpq's.
    private struct Keyword {
        var name: String
        /// The environment variable that says the same.
        var variable: String?
        var isSecret: Bool

        static func all() throws -> [Keyword] {
            let pq = try Connection.libpq()
            guard let options = pq.pointee.PQconninfoParse("", nil) else {
                throw DatabaseError(.configuration, message: "There is not enough memory.")
            }
            defer { pq.pointee.PQconninfoFree(options) }
            var found: [Keyword] = []
            var option = options
            while let keyword = option.pointee.keyword {
                found.append(
                    Keyword(
                        name: String(cString: keyword), variable: option.pointee.envvar.map { String(cString: $0) },
                        isSecret: option.pointee.dispchar.map { $0.pointee == CChar(UInt8(ascii: "*")) } ?? false))
                option += 1
            }
            return found
        }
    }

    private func connectionValues() throws -> [String: String] {
        switch place {
        case .url(let url):
            var values = try url.parameters().values
            // Several hosts without ports have as many empty ones.
            if let port = values["port"], port.allSatisfy({ $0 == "," }) { values["port"] = nil }
            return values
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
