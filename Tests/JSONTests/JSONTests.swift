import JSON
import Testing

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct JSONTests {
    @Test func anObjectKeepsTheOrderOfItsMembers() {
        var object: JSON.Object = ["b": 1, "a": 2]
        object["c"] = 3
        object["b"] = 4
        #expect(object.names == ["b", "a", "c"])
        #expect(object["b"] == 4)
        object["b"] = nil
        object["nothing"] = nil
        #expect(object == ["a": 2, "c": 3])
        #expect(object.count == 2)
    }

    @Test func aValueIsLookedInto() {
        let value: JSON = ["list": [1, 2.5, "x", true, nil, ["deep": "y"]]]
        #expect(value["list"]?[0]?.integer == 1)
        #expect(value["list"]?[0]?.number == 1)
        #expect(value["list"]?[1]?.number == 2.5)
        #expect(value["list"]?[1]?.integer == nil)
        #expect(value["list"]?[2]?.text == "x")
        #expect(value["list"]?[3]?.flag == true)
        #expect(value["list"]?[4]?.isNull == true)
        #expect(value["list"]?[5]?["deep"]?.text == "y")
        #expect(value["list"]?[6] == nil)
        #expect(value["list"]?[-1] == nil)
        #expect(value["nothing"] == nil)
        #expect(value[0] == nil)
    }

    @Test func aValueTravelsThroughOtherCoders() throws {
        struct Row: Codable, Equatable {
            var metadata: JSON.Object
            var anything: [JSON]
        }
        let row = Row(metadata: ["a": ["b": [1, nil]]], anything: [.null, true, 1, 1.5, "x", [], [:]])
        let data = try JSONEncoder().encode(row)
        #expect(try JSONDecoder().decode(Row.self, from: data) == row)
    }
}
