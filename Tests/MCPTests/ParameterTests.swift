import JSON
import Testing

@testable import MCP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

private struct IceCream: Arguments {
    enum Size: String, CaseIterable, ParameterValue { case small, large }

    struct Topping: Arguments, ParameterValue {
        @Parameter("Its name.", .notEmpty) var name: String
        @Parameter("How many scoops.", .atLeast(1)) var scoops = 1
    }

    @Parameter("Who orders.", .length(1...20)) var customer: String
    @Parameter("How big.") var size: Size = .small
    @Parameter("How many.", .range(1...9)) var count = 1
    @Parameter("A wish.", .length(...10)) var wish: String?
    @Parameter("Whether to wrap it.") var wrapped = false
    @Parameter("What to pay at most.") var price: Double?
    @Parameter("Labels.", .count(0...3), .each(.length(...5))) var tags: [String] = []
    @Parameter("What goes on top.") var toppings: [Topping] = []
    @Parameter("The order it follows.") var after: UUID?
    @Parameter("When it is fetched.") var fetched: Date?
    @Parameter("What else to keep.") var extra: JSON.Object?
}

struct ParameterTests {
    @Test func argumentsLeftOutTakeTheirDefaults() throws {
        let order = try IceCream(reading: ["customer": "Ada"])
        #expect(order.customer == "Ada")
        #expect(order.size == .small)
        #expect(order.count == 1)
        #expect(order.wish == nil)
        #expect(order.tags == [])
    }

    @Test(arguments: [.null, "", "  \t\n", "\u{2003}"] as [JSON])
    func blankCountsAsLeftOut(blank: JSON) throws {
        let order = try IceCream(reading: [
            "customer": "Ada", "size": blank, "count": blank, "wish": blank, "wrapped": blank, "tags": blank,
            "after": blank, "extra": blank,
        ])
        #expect(order.size == .small)
        #expect(order.count == 1)
        #expect(order.wish == nil)
        #expect(order.wrapped == false)
        #expect(order.tags == [])
        #expect(order.after == nil)
        #expect(order.extra == nil)
    }

    @Test func givenArgumentsWinOverDefaults() throws {
        let order = try IceCream(reading: [
            "customer": "Ada", "size": "large", "wish": "hot", "tags": ["a", "b"],
            "toppings": [["name": "cream"], ["name": "nuts", "scoops": 2]],
            "after": "9D0E2D2C-A7A2-476D-95BF-319ED9BB32AD", "fetched": "2026-11-24T09:00:00-06:00",
            "extra": ["deep": [1, 2]],
        ])
        #expect(order.size == .large)
        #expect(order.wish == "hot")
        #expect(order.tags == ["a", "b"])
        #expect(order.toppings.map(\.scoops) == [1, 2])
        #expect(order.after?.uuidString.lowercased() == "9d0e2d2c-a7a2-476d-95bf-319ed9bb32ad")
        #expect(order.fetched == Date(timeIntervalSince1970: 1_795_532_400))
        #expect(order.extra == ["deep": [1, 2]])
    }

    @Test(arguments: [3, 3.0, "3", " 3 ", "3.0", "+3", "003", "3e0"] as [JSON])
    func anIntegerMayBeWrittenManyWays(three: JSON) throws {
        #expect(try IceCream(reading: ["customer": "Ada", "count": three]).count == 3)
    }

    @Test(arguments: [(1.5, 1.5), (2, 2), ("2.25", 2.25), ("-1e3", -1000)] as [(JSON, Double)])
    func aNumberMayBeWrittenManyWays(written: JSON, price: Double) throws {
        #expect(try IceCream(reading: ["customer": "Ada", "price": written]).price == price)
    }

    @Test(
        arguments: [(true, true), ("true", true), ("True", true), (false, false), (" false ", false)] as [(JSON, Bool)])
    func aFlagMayBeQuoted(written: JSON, wrapped: Bool) throws {
        #expect(try IceCream(reading: ["customer": "Ada", "wrapped": written]).wrapped == wrapped)
    }

    @Test(
        arguments: [
            (["vip", "new"], ["vip", "new"]), ("vip,new", ["vip", "new"]), (" vip , , new ,", ["vip", "new"]),
            ("vip", ["vip"]), (["vip", "", " "], ["vip"]), (#"["vip", "new"]"#, ["vip", "new"]), (",", []), ([], []),
        ] as [(JSON, [String])])
    func aListMayBeOneString(written: JSON, tags: [String]) throws {
        #expect(try IceCream(reading: ["customer": "Ada", "tags": written]).tags == tags)
    }

    @Test func aListOfObjectsMayBeJSONInAString() throws {
        let order = try IceCream(reading: [
            "customer": "Ada", "toppings": #"[{"name": "nuts"}]"#, "extra": #"{"a": 1}"#,
        ])
        #expect(order.toppings.map(\.name) == ["nuts"])
        #expect(order.extra == ["a": 1])
    }

    @Test func whetherAnArgumentWasGivenCanBeTold() throws {
        let order = try IceCream(reading: ["customer": "Ada", "count": 1, "size": ""])
        #expect(order.$count)
        #expect(!order.$size)
    }

    @Test func callsDoNotShareTheirArguments() throws {
        let one = try IceCream(reading: ["customer": "Ada"])
        let two = try IceCream(reading: ["customer": "Bob"])
        #expect([one.customer, two.customer] == ["Ada", "Bob"])
    }
}

// MARK: - Sharing and combining

private struct Page: Arguments {
    @Parameter("How many to skip.", .atLeast(0)) var offset = 0
    @Parameter("Most to return.", .range(1...100)) var limit = 50

    func validate() throws {
        if offset + limit > 1000 { throw InvalidArguments("offset", "must leave room for limit below 1000") }
    }
}

private struct Search: Arguments {
    @Parameter("What to look for.") var query: String?
    @Including var page: Page
    @Parameter("A phone number.") var phone: String?

    func validate() throws {
        if query == nil && phone == nil { throw InvalidArguments("query", "or phone is required") }
    }
}

/// Its default is itself a set of parameters, so that more parameters are made than it has.
private struct Report: Arguments {
    struct Window: Arguments, ParameterValue {
        @Parameter("The first day.") var from = 1
        @Parameter("The last day.") var to: Int?
    }

    @Parameter("Its title.") var title: String
    @Parameter("What it covers.") var window = Window()
}

struct CombinedArgumentsTests {
    @Test func anIncludedSetIsPartOfTheWhole() throws {
        let search = try Search(reading: ["limit": 7, "query": "x", "phone": "1"])
        #expect(search.page.limit == 7)
        #expect(search.page.offset == 0)
        #expect(search.phone == "1")
        #expect(Search.inputSchema["properties"]?.object?.names == ["query", "offset", "limit", "phone"])
    }

    @Test(
        arguments: [
            ([:], "query or phone is required.", "query"),
            (
                ["offset": 990, "limit": 11, "query": "x"], "offset must leave room for limit below 1000.", "offset"
            ),
            (["limit": 101], "limit must be between 1 and 100, got 101.", "limit"),
        ] as [(JSON.Object, String, String)])
    func rulesAcrossParametersAreCheckedLast(arguments: JSON.Object, message: String, parameter: String) {
        let error = #expect(throws: InvalidArguments.self) { try Search(reading: arguments) }
        #expect(error?.description == message)
        #expect(error?.parameter == parameter)
    }

    @Test func aDefaultMayBeASetOfParameters() throws {
        #expect(try Report(reading: ["title": "May"]).window.from == 1)
        let report = try Report(reading: ["title": "May", "window": ["from": 3, "to": 9]])
        #expect(report.window.from == 3)
        #expect(report.window.to == 9)
        #expect(report.title == "May")
        #expect(Report.inputSchema["properties"]?["title"] == ["type": "string", "description": "Its title."])
    }
}
