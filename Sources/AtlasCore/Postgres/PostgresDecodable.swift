#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// A value that can be read from a column.
public protocol PostgresDecodable {
    /// Reads the binary format of `type`; nil when this type cannot be made of it.
    init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType)
    /// What stands for NULL; nil when nothing does.
    static var fromNull: Self? { get }
}

extension PostgresDecodable {
    public static var fromNull: Self? { nil }
}

extension UnsafeRawBufferPointer {
    /// The whole as one big-endian integer; nil when it has another size.
    @inline(__always)
    func integer<I: FixedWidthInteger>(_ type: I.Type = I.self) -> I? {
        guard count == MemoryLayout<I>.size else { return nil }
        return I(bigEndian: loadUnaligned(as: I.self))
    }
}

extension Optional: PostgresDecodable where Wrapped: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard let value = Wrapped(postgres: octets, type: type) else { return nil }
        self = .some(value)
    }

    public static var fromNull: Wrapped?? { .some(.none) }
}

extension String: PostgresDecodable {
    /// Text, `uuid` (lower case), `numeric`, and JSON as text.
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        if type.isText || type == .json {
            self.init(validating: octets, as: UTF8.self)
        } else if type == .uuid, let uuid = UUID(postgres: octets, type: type) {
            self = uuid.uuidString.lowercased()
        } else if type == .jsonb, octets.first == 1 {
            self.init(validating: octets.dropFirst(), as: UTF8.self)
        } else if type == .numeric, let number = PostgresNumeric.text(of: octets) {
            self = number
        } else {
            return nil
        }
    }
}

extension Int: PostgresDecodable {
    /// Any integer type, `oid`, and a `numeric` without fraction, which is what `sum` of `int8` gives.
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        let value: Int? =
            switch type {
            case .int8: octets.integer(Int64.self).map { Int($0) }
            case .int4: octets.integer(Int32.self).map { Int($0) }
            case .int2: octets.integer(Int16.self).map { Int($0) }
            case .oid: octets.integer(UInt32.self).map { Int($0) }
            case .numeric: PostgresNumeric.text(of: octets).flatMap { Int($0) }
            default: nil
            }
        guard let value else { return nil }
        self = value
    }
}

extension Int64: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard let value = Int(postgres: octets, type: type) else { return nil }
        self.init(value)
    }
}

extension Int32: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard let value = Int(postgres: octets, type: type) else { return nil }
        self.init(exactly: value)
    }
}

extension Double: PostgresDecodable {
    /// A floating-point number, an integer or a `numeric` (to the nearest).
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        let value: Double? =
            switch type {
            case .float8: octets.integer(UInt64.self).map(Double.init(bitPattern:))
            case .float4: octets.integer(UInt32.self).map { Double(Float(bitPattern: $0)) }
            case .numeric: PostgresNumeric.text(of: octets).flatMap { Double($0) }
            default: Int(postgres: octets, type: type).map { Double($0) }
            }
        guard let value else { return nil }
        self = value
    }
}

extension Bool: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard type == .bool, octets.count == 1 else { return nil }
        self = octets[0] != 0
    }
}

extension UUID: PostgresDecodable {
    /// A `uuid`, or text that spells one.
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        if type == .uuid, octets.count == 16 {
            self.init(uuid: octets.loadUnaligned(as: uuid_t.self))
        } else if type.isText, let text = String(validating: octets, as: UTF8.self) {
            self.init(uuidString: text)
        } else {
            return nil
        }
    }
}

extension Date: PostgresDecodable {
    /// A `timestamptz`; a `timestamp` or `date` as UTC. Infinity becomes the distant future or past.
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        switch type {
        case .timestamptz, .timestamp:
            guard let microseconds = octets.integer(Int64.self) else { return nil }
            switch microseconds {
            case .max: self = .distantFuture
            case .min: self = .distantPast
            default:
                let (value, overflows) = microseconds.subtractingReportingOverflow(Self.microsecondsFromPostgresZero)
                if overflows { return nil }
                self.init(timeIntervalSinceReferenceDate: Double(value) / 1e6)
            }
        case .date:
            guard let days = octets.integer(Int32.self) else { return nil }
            switch days {
            case .max: self = .distantFuture
            case .min: self = .distantPast
            default: self.init(timeIntervalSinceReferenceDate: Double(days - 366) * 86400)
            }
        default: return nil
        }
    }
}

extension Data: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard type == .bytea else { return nil }
        self.init(octets)
    }
}

extension JSON: PostgresDecodable {
    /// A `jsonb` or `json`.
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        var text = octets[...]
        switch type {
        case .jsonb: guard text.popFirst() == 1 else { return nil }
        case .json: break
        default: return nil
        }
        let bytes = UnsafeRawBufferPointer(rebasing: text).bindMemory(to: UInt8.self)
        var limits = JSONReader.Limits()
        limits.depth = 512  // the server checked it; only our own stack is at stake
        guard let value = try? JSON(parsing: bytes, limits: limits) else { return nil }
        self = value
    }
}

extension JSON.Object: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard case .object(let object)? = JSON(postgres: octets, type: type) else { return nil }
        self = object
    }
}

extension PostgresDecodable where Self: RawRepresentable, RawValue: PostgresDecodable {
    public init?(postgres octets: UnsafeRawBufferPointer, type: PostgresType) {
        guard let raw = RawValue(postgres: octets, type: type) else { return nil }
        self.init(rawValue: raw)
    }
}
