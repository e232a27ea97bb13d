/// How a ``Database`` uses its server.
public struct DatabaseOptions: Sendable {
    /// The most connections at a time.
    public var maximumConnections = 8
    /// How long a call waits for a free connection.
    public var poolTimeout: Duration = .seconds(5)
    /// How long a connection is kept that nobody uses.
    public var idleTimeout: Duration = .seconds(60)
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
    /// In nanoseconds, for it is looked at with every statement.
    let each: Int64
    /// Whether the server counts too: then it comes first, and we only watch over it.
    let isKnownToServer: Bool

    /// A limit that only we keep.
    init(each: Duration) {
        self.each = each.nanoseconds
        isKnownToServer = false
    }

    init?(_ options: DatabaseOptions) {
        guard let each = options.statementTimeout else { return nil }
        self.each = each.nanoseconds
        isKnownToServer = options.tellsServerOfTimeout
    }

    /// How long, in nanoseconds, we wait for `count` of them in one exchange.
    func whole(_ count: Int) -> Int64 {
        let (sum, overflows) = each.multipliedReportingOverflow(by: Int64(count))
        if overflows || sum > .max / 2 { return .max / 2 }
        return isKnownToServer ? sum + 2_000_000_000 : sum
    }
}
