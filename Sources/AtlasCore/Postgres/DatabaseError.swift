/// What went wrong between us and PostgreSQL.
///
/// It never holds SQL, a value or a password: of the server's answer only the SQLSTATE and the names of constraint, table and
/// column are kept, because its text quotes values. `description` is safe to show and says what to do; `debugDescription` is
/// for the log.
public struct DatabaseError: Error, Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// The server cannot be reached, or went away: the same call may succeed later.
        case unavailable
        /// A statement ran longer than it may.
        case timeout
        /// No connection became free in time.
        case poolExhausted
        /// The database is still being started or upgraded.
        case preparing
        /// The connection was lost while COMMIT was on its way: the work may be done or not.
        case unknownOutcome
        /// Somebody else than the caller cancelled the statement.
        case cancelled
        case constraint(Constraint, name: String)
        /// Two transactions met; one had to give way (serialization failure or deadlock).
        case serialization
        case authentication
        case permission
        case missingDatabase
        /// libpq, or PostgreSQL's own programs, are not installed.
        case missingLibrary
        case tooOld
        /// The configuration cannot be used as it stands.
        case configuration
        /// The server refused a value: too long, out of range, not of its type.
        case invalidValue
        /// A column does not hold what the code expects.
        case decoding
        /// A migration that has landed was edited, or one failed.
        case migration
        /// The data is in another database now, and this one is only what it was.
        case moved
        case other
    }

    public enum Constraint: String, Sendable, Equatable {
        case unique, foreignKey, check, exclusion, notNull
    }

    public let kind: Kind
    /// The five characters of the server's code, where the error is the server's.
    public let sqlState: String?
    public let table: String?
    public let column: String?
    /// A sentence of ours, safe to show, that replaces the kind's own.
    let message: String?
    /// More for the log; safe to keep, not worth showing.
    let detail: String?
    /// Whether it came from a statement prepared earlier, which may have stopped fitting.
    var isStale = false
    /// Whether the connection was lost with it.
    var lostConnection = false
    /// Whether it is certain that nothing of the exchange the connection was lost in has lasted.
    var leftNothing = false

    init(
        _ kind: Kind, sqlState: String? = nil, table: String? = nil, column: String? = nil, message: String? = nil,
        detail: String? = nil
    ) {
        self.kind = kind
        self.sqlState = sqlState
        self.table = table
        self.column = column
        self.message = message
        self.detail = detail
    }

    /// Whether the same call may succeed later without a change.
    public var isRetryable: Bool {
        switch kind {
        case .unavailable, .timeout, .poolExhausted, .preparing, .serialization, .cancelled: true
        default: false
        }
    }

    /// The name of the constraint that was violated, if that is what happened.
    public var constraintName: String? {
        guard case .constraint(_, let name) = kind else { return nil }
        return name
    }

    /// Whether the unique constraint or index `name` was violated.
    public func violates(unique name: String) -> Bool { kind == .constraint(.unique, name: name) }
}

extension DatabaseError {
    /// The kind that a SQLSTATE means (PostgreSQL documentation, appendix A).
    static func kind(ofState state: String, constraint: String?) -> Kind {
        let name = constraint ?? ""
        switch state {
        case "23505": return .constraint(.unique, name: name)
        case "23503": return .constraint(.foreignKey, name: name)
        case "23514": return .constraint(.check, name: name)
        case "23P01": return .constraint(.exclusion, name: name)
        case "23502": return .constraint(.notNull, name: name)
        case "40001", "40P01": return .serialization
        case "57014": return .cancelled
        case "55P03": return .timeout
        case "3D000": return .missingDatabase
        case "42501": return .permission
        case "40003": return .unknownOutcome
        case MovedMark.state: return .moved
        // The connection leads to a standby: the primary has moved.
        case "25006": return .unavailable
        case "25P03", "25P04", "53300", "57P01", "57P02", "57P03", "57P05": return .unavailable
        default: break
        }
        switch state.prefix(2) {
        case "08", "53", "58": return .unavailable
        case "28": return .authentication
        case "22": return .invalidValue
        default: return .other
        }
    }

    /// Whether the connection leads to a standby: nothing was changed, and nothing can be on this connection.
    var isRefusedByStandby: Bool { sqlState == "25006" }

    /// Whether a connection that gave this answer is of no more use.
    var breaksConnection: Bool {
        guard let sqlState else { return false }
        return sqlState.hasPrefix("57P") || sqlState.hasPrefix("08") || isRefusedByStandby || sqlState == "25P03"
            || sqlState == MovedMark.state
    }
}

extension DatabaseError: CustomStringConvertible, CustomDebugStringConvertible {
    public var description: String {
        if let message { return message }
        switch kind {
        case .unavailable where isRefusedByStandby: return Self.takesNoChanges
        case .unavailable where sqlState == "53300":
            return
                "All connections of the database's server are taken. Try again in a moment; if it stays so, lower "
                + "ATLAS_DB_POOL_SIZE or raise max_connections."
        case .unavailable:
            return
                "The database does not answer. Check that PostgreSQL runs and that ATLAS_DATABASE_URL (or ATLAS_DB_HOST) "
                + "leads to it, then try again."
        case .timeout: return "The database took too long. Try again, or ask for less."
        case .poolExhausted: return "The database is busy with other calls. Try again in a moment."
        case .preparing: return "The database is being prepared. Try again in a minute."
        case .unknownOutcome:
            return
                "The database went away while the change was being saved, so it may or may not have been saved. Look before "
                + "trying again."
        case .cancelled: return "The database's administrator stopped the statement. Try again."
        case .constraint(let constraint, _):
            switch constraint {
            case .unique: return "The database already holds this."
            case .foreignKey:
                return "Something this refers to is not in the database, or something in it refers to this."
            case .check: return "The database refuses a value that its rules do not allow."
            case .exclusion: return "It overlaps something that is already in the database."
            case .notNull: return "A value is missing that the database requires."
            }
        case .serialization: return "Two changes met in the database. Try again."
        case .authentication:
            return
                "The database refused the login. Check user and password in ATLAS_DATABASE_URL, or ATLAS_DB_USER and "
                + "ATLAS_DB_PASSWORD."
        case .permission: return "The database user may not do this. Grant it the rights on Atlas's tables."
        case .missingDatabase:
            return "The database does not exist on its server. Create it, or name another in ATLAS_DATABASE_URL or "
                + "ATLAS_DB_DATABASE."
        case .missingLibrary:
            return
                "PostgreSQL is not installed. Install it (Debian: apt install postgresql libpq5, macOS: brew install "
                + "postgresql@17)."
        case .tooOld: return "The PostgreSQL server is older than version 13. Upgrade it."
        case .configuration: return "The database configuration cannot be used. Check ATLAS_DATABASE_URL."
        case .invalidValue: return "The database refused a value: it is too long, out of range or not of its type."
        case .moved:
            return
                "The data of this database moved to another one while the call ran, and nothing was changed. Set "
                + "ATLAS_DATABASE_URL to that one and start the server again; atlas db status says where it is."
        case .decoding, .migration, .other: return "The database could not do this."
        }
    }

    /// The way to the database ends at a standby.
    static let takesNoChanges =
        "The database takes no changes at the moment: only a standby answers. Try again in a moment; if it stays so, name the "
        + "primary in ATLAS_DATABASE_URL, or all hosts with target_session_attrs=read-write."

    public var debugDescription: String {
        var parts = ["\(kind)"]
        if let sqlState { parts.append("SQLSTATE \(sqlState)") }
        if let table { parts.append("table \(table)") }
        if let column { parts.append("column \(column)") }
        if let message { parts.append(message) }
        if let detail { parts.append(detail) }
        return "DatabaseError(" + parts.joined(separator: ", ") + ")"
    }
}
