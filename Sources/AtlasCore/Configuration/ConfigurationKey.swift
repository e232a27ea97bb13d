/// One setting: its environment variable, what it is for, and how it may be shown.
public struct ConfigurationKey: Sendable, Equatable {
    /// The environment variable, which is also the name in a configuration file.
    public let name: String
    /// What it is for, in one or two sentences.
    public let help: String
    /// What holds when it is unset, in words; `nil` when that is evident.
    public let fallback: String?
    /// Whether its value must never be shown.
    public let isSecret: Bool
    /// The heading it stands under in the documentation.
    public let group: Group

    public enum Group: String, Sendable, CaseIterable {
        case business = "The business"
        case server = "The servers"
        case supervision = "Approval and audit"
        case database = "Database"
        case telephony = "Telephony"
        case callIntelligence = "Call intelligence"
        case email = "E-mail"
        case calendar = "Calendar"
        case scheduling = "Scheduling"
    }

    init(_ name: String, _ group: Group, _ help: String, fallback: String? = nil, isSecret: Bool = false) {
        self.name = name
        self.group = group
        self.help = help
        self.fallback = fallback
        self.isSecret = isSecret
    }
}

extension ConfigurationKey {
    // MARK: The business

    public static let timeZone = Self(
        "ATLAS_TIMEZONE", .business,
        "The business's time zone, an IANA name like America/Chicago. Times are shown and understood in it.",
        fallback: "the machine's zone")
    public static let defaultRegion = Self(
        "ATLAS_DEFAULT_REGION", .business,
        "The country whose phone numbers need no country code, as ISO 3166-1 alpha-2.", fallback: "US")
    public static let businessContext = Self(
        "ATLAS_BUSINESS_CONTEXT", .business,
        "The business context (at most 64 characters) that calls without one belong to.", fallback: "none")

    // MARK: The servers

    public static let toolsets = Self(
        "ATLAS_TOOLSETS", .server, "Toolsets to register: all, or names separated by commas, like default,dedup.",
        fallback: "default")
    public static let readOnly = Self(
        "ATLAS_READ_ONLY", .server, "1 registers only the tools that change nothing.", fallback: "0")
    public static let logLevel = Self(
        "ATLAS_LOG_LEVEL", .server,
        "What is logged to standard error: trace, debug, info, notice, warning, error or critical.",
        fallback: "notice")
    public static let configurationFile = Self(
        "ATLAS_CONFIG", .server, "A configuration file: a JSON object of the variables on this page.", fallback: "none")
    public static let rateLimit = Self(
        "ATLAS_RATE_LIMIT", .server,
        "How many calls a second each tool takes before it answers rate_limited; 0 takes any number.",
        fallback: "a generous limit for each kind of tool")
    public static let home = Self(
        "ATLAS_HOME", .server, "Where Atlas keeps what it stores itself: the private database, keys, files.",
        fallback:
            "$XDG_DATA_HOME/atlas or ~/.local/share/atlas; ~/Library/Application Support/Atlas on macOS; /var/lib/atlas for root"
    )

    public static let caFile = Self(
        "ATLAS_CA_FILE", .server, "A PEM file of certificate authorities to trust beside the system's.",
        fallback: "none")

    // MARK: Database

    public static let databaseURL = Self(
        "ATLAS_DATABASE_URL", .database,
        "The PostgreSQL database, as a libpq URI: postgresql://user:password@host/database. Several hosts and every libpq parameter may stand in it.",
        fallback: "the ATLAS_DB_ variables; without them a private PostgreSQL under ATLAS_HOME", isSecret: true)
    public static let databaseHost = Self("ATLAS_DB_HOST", .database, "The database's host.")
    public static let databasePort = Self("ATLAS_DB_PORT", .database, "The database's port.", fallback: "5432")
    public static let databaseName = Self("ATLAS_DB_DATABASE", .database, "The database's name.", fallback: "atlas")
    public static let databaseUser = Self("ATLAS_DB_USER", .database, "The user to connect as.", fallback: "atlas")
    public static let databasePassword = Self(
        "ATLAS_DB_PASSWORD", .database, "That user's password.", isSecret: true)
    public static let databaseSocket = Self(
        "ATLAS_DB_SOCKET_PATH", .database, "The folder of the database's Unix socket, instead of a host.")
    public static let databasePool = Self(
        "ATLAS_DB_POOL_SIZE", .database, "The most connections one server opens.", fallback: "8")
    public static let databasePoolTimeout = Self(
        "ATLAS_DB_POOL_TIMEOUT", .database, "Seconds a call waits for a free connection.", fallback: "5")
    public static let databaseIdleTimeout = Self(
        "ATLAS_DB_IDLE_TIMEOUT", .database, "Seconds after which a connection that nobody uses is closed.",
        fallback: "60")
    public static let databaseConnectTimeout = Self(
        "ATLAS_DB_CONNECT_TIMEOUT", .database, "Seconds to wait for the database to accept a connection.",
        fallback: "5")
    public static let databaseStatementTimeout = Self(
        "ATLAS_DB_STATEMENT_TIMEOUT", .database,
        "Seconds a statement may run; 0 leaves it to the database (needed behind PgBouncer).", fallback: "30")
    public static let databasePrepared = Self(
        "ATLAS_DB_PREPARED", .database,
        "0 switches prepared statements off (needed behind PgBouncer before 1.21 in transaction mode).", fallback: "1")
    public static let postgresBinaries = Self(
        "ATLAS_POSTGRES_BIN", .database, "The folder of initdb and postgres, for the private PostgreSQL.",
        fallback: "looked for where packages put them")

    /// Every key, in the order of the documentation.
    public static let all: [ConfigurationKey] =
        [
            timeZone, defaultRegion, businessContext,
        ] + businessDetails + [
            toolsets, readOnly, logLevel, configurationFile, rateLimit, home, caFile,
        ] + supervision + [
            databaseURL, databaseHost, databasePort, databaseName, databaseUser, databasePassword, databaseSocket,
            databasePool, databasePoolTimeout, databaseIdleTimeout, databaseConnectTimeout, databaseStatementTimeout,
            databasePrepared,
            postgresBinaries,
        ] + telephony + callIntelligenceKeys + email + calendar + scheduling
}
