import JSON
import Testing

@testable import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A record with a property of every kind that results have.
struct Album: Codable, Sendable {
    enum Mood: String, Codable, CaseIterable { case calm, wild }
    struct Track: Codable { var title: String; var seconds: Int? }

    var id: UUID
    var artistName: String
    var artistURLs: [String]
    var labelID: UUID?
    var releasedAt: Date
    var deletedAt: Date?
    var price: Double
    var discount: Double?
    var copies: Int?
    var isLive: Bool
    var isRare: Bool?
    var mood: Mood
    var nextMood: Mood?
    var tracks: [Track]
    var bonus: Track?
    var ratings: [Int?]
    var soldPerCountry: [String: Int]
    var byMood: [String: Track]?
    var metadata: JSON.Object
    var anything: JSON
    var edition: Int64?
    var note: String?

    static let full = Album(
        id: UUID(uuidString: "9D0E2D2C-A7A2-476D-95BF-319ED9BB32AD")!, artistName: "Nina \"S\"\n",
        artistURLs: ["https://a", "https://b"], labelID: UUID(uuidString: "00000000-0000-4000-8000-0000000000FF")!,
        releasedAt: Date(timeIntervalSince1970: 1_795_532_400.9), deletedAt: Date(timeIntervalSince1970: 0), price: 9.5,
        discount: 0.25, copies: 7, isLive: true, isRare: false, mood: .calm, nextMood: .wild,
        tracks: [Track(title: "One", seconds: 61), Track(title: "Two", seconds: nil)],
        bonus: Track(title: "Three", seconds: 3), ratings: [1, nil, 3], soldPerCountry: ["inTheUK": 2],
        byMood: ["calmOnes": Track(title: "One", seconds: nil)], metadata: ["camelCase": ["x": nil]],
        anything: [1, "two"], edition: 12, note: "é\u{1F600}")

    static let empty = Album(
        id: UUID(uuidString: "9D0E2D2C-A7A2-476D-95BF-319ED9BB32AD")!, artistName: "", artistURLs: [], labelID: nil,
        releasedAt: Date(timeIntervalSince1970: 0), deletedAt: nil, price: 0, discount: nil, copies: nil, isLive: false,
        isRare: nil, mood: .wild, nextMood: nil, tracks: [], bonus: nil, ratings: [], soldPerCountry: [:], byMood: nil,
        metadata: [:], anything: .null, edition: nil, note: nil)
}

func encoded<Value: Encodable>(_ value: Value, offset: Int = 0) throws -> String {
    String(decoding: try ResultPage.octets(of: value, offset: { _ in offset }), as: UTF8.self)
}

struct ResultTests {
    @Test func aRecordIsWrittenWithEveryKey() throws {
        #expect(
            try encoded(Album.full, offset: -21600) == #"""
                {"id":"9d0e2d2c-a7a2-476d-95bf-319ed9bb32ad","artist_name":"Nina \"S\"\n","artist_urls":["https://a","https://b"],"label_id":"00000000-0000-4000-8000-0000000000ff","released_at":"2026-11-24T09:00:00-06:00","deleted_at":"1969-12-31T18:00:00-06:00","price":9.5,"discount":0.25,"copies":7,"is_live":true,"is_rare":false,"mood":"calm","next_mood":"wild","tracks":[{"title":"One","seconds":61},{"title":"Two","seconds":null}],"bonus":{"title":"Three","seconds":3},"ratings":[1,null,3],"sold_per_country":{"inTheUK":2},"by_mood":{"calmOnes":{"title":"One","seconds":null}},"metadata":{"camelCase":{"x":null}},"anything":[1,"two"],"edition":12,"note":"é😀"}
                """#)
    }

    @Test func nothingIsWrittenAsNull() throws {
        #expect(
            try encoded(Album.empty) == #"""
                {"id":"9d0e2d2c-a7a2-476d-95bf-319ed9bb32ad","artist_name":"","artist_urls":[],"label_id":null,"released_at":"1970-01-01T00:00:00+00:00","deleted_at":null,"price":0.0,"discount":null,"copies":null,"is_live":false,"is_rare":null,"mood":"wild","next_mood":null,"tracks":[],"bonus":null,"ratings":[],"sold_per_country":{},"by_mood":null,"metadata":{},"anything":null,"edition":null,"note":null}
                """#)
    }

    @Test func whatATypeLooksForBeforeItDecodesItMayBeMissing() throws {
        struct Sleeve: Codable {
            var front: String
            var back: String?

            enum CodingKeys: String, CodingKey { case front, back }
            init(from decoder: any Decoder) throws {
                let members = try decoder.container(keyedBy: CodingKeys.self)
                front = try members.decode(String.self, forKey: .front)
                back = members.contains(.back) ? try members.decode(String.self, forKey: .back) : nil
            }
        }
        let schema = try ResultSchema().describe(Sleeve.self)
        #expect(schema["required"] == ["front"])
        #expect(schema["properties"]?["back"] == ["type": "string"])
    }

    @Test(arguments: [Album.full, .empty]) func aRecordConformsToItsSchema(album: Album) throws {
        let schema = try ResultSchema().describe(Album.self)
        let result = try JSON(parsing: try encoded(album))
        #expect(SchemaCheck.complaints(about: result, against: .object(schema)) == [])
    }

    @Test(
        "The schema of a property",
        arguments: [
            ("id", ["type": "string", "format": "uuid"]),
            ("artist_urls", ["type": "array", "items": ["type": "string"]]),
            ("label_id", ["type": ["string", "null"], "format": "uuid"]),
            ("released_at", ["type": "string", "format": "date-time"]),
            ("deleted_at", ["type": ["string", "null"], "format": "date-time"]),
            ("price", ["type": "number"]),
            ("copies", ["type": ["integer", "null"]]),
            ("is_rare", ["type": ["boolean", "null"]]),
            ("mood", ["type": "string", "enum": ["calm", "wild"]]),
            ("next_mood", ["type": ["string", "null"], "enum": ["calm", "wild", nil]]),
            (
                "bonus",
                [
                    "type": ["object", "null"],
                    "properties": ["title": ["type": "string"], "seconds": ["type": ["integer", "null"]]],
                    "required": ["title", "seconds"],
                ]
            ),
            ("ratings", ["type": "array", "items": ["type": ["integer", "null"]]]),
            ("sold_per_country", ["type": "object", "additionalProperties": ["type": "integer"]]),
            ("metadata", ["type": "object"]),
            ("anything", [:]),
            ("edition", ["type": ["integer", "null"]]),
        ] as [(String, JSON)])
    func aPropertyIsDescribed(name: String, schema: JSON) throws {
        #expect(try ResultSchema().describe(Album.self)["properties"]?[name] == schema)
    }

    @Test func everyKeyIsRequired() throws {
        let schema = try ResultSchema().describe(Album.self)
        #expect(schema.names == ["type", "properties", "required"])
        #expect(schema["required"]?.items?.map(\.text) == schema["properties"]?.object?.names)
    }

    @Test func aResultThatContainsItselfIsRefused() {
        struct Folder: Codable { var name: String; var folders: [Folder] }
        let error = #expect(throws: ResultSchema.Indescribable.self) { try ResultSchema().describe(Folder.self) }
        #expect(error?.description == "Folder contains itself")
    }

    @Test func anEmptyRecordIsAnObject() throws {
        struct Nothing: Codable {}
        #expect(try encoded(Nothing()) == "{}")
        #expect(try ResultSchema().describe(Nothing.self) == ["type": "object", "properties": [:], "required": []])
    }

    @Test func addressesAndAmountsAreStrings() throws {
        struct Bill: Codable { var link: URL; var total: Decimal; var tax: Decimal? }
        let bill = Bill(link: URL(string: "https://example.com/a?b=c")!, total: Decimal(string: "9.90")!, tax: nil)
        #expect(try encoded(bill) == #"{"link":"https://example.com/a?b=c","total":"9.9","tax":null}"#)
        #expect(try ResultSchema().describe(Bill.self)["properties"]?["link"] == ["type": "string", "format": "uri"])
    }

    @Test func aWrapperOfOneValueIsThatValue() throws {
        struct PhoneNumber: Codable {
            var e164: String
            init(from decoder: any Decoder) throws { e164 = try decoder.singleValueContainer().decode(String.self) }
            init(_ e164: String) { self.e164 = e164 }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(e164)
            }
        }
        struct Person: Codable { var phone: PhoneNumber; var other: PhoneNumber? }
        #expect(try encoded(Person(phone: PhoneNumber("+1"), other: nil)) == #"{"phone":"+1","other":null}"#)
        #expect(
            try ResultSchema().describe(Person.self)["properties"]
                == ["phone": ["type": "string"], "other": ["type": ["string", "null"]]])
    }
}

// MARK: - Encoding by hand

struct HandwrittenEncodingTests {
    private enum Key: CodingKey { case first, second, third, inner }

    @Test func nestedContainersMayBeFilledInAnyOrder() throws {
        struct Tangled: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.container(keyedBy: Key.self)
                var list = outer.nestedUnkeyedContainer(forKey: .first)
                var object = outer.nestedContainer(keyedBy: Key.self, forKey: .second)
                try outer.encode(3, forKey: .third)
                try object.encode("x", forKey: .inner)
                try list.encode(1)
                var deeper = list.nestedUnkeyedContainer()
                var deepest = list.nestedContainer(keyedBy: Key.self)
                try list.encode(2)
                try deeper.encodeNil()
                try deepest.encodeIfPresent(nil as Int?, forKey: .first)
                #expect(list.count == 4)
            }
        }
        #expect(try encoded(Tangled()) == #"{"first":[1,[null],{"first":null},2],"second":{"inner":"x"},"third":3}"#)
        #expect(try encoded([Tangled()]).hasPrefix(#"[{"first":[1,["#))
    }

    @Test func aListMayBeginWithANestedOne() throws {
        struct Lists: Encodable {
            func encode(to encoder: any Encoder) throws {
                var outer = encoder.unkeyedContainer()
                var inner = outer.nestedUnkeyedContainer()
                try outer.encode(true)
                try inner.encode(1.5)
            }
        }
        #expect(try encoded(Lists()) == "[[1.5],true]")
    }

    @Test func aSubclassSharesOrNestsTheContainerOfItsSuperclass() throws {
        class Animal: Encodable {
            let legs = 4
            enum CodingKeys: CodingKey { case legs }
        }
        final class Dog: Animal {
            enum Key: CodingKey { case name }
            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try container.encode("Rex", forKey: .name)
                try super.encode(to: encoder)
            }
        }
        final class Cat: Animal {
            enum Key: CodingKey { case name }
            override func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: Key.self)
                try super.encode(to: container.superEncoder())
                try container.encode("Tom", forKey: .name)
            }
        }
        #expect(try encoded(Dog()) == #"{"name":"Rex","legs":4}"#)
        #expect(try encoded(Cat()) == #"{"super":{"legs":4},"name":"Tom"}"#)
    }

    @Test func numbersOfEveryWidthAreWritten() throws {
        struct Numbers: Codable {
            var a = Int8.min, b = UInt8.max, c = Int32.min, d = UInt64.max, e = Float(0.1), f = Int.min
            var g: UInt16?, h: Float?
        }
        #expect(
            try encoded(Numbers())
                == #"{"a":-128,"b":255,"c":-2147483648,"d":18446744073709551615,"e":0.1,"f":-9223372036854775808,"g":null,"h":null}"#
        )
    }

    @Test func anErrorWhileEncodingIsThrown() {
        struct Sour: Encodable {
            func encode(to encoder: any Encoder) throws { throw CancellationError() }
        }
        #expect(throws: CancellationError.self) { try encoded(["a": Sour()]) }
    }
}
