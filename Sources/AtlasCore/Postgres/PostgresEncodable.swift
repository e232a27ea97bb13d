#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A value that can be a bind parameter of a ``Query``.
public protocol PostgresEncodable: Sendable {
    /// The type the server is told.
    static var postgresType: PostgresType { get }
    /// Appends the value in PostgreSQL's binary format. False, with nothing appended, means NULL.
    func encode(to octets: inout [UInt8]) -> Bool
}

/// A value that can stand in an array parameter.
public protocol PostgresArrayElement: PostgresEncodable {
    static var postgresArrayType: PostgresType { get }
}

extension [UInt8] {
    /// Appends an integer, most significant octet first.
    @inline(__always)
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}

extension String: PostgresArrayElement {
    public static var postgresType: PostgresType { .text }
    public static var postgresArrayType: PostgresType { .textArray }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(contentsOf: utf8)
        return true
    }
}

extension Int: PostgresArrayElement {
    public static var postgresType: PostgresType { .int8 }
    public static var postgresArrayType: PostgresType { .int8Array }
    public func encode(to octets: inout [UInt8]) -> Bool { Int64(self).encode(to: &octets) }
}

extension Int64: PostgresArrayElement {
    public static var postgresType: PostgresType { .int8 }
    public static var postgresArrayType: PostgresType { .int8Array }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(bigEndian: self)
        return true
    }
}

extension Int32: PostgresArrayElement {
    public static var postgresType: PostgresType { .int4 }
    public static var postgresArrayType: PostgresType { .int4Array }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(bigEndian: self)
        return true
    }
}

extension Double: PostgresArrayElement {
    public static var postgresType: PostgresType { .float8 }
    public static var postgresArrayType: PostgresType { .float8Array }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(bigEndian: bitPattern)
        return true
    }
}

extension Bool: PostgresArrayElement {
    public static var postgresType: PostgresType { .bool }
    public static var postgresArrayType: PostgresType { .boolArray }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(self ? 1 : 0)
        return true
    }
}

extension UUID: PostgresArrayElement {
    public static var postgresType: PostgresType { .uuid }
    public static var postgresArrayType: PostgresType { .uuidArray }
    public func encode(to octets: inout [UInt8]) -> Bool {
        withUnsafeBytes(of: uuid) { octets.append(contentsOf: $0) }
        return true
    }
}

/// A `timestamptz`, to the microsecond. Infinite dates are PostgreSQL's `infinity`; what is not a number is NULL.
extension Date: PostgresArrayElement {
    public static var postgresType: PostgresType { .timestamptz }
    public static var postgresArrayType: PostgresType { .timestamptzArray }

    /// From PostgreSQL's zero, 2000-01-01, to Foundation's, 2001-01-01.
    static let microsecondsFromPostgresZero: Int64 = 366 * 86400 * 1_000_000

    public func encode(to octets: inout [UInt8]) -> Bool {
        let microseconds = (timeIntervalSinceReferenceDate * 1e6).rounded()
        if microseconds.isNaN { return false }
        if microseconds > 9e18 {
            octets.append(bigEndian: Int64.max)
        } else if microseconds < -9e18 {
            octets.append(bigEndian: Int64.min)
        } else {
            octets.append(bigEndian: Int64(microseconds) + Self.microsecondsFromPostgresZero)
        }
        return true
    }
}

extension Data: PostgresEncodable {
    public static var postgresType: PostgresType { .bytea }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(contentsOf: self)
        return true
    }
}

/// A `jsonb`. JSON's null stays JSON's null; SQL's is `nil as JSON?`.
extension JSON: PostgresArrayElement {
    public static var postgresType: PostgresType { .jsonb }
    public static var postgresArrayType: PostgresType { .jsonbArray }
    public func encode(to octets: inout [UInt8]) -> Bool {
        var writer = JSONWriter()
        writer.write(self)
        octets.append(1)  // the version of jsonb's binary format
        octets.append(contentsOf: writer.bytes)
        return true
    }
}

extension JSON.Object: PostgresEncodable {
    public static var postgresType: PostgresType { .jsonb }
    public func encode(to octets: inout [UInt8]) -> Bool { JSON.object(self).encode(to: &octets) }
}

extension Optional: PostgresEncodable where Wrapped: PostgresEncodable {
    public static var postgresType: PostgresType { Wrapped.postgresType }
    public func encode(to octets: inout [UInt8]) -> Bool { self?.encode(to: &octets) ?? false }
}

extension Optional: PostgresArrayElement where Wrapped: PostgresArrayElement {
    public static var postgresArrayType: PostgresType { Wrapped.postgresArrayType }
}

extension Array: PostgresEncodable where Element: PostgresArrayElement {
    public static var postgresType: PostgresType { Element.postgresArrayType }
    public func encode(to octets: inout [UInt8]) -> Bool {
        octets.append(bigEndian: Int32(isEmpty ? 0 : 1))  // dimensions
        octets.append(bigEndian: Int32(1))  // may hold NULL
        octets.append(bigEndian: Element.postgresType.rawValue)
        if isEmpty { return true }
        octets.append(bigEndian: Int32(count))
        octets.append(bigEndian: Int32(1))  // the first index
        for element in self {
            let start = octets.count
            octets.append(bigEndian: Int32(-1))
            guard element.encode(to: &octets) else { continue }
            let length = Int32(octets.count - start - 4)
            Swift.withUnsafeBytes(of: length.bigEndian) { octets.replaceSubrange(start..<start + 4, with: $0) }
        }
        return true
    }
}

extension PostgresEncodable where Self: RawRepresentable, RawValue: PostgresEncodable {
    public static var postgresType: PostgresType { RawValue.postgresType }
    public func encode(to octets: inout [UInt8]) -> Bool { rawValue.encode(to: &octets) }
}

extension PostgresArrayElement where Self: RawRepresentable, RawValue: PostgresArrayElement {
    public static var postgresArrayType: PostgresType { RawValue.postgresArrayType }
}
