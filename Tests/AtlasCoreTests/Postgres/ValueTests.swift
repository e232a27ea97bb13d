import AtlasCore
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct ValueTests {
    private func same<T: PostgresEncodable & PostgresDecodable & Equatable>(_ value: T) async throws {
        let database = try await SharedDatabase.value()
        let back: T? = try await database.run { try $0.value("SELECT \(value)") }
        #expect(back == value)
    }

    @Test func everyTypeComesBackAsItWent() async throws {
        try await same(true)
        try await same(Int.min)
        try await same(Int64.max)
        try await same(-1.5e300)
        try await same(Double.infinity)
        try await same("Zoë\u{1F600} 'quoted' \"double\" \\ $1 %")
        try await same("")
        try await same(UUID())
        try await same(Data([0, 1, 255]))
        try await same(nil as String?)
        try await same(nil as UUID?)
        try await same(Optional("x"))
        try await same(JSON.object(["a": [1, nil, "é", 1.5], "b": ["c": true]]))
        try await same(JSON.null)
        try await same(["a": "x", "b": 1] as JSON.Object)
    }

    @Test func arraysKeepQuotesCommasNullsAndUnicode() async throws {
        try await same([String]())
        try await same(["a,b", "\"q\"", "{}", "NULL", "", " ", "\\", "é\u{1F600}", "'"])
        try await same(["a", nil, "NULL"] as [String?])
        try await same([1, -2, Int.max])
        try await same([UUID(), UUID()])
        try await same([true, false])
        try await same([1.5, -0.25])
        try await same([JSON.object(["a": 1]), "x", 2])
        try await same(Optional(["x"]))
        try await same(nil as [String]?)
    }

    @Test(arguments: [0.0, 0.000001, 1_763_812_345.123456, -12_345_678.654321, 4_102_444_799.999999])
    func datesKeepMicroseconds(seconds: Double) async throws {
        let date = Date(timeIntervalSince1970: seconds)
        let database = try await SharedDatabase.value()
        let (back, text): (Date, String) = try await database.run { connection in
            let row = try connection.query(
                "SELECT \(date) AS d, (extract(epoch FROM \(date)) * 1000000)::int8::text AS t")[0]
            return (try row.get("d"), try row.get("t"))
        }
        #expect(abs(back.timeIntervalSince(date)) < 0.0000005)
        #expect(Int64(text) == Int64((seconds * 1e6).rounded()))
    }

    @Test func columnTypesOfTheReferenceAreRead() async throws {
        let database = try await SharedDatabase.value()
        try await database.run { connection in
            let row = try connection.query(
                """
                SELECT 1::int2 AS a, 2::int4 AS b, 3::oid AS c, 1.5::float4 AS d, 'v'::varchar(9) AS e, 'b'::char(3) AS f,
                    'n'::name AS g, '2026-11-22'::date AS h, '2026-11-22 10:00'::timestamp AS i, '{"a": 1}'::json AS j,
                    '{x,y}'::varchar(8)[] AS k, 'infinity'::timestamptz AS l, 12345::numeric AS m, '{1,2}'::int4[] AS n,
                    '6f1f5a52-7b1e-4f27-9f05-8b8b6d0f1c11'::uuid AS o
                """)[0]
            #expect(try row.get("a") == 1)
            #expect(try row.get("b") == 2)
            #expect(try row.get("c") == 3)
            #expect(try row.get("d") == 1.5)
            #expect(try row.get("e") == "v")
            #expect(try row.get("f") == "b  ")
            #expect(try row.get("g") == "n")
            #expect(try row.get("h") == Date(timeIntervalSince1970: 1_795_305_600))
            #expect(try row.get("i") == Date(timeIntervalSince1970: 1_795_341_600))
            #expect(try row.get("j") == JSON.object(["a": 1]))
            #expect(try row.get("k") == ["x", "y"])
            #expect(try row.get("l") == Date.distantFuture)
            #expect(try row.get("m") == 12345)
            #expect(try row.get("n") == [1, 2])
            #expect(try row.get("o") == "6f1f5a52-7b1e-4f27-9f05-8b8b6d0f1c11")
        }
    }

    @Test(arguments: [
        "0", "0.00", "1", "-1", "10000", "12345678901234567890.123456789", "0.0001", "0.00000001", "-0.5", "99990000",
        "1000000000000", "NaN", "Infinity", "-Infinity", "123.4500",
    ])
    func numericIsReadExactly(number: String) async throws {
        let database = try await SharedDatabase.value()
        let back: String? = try await database.run { try $0.value("SELECT \(number)::text::numeric") }
        #expect(back == number)
    }

    @Test func aMismatchNamesColumnAndTypesNotTheValue() async throws {
        let database = try await SharedDatabase.value()
        try await database.run { connection in
            let row = try connection.query("SELECT \("secret value") AS note, NULL::text AS nothing")[0]
            let error = #expect(throws: DatabaseError.self) { try row.get("note", as: Int.self) }
            #expect(error?.kind == .decoding)
            #expect(error?.debugDescription.contains("note") == true)
            #expect(error?.debugDescription.contains("text") == true)
            #expect(error?.debugDescription.contains("secret") == false)
            #expect(throws: DatabaseError.self) { try row.get("nothing", as: String.self) }
            #expect(throws: DatabaseError.self) { try row.get("missing", as: String?.self) }
            #expect(try row.get("nothing", as: String?.self) == nil)
        }
    }
}

/// One database for tests that leave nothing in it.
enum SharedDatabase {
    private static let task = Task { try await TestDatabase().open() }
    static func value() async throws -> Database { try await task.value }
}
