extension DatabaseSource {
    /// What is configured: `ATLAS_DATABASE_URL`, else the `ATLAS_DB_` variables, else a private PostgreSQL.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    public init(_ configuration: Configuration) throws(AtlasError) {
        if let url = configuration[.databaseURL] {
            self = .url(url)
            return
        }
        let host = configuration[.databaseSocket] ?? configuration[.databaseHost]
        // A name, a user or a password without a host mean the server beside us.
        let isServer = [.databaseName, .databaseUser, .databasePassword, .databasePort].contains {
            configuration[$0] != nil
        }
        guard host != nil || isServer else {
            self = .privateCluster(home: configuration[.home], programs: configuration[.postgresBinaries])
            return
        }
        let port = configuration[.databasePort] ?? "5432"
        // Several hosts may have a port each.
        let isPort = port.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { UInt16($0) ?? 0 > 0 }
        guard isPort else {
            throw AtlasError(
                .notConfigured, "ATLAS_DB_PORT must be a whole number from 1 to 65535, not \(port.prefix(40)).")
        }
        self = .server(
            host: host ?? "localhost", port: port,
            database: configuration[.databaseName] ?? "atlas", user: configuration[.databaseUser] ?? "atlas",
            password: configuration[.databasePassword])
    }
}

extension DatabaseOptions {
    /// What is configured.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variable and its range.
    public init(_ configuration: Configuration) throws(AtlasError) {
        self.init()
        if let size = try configuration.integer(.databasePool, in: 1...100) { maximumConnections = size }
        if let wait = try configuration.integer(.databasePoolTimeout, in: 1...600) { poolTimeout = .seconds(wait) }
        if let rest = try configuration.integer(.databaseIdleTimeout, in: 1...86400) { idleTimeout = .seconds(rest) }
        if let wait = try configuration.integer(.databaseConnectTimeout, in: 1...600) {
            connectTimeout = .seconds(wait)
        }
        if let limit = try configuration.integer(.databaseStatementTimeout, in: 0...86400) {
            statementTimeout = limit == 0 ? nil : .seconds(limit)
        }
        if let prepares = try configuration.flag(.databasePrepared) { preparesStatements = prepares }
    }
}
