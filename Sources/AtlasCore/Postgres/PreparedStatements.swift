#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A statement the server has parsed for this connection.
final class PreparedStatement {
    let text: String
    let sql: String
    let types: [UInt32]
    /// `text` for C.
    let name: UnsafePointer<CChar>
    /// What it returns, once it has.
    var columns: Columns?
    var lastUse = 0

    init(name text: String, sql: String, types: [UInt32]) {
        self.text = text
        self.sql = sql
        self.types = types
        name = UnsafePointer(strdup(text))
    }

    deinit { free(UnsafeMutablePointer(mutating: name)) }
}

/// The statements prepared on one connection, found by their SQL.
struct PreparedStatements {
    /// Whether statements are prepared at all.
    private(set) var isOn: Bool
    private var statements: [String: PreparedStatement] = [:]
    private var clock = 0
    private var recoveries = 0
    private let capacity: Int

    init(isOn: Bool, capacity: Int = 256) {
        self.isOn = isOn
        self.capacity = capacity
    }

    mutating func find(_ query: Query) -> PreparedStatement? {
        guard let statement = statements[query.sql], statement.types.count == query.binds.count else { return nil }
        for (index, bind) in query.binds.enumerated() where statement.types[index] != bind.type { return nil }
        clock += 1
        statement.lastUse = clock
        return statement
    }

    /// The statement that must go for another to come, if the cache is full.
    mutating func makeRoom() -> PreparedStatement? {
        guard statements.count >= capacity else { return nil }
        guard let oldest = statements.values.min(by: { $0.lastUse < $1.lastUse }) else { return nil }
        statements[oldest.sql] = nil
        return oldest
    }

    /// A name is used once, and says what the statement is, so that behind a pooler another's is never run for ours.
    mutating func add(_ query: Query) -> PreparedStatement {
        let types = query.binds.map(\.type)
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ octet: UInt8) { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
        query.sql.utf8.forEach(mix)
        for type in types { withUnsafeBytes(of: type) { $0.forEach(mix) } }
        clock += 1
        let statement = PreparedStatement(
            name: "atlas_\(clock)_" + String(hash, radix: 16), sql: query.sql, types: types)
        statement.lastUse = clock
        statements[query.sql] = statement
        return statement
    }

    mutating func remove(_ statement: PreparedStatement) {
        if statements[statement.sql] === statement { statements[statement.sql] = nil }
    }

    /// Whether `error` says that the statements we count on are not there, or not as they were; forgets them if so.
    ///
    /// A pooler that hands our statements to changing servers makes them useless: then they are switched off.
    mutating func recovers(from error: DatabaseError) -> Bool {
        guard isOn else { return false }
        switch error.sqlState {
        case "26000", "0A000":
            guard error.isStale else { return false }
            recoveries += 1
            if recoveries > 8 && error.sqlState == "26000" { isOn = false }
        case "42P05": isOn = false
        default: return false
        }
        statements = [:]
        return true
    }
}
