import Testing

@testable import AtlasCore

@Suite struct QueryTests {
    @Test func valuesBecomeParametersAndNothingElse() {
        let name = "'; DROP TABLE contacts; --"
        let query: Query = "SELECT * FROM contacts WHERE name = \(name) LIMIT \(5)"
        #expect(query.sql == "SELECT * FROM contacts WHERE name = $1 LIMIT $2")
        #expect(query.binds.map(\.type) == [25, 20])
        #expect(String(decoding: query.values.prefix(name.utf8.count), as: UTF8.self) == name)
    }

    @Test func nestedPiecesAreRenumbered() {
        let inner: Query = "a = \(1) AND b = \("x")"
        let query: Query = "SELECT \(true) WHERE \(inner) OR \(inner) ORDER BY c \(raw: "DESC") LIMIT \(9)"
        #expect(query.sql == "SELECT $1 WHERE a = $2 AND b = $3 OR a = $4 AND b = $5 ORDER BY c DESC LIMIT $6")
        #expect(query.binds.map(\.length) == [1, 8, 1, 8, 1, 8])
        #expect(query.binds.map(\.offset) == [0, 1, 9, 10, 18, 19])
    }

    @Test func moreThanNineParametersOfAPieceAreRenumberedWhole() {
        let inner = (1...12).map { "\($0)" as Query }.joined(separator: ", ")
        let query: Query = "\(0) IN (\(inner)) é \(1)"
        #expect(query.sql == "$1 IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) é $14")
    }

    @Test func piecesJoin() {
        let sets: [Query] = ["a = \(1)", "b = \(nil as String?)"]
        let query = "UPDATE t SET " + sets.joined(separator: ", ") + " WHERE id = \(7)"
        #expect(query.sql == "UPDATE t SET a = $1, b = $2 WHERE id = $3")
        #expect(query.binds.map(\.length) == [8, -1, 8])
    }
}
