/// SQL with its values beside it.
///
/// Written as text, `\(value)` becomes a bind parameter, always; nothing of it reaches the SQL:
/// ```swift
/// let query: Query = "SELECT id FROM contacts WHERE email = \(email) AND \(only) LIMIT \(limit)"
/// ```
/// A piece of SQL comes in as another `Query` (`only` above; its parameters are renumbered) or, fixed at compile time, as
/// `\(raw: "DESC")`.
public struct Query: Sendable, ExpressibleByStringInterpolation {
    /// Where one value lies in `values`; `length` is -1 for NULL.
    struct Bind: Sendable {
        var type: UInt32
        var offset: Int
        var length: Int
    }

    /// The text with `$1`, `$2`… where the values go.
    private(set) var sql: String
    /// Where in the UTF-8 of `sql` each `$n` starts, in order.
    private var slots: [Int] = []
    private(set) var binds: [Bind] = []
    /// The values in PostgreSQL's binary format, one after the other.
    private(set) var values: [UInt8] = []

    public init() { sql = "" }

    public init(stringLiteral sql: String) { self.sql = sql }

    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.query }

    /// Whether there is no text at all.
    public var isEmpty: Bool { sql.isEmpty }

    /// Adds `piece` at the end, its parameters after those here.
    public mutating func append(_ piece: Query) {
        if piece.binds.isEmpty {
            sql += piece.sql
            return
        }
        let utf8 = piece.sql.utf8
        var start = utf8.startIndex
        for (index, slot) in piece.slots.enumerated() {
            let dollar = utf8.index(utf8.startIndex, offsetBy: slot)
            sql += piece.sql[start..<dollar]
            appendSlot()
            start = utf8.index(dollar, offsetBy: 1 + String(index + 1).utf8.count)
        }
        sql += piece.sql[start...]
        let shift = values.count
        for var bind in piece.binds {
            bind.offset += shift
            binds.append(bind)
        }
        values += piece.values
    }

    public static func + (left: Query, right: Query) -> Query {
        var sum = left
        sum.append(right)
        return sum
    }

    public static func += (left: inout Query, right: Query) { left.append(right) }

    fileprivate mutating func append(text: String) { sql += text }

    fileprivate mutating func append(value: some PostgresEncodable) {
        appendSlot()
        let offset = values.count
        let isPresent = value.encode(to: &values)
        let length = isPresent ? values.count - offset : -1
        binds.append(Bind(type: type(of: value).postgresType.rawValue, offset: offset, length: length))
    }

    private mutating func appendSlot() {
        slots.append(sql.utf8.count)
        sql += "$"
        sql += Self.number(slots.count)
    }

    private static let numbers = (0...32).map(String.init)
    private static func number(_ index: Int) -> String { index <= 32 ? numbers[index] : String(index) }
}

extension Query {
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var query = Query()

        public init(literalCapacity: Int, interpolationCount: Int) {
            query.reserve(text: literalCapacity + interpolationCount * 3, binds: interpolationCount)
        }

        public mutating func appendLiteral(_ literal: String) { query.append(text: literal) }

        /// A value: a bind parameter.
        public mutating func appendInterpolation(_ value: some PostgresEncodable) { query.append(value: value) }

        /// A value or NULL: a bind parameter.
        public mutating func appendInterpolation<Value: PostgresEncodable>(_ value: Value?) {
            query.append(value: value)
        }

        /// A piece of SQL with parameters of its own.
        public mutating func appendInterpolation(_ piece: Query) { query.append(piece) }

        /// A piece of SQL fixed at compile time.
        public mutating func appendInterpolation(raw sql: StaticString) { query.append(text: sql.description) }
    }

    fileprivate mutating func reserve(text: Int, binds count: Int) {
        sql.reserveCapacity(text)
        guard count > 0 else { return }
        slots.reserveCapacity(count)
        binds.reserveCapacity(count)
        values.reserveCapacity(count * 24)
    }
}

extension Sequence<Query> {
    /// The pieces one after the other with `separator` between: a list of assignments, of conditions.
    public func joined(separator: Query) -> Query {
        var whole = Query()
        for (index, piece) in enumerated() {
            if index > 0 { whole.append(separator) }
            whole.append(piece)
        }
        return whole
    }
}
