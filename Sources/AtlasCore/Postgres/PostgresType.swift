/// A PostgreSQL type by its object id, as `pg_type.dat` fixes it.
public struct PostgresType: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    private init(_ rawValue: UInt32) { self.rawValue = rawValue }

    public static let bool = PostgresType(16)
    public static let bytea = PostgresType(17)
    public static let char = PostgresType(18)
    public static let name = PostgresType(19)
    public static let int8 = PostgresType(20)
    public static let int2 = PostgresType(21)
    public static let int4 = PostgresType(23)
    public static let text = PostgresType(25)
    public static let oid = PostgresType(26)
    public static let json = PostgresType(114)
    public static let float4 = PostgresType(700)
    public static let float8 = PostgresType(701)
    public static let unknown = PostgresType(705)
    public static let bpchar = PostgresType(1042)
    public static let varchar = PostgresType(1043)
    public static let date = PostgresType(1082)
    public static let timestamp = PostgresType(1114)
    public static let timestamptz = PostgresType(1184)
    public static let numeric = PostgresType(1700)
    public static let void = PostgresType(2278)
    public static let uuid = PostgresType(2950)
    public static let jsonb = PostgresType(3802)

    public static let boolArray = PostgresType(1000)
    public static let int4Array = PostgresType(1007)
    public static let textArray = PostgresType(1009)
    public static let int8Array = PostgresType(1016)
    public static let float8Array = PostgresType(1022)
    public static let timestamptzArray = PostgresType(1185)
    public static let uuidArray = PostgresType(2951)
    public static let jsonbArray = PostgresType(3807)

    /// Whether its binary format is its text: text, its relatives, and the enumerations and `citext` that a database adds.
    var isText: Bool {
        switch self {
        case .text, .varchar, .bpchar, .name, .char, .unknown: true
        default: rawValue >= 16384
        }
    }

    private static let names: [UInt32: String] = [
        16: "bool", 17: "bytea", 18: "char", 19: "name", 20: "int8", 21: "int2", 23: "int4", 25: "text", 26: "oid",
        114: "json", 700: "float4", 701: "float8", 1042: "bpchar", 1043: "varchar", 1082: "date", 1114: "timestamp",
        1184: "timestamptz", 1700: "numeric", 2278: "void", 2950: "uuid", 3802: "jsonb", 1000: "bool[]",
        1007: "int4[]", 1009: "text[]", 1015: "varchar[]", 1016: "int8[]", 1022: "float8[]", 1185: "timestamptz[]",
        2951: "uuid[]", 3807: "jsonb[]",
    ]

    public var description: String { Self.names[rawValue] ?? "type \(rawValue)" }
}
