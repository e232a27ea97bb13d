import CPostgres

/// A type made from one row, by the names of its columns.
public protocol Record {
    init(row: Row) throws
}

/// The columns of a result: found by name once for each statement, not for each row.
final class Columns {
    /// Where each name stands.
    let names: [String: Int]
    /// The names as they stand.
    let order: [String]
    let types: [PostgresType]

    init(of result: OpaquePointer, _ pq: UnsafePointer<AtlasPQ>) {
        let count = Int(pq.pointee.PQnfields(result))
        order = (0..<count).map { pq.pointee.PQfname(result, Int32($0)).map { String(cString: $0) } ?? "" }
        types = (0..<count).map { PostgresType(rawValue: pq.pointee.PQftype(result, Int32($0))) }
        // Two columns of one name: the first is meant.
        names = Dictionary(zip(order, 0..<count)) { first, _ in first }
    }

    func describes(_ result: OpaquePointer, _ pq: UnsafePointer<AtlasPQ>) -> Bool {
        Int(pq.pointee.PQnfields(result)) == types.count
    }
}

/// What one statement returned.
///
/// Rows belong to the unit of work that asked for them: make records of them before it ends.
public struct Rows: RandomAccessCollection {
    /// Frees libpq's result with the last row that refers to it.
    final class Storage {
        let pq: UnsafePointer<AtlasPQ>
        let result: OpaquePointer
        let columns: Columns
        /// Where the column stands that is asked for next, if a record asks in the order of the statement, as most do.
        fileprivate var expected = 0

        init(_ result: OpaquePointer, columns: Columns, pq: UnsafePointer<AtlasPQ>) {
            self.result = result
            self.columns = columns
            self.pq = pq
        }

        deinit { pq.pointee.PQclear(result) }
    }

    let storage: Storage

    /// How many rows the statement returned or changed.
    public var affected: Int {
        guard let text = storage.pq.pointee.PQcmdTuples(storage.result) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { Int(storage.pq.pointee.PQntuples(storage.result)) }
    public subscript(index: Int) -> Row { Row(storage: storage, index: Int32(index)) }

    /// Each row as a record.
    public func records<R: Record>(_ type: R.Type = R.self) throws -> [R] { try map(R.init(row:)) }
}

/// One row of a result.
public struct Row {
    let storage: Rows.Storage
    let index: Int32

    /// The value of the column `name`. An Optional type takes NULL.
    ///
    /// - Throws: ``DatabaseError`` of kind `decoding` that names the column and both types, never the value.
    public func get<T: PostgresDecodable>(_ name: String, as type: T.Type = T.self) throws -> T {
        let columns = storage.columns
        var column = storage.expected
        if column >= columns.order.count || columns.order[column] != name {
            guard let found = columns.names[name] else {
                throw DatabaseError(.decoding, column: name, detail: "the result has no such column")
            }
            column = found
        }
        storage.expected = column + 1
        return try get(column, name, as: type)
    }

    /// The value of the column at `position`, the first being 0.
    public func get<T: PostgresDecodable>(_ position: Int, as type: T.Type = T.self) throws -> T {
        guard storage.columns.types.indices.contains(position) else {
            throw DatabaseError(.decoding, column: "#\(position)", detail: "the result has no such column")
        }
        return try get(position, nil, as: type)
    }

    /// Whether the result has a column called `name`.
    public func has(_ name: String) -> Bool { storage.columns.names[name] != nil }

    private func get<T: PostgresDecodable>(_ column: Int, _ name: String?, as type: T.Type) throws -> T {
        let pq = storage.pq
        let position = Int32(column)
        if pq.pointee.PQgetisnull(storage.result, index, position) != 0 {
            if let null = T.fromNull { return null }
            throw mismatch(column, name, T.self, "NULL")
        }
        let length = Int(pq.pointee.PQgetlength(storage.result, index, position))
        let octets = UnsafeRawBufferPointer(
            start: pq.pointee.PQgetvalue(storage.result, index, position), count: length)
        let columnType = storage.columns.types[column]
        guard let value = T(postgres: octets, type: columnType) else {
            throw mismatch(column, name, T.self, columnType.description)
        }
        return value
    }

    private func mismatch(_ column: Int, _ name: String?, _ type: Any.Type, _ found: String) -> DatabaseError {
        let name = name ?? storage.columns.names.first { $0.value == column }?.key ?? "#\(column)"
        return DatabaseError(.decoding, column: name, detail: "it holds \(found), which is not a \(type)")
    }
}
