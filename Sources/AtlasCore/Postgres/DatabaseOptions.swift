/// How a ``Database`` uses its server.
public struct DatabaseOptions: Sendable {
    /// The most connections at a time.
    public var maximumConnections = 8
    /// How long a call waits for a free connection.
    public var poolTimeout: Duration = .seconds(5)
    /// How long one host may take to accept a connection.
    public var connectTimeout: Duration = .seconds(5)
    /// How long one statement may run; nil for as long as it takes.
    public var statementTimeout: Duration? = .seconds(30)
    /// Whether the server is told of `statementTimeout` when connecting. Off for a pooler that takes no start-up options: then
    /// the limit is kept from this side only, which cancels the statement.
    public var tellsServerOfTimeout = true
    /// Whether statements are prepared. Off for a pooler in transaction mode.
    public var preparesStatements = true
    /// How long callers wait for the database to be started and migrated at first use. The work goes on when they give up.
    public var prepareTimeout: Duration = .seconds(50)
    /// What `pg_stat_activity` shows.
    public var applicationName = "atlas"

    public init() {}
}

/// How long statements may run on one connection.
struct StatementLimit: Sendable {
    var each: Duration
    /// Whether the server counts too: then it comes first, and we only watch over it.
    var isKnownToServer: Bool

    init?(_ options: DatabaseOptions) {
        guard let each = options.statementTimeout else { return nil }
        self.each = each
        isKnownToServer = options.tellsServerOfTimeout
    }

    /// How long we wait for `count` of them in one exchange.
    func whole(_ count: Int) -> Duration { isKnownToServer ? each * count + .seconds(2) : each * count }
}
