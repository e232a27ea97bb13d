import JSON
import Logging
import Synchronization
import Testing

@testable import MCP

private struct Kiosk: Sendable {
    var stock = ["tea": 3]
}

private struct Stocktake: Codable, Sendable {
    var item: String
    var count: Int?
}

private struct CountStock: Tool {
    static let name = "count_stock"
    static let description = "Count what is left of an item."
    static let hints: ToolHints = .readOnly
    @Parameter("What to count.") var item: String

    func call(_ shop: Kiosk) async throws -> Stocktake {
        switch item {
        case "gone": throw ToolFailure(code: "not_found", "Nothing is called gone.", parameter: "item")
        case "secret": throw Mishap(password: "hunter2")
        case "busy": throw Busy()
        case "cancelled": throw CancellationError()
        case "question": throw Question()
        default: return Stocktake(item: item, count: shop.stock[item])
        }
    }
}

private struct SellItem: Tool {
    static let name = "sell_item"
    static let title = "Sell something"
    static let description = "Sell an item."
    static let hints: ToolHints = [.destructive, .openWorld]
    @Parameter("What to sell.") var item: String
    func call(_ shop: Kiosk) async throws -> Stocktake { Stocktake(item: item, count: nil) }
}

private struct AskUser: InteractiveTool {
    static let name = "ask_user"
    static let description = "Ask."
    static let toolset = "extra"
    func call(_ shop: Kiosk, _ client: Client) async throws -> Stocktake { Stocktake(item: "asked", count: 1) }
}

private struct PrintCatalogue: Tool {
    static let name = "print_catalogue"
    static let description = "Print everything."
    static let toolset = "extra"
    static let hints: ToolHints = .readOnly
    @Parameter("How many letters.") var letters = 10
    func call(_ shop: Kiosk) async throws -> [String: String] { ["text": String(repeating: "x", count: letters)] }
}

private struct Mishap: Error { var password: String }
private struct Busy: Error {}
private struct Question: ControlFlow {}

private let tools: [any Tool<Kiosk>.Type] = [CountStock.self, SellItem.self, AskUser.self, PrintCatalogue.self]

struct ToolboxTests {
    private let toolbox = Toolbox(tools, selection: .all) { error in
        error is Busy ? ToolFailure(code: "unavailable", "The shop is busy. Try again.", retryable: true) : nil
    }

    private func call(_ name: String, _ arguments: JSON.Object = [:]) async throws -> CallResult {
        try await toolbox.call(name, arguments, with: Kiosk(), for: .nobody)
    }

    private func text(_ result: CallResult) -> String { String(decoding: result.text, as: UTF8.self) }

    @Test func aSuccessIsStructuredAndTheSameAsText() async throws {
        let result = try await call("count_stock", ["item": "tea"])
        #expect(text(result) == #"{"item":"tea","count":3}"#)
        #expect(result.structured == result.text)
        #expect(!result.isError)
        #expect(result.errorMeta == nil)

        var writer = JSONWriter()
        result.writeMembers(structured: true, to: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #""content":[{"type":"text","text":"{\"item\":\"tea\",\"count\":3}"}],"structuredContent":{"item":"tea","count":3},"isError":false"#
        )
    }

    @Test func aRevisionWithoutStructuredContentGetsTheText() async throws {
        var writer = JSONWriter()
        try await call("count_stock", ["item": "milk"]).writeMembers(structured: false, to: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #""content":[{"type":"text","text":"{\"item\":\"milk\",\"count\":null}"}],"isError":false"#)
    }

    @Test(
        "What goes wrong is told",
        arguments: [
            (
                [:], "item is required: What to count.",
                ["code": "invalid_argument", "retryable": false, "parameter": "item"]
            ),
            (
                ["item": "gone"], "Nothing is called gone.",
                ["code": "not_found", "retryable": false, "parameter": "item"]
            ),
            (["item": "busy"], "The shop is busy. Try again.", ["code": "unavailable", "retryable": true]),
        ] as [(JSON.Object, String, JSON.Object)])
    func aFailureIsTold(arguments: JSON.Object, message: String, meta: JSON.Object) async throws {
        let result = try await call("count_stock", arguments)
        #expect(result.isError)
        #expect(result.structured == nil)
        #expect(text(result) == message)
        #expect(result.errorMeta == meta)

        var writer = JSONWriter()
        result.writeMembers(structured: true, to: &writer)
        #expect(!String(decoding: writer.bytes, as: UTF8.self).contains("structuredContent"))
    }

    @Test func anUnexpectedErrorIsToldWithoutItsDetails() async throws {
        let log = RecordedLog()
        let toolbox = Toolbox(tools, logger: Logger(label: "test") { _ in log })
        let result = try await toolbox.call("count_stock", ["item": "secret"], with: Kiosk(), for: .nobody)
        let message = text(result)
        #expect(message.hasPrefix("count_stock failed inside the server."))
        #expect(!message.contains("hunter2"))
        #expect(result.errorMeta == ["code": "internal", "retryable": false])

        let reference = try #require(message.split(separator: " ").last?.dropLast())
        #expect(log.lines.withLock { $0 }.contains { $0.contains(reference) && $0.contains("Mishap") })
    }

    @Test func cancellationAndQuestionsPass() async {
        await #expect(throws: CancellationError.self) { try await call("count_stock", ["item": "cancelled"]) }
        await #expect(throws: Question.self) { try await call("count_stock", ["item": "question"]) }
    }

    @Test func aToolMayTalkToTheClient() async throws {
        #expect(text(try await call("ask_user")) == #"{"item":"asked","count":1}"#)
    }

    @Test func anUnknownToolIsNotFound() async throws {
        #expect(!toolbox.contains("nope"))
        #expect(try await call("nope").failure?.code == "not_found")
    }

    @Test func aResultOverTheLimitIsRefused() async throws {
        let most = Toolbox<Kiosk>.largest - #"{"text":""}"#.utf8.count
        #expect(try await call("print_catalogue", ["letters": .integer(most)]).structured?.count == 65_536)
        let result = try await call("print_catalogue", ["letters": .integer(most + 1)])
        #expect(
            text(result)
                == "The answer would be 65 KB, more than the 64 KB a result may have. Ask for less, with a smaller limit or a narrower search."
        )
        #expect(result.failure?.code == "invalid_argument")
    }
}

// MARK: - Listing

struct ListingTests {
    private func listing(_ detail: ListingDetail, selection: ToolsetSelection = .default, readOnly: Bool = false) throws
        -> JSON
    {
        try JSON(parsing: Toolbox(tools, selection: selection, readOnly: readOnly).listing(detail))
    }

    @Test func aToolIsListedInFull() throws {
        #expect(
            try listing(.full)[0] == [
                "name": "count_stock", "title": "Count stock", "description": "Count what is left of an item.",
                "inputSchema": [
                    "type": "object", "properties": ["item": ["type": "string", "description": "What to count."]],
                    "required": ["item"], "additionalProperties": false,
                ],
                "outputSchema": [
                    "type": "object",
                    "properties": ["item": ["type": "string"], "count": ["type": ["integer", "null"]]],
                    "required": ["item", "count"],
                ],
                "annotations": [
                    "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true, "openWorldHint": false,
                ],
            ])
    }

    @Test func olderRevisionsAreToldWhatTheyKnow() throws {
        #expect(try listing(.plain)[1]?.object?.names == ["name", "description", "inputSchema"])
        let annotated = try listing(.annotated)[1]
        #expect(annotated?.object?.names == ["name", "description", "inputSchema", "annotations"])
        #expect(
            annotated?["annotations"] == [
                "title": "Sell something", "readOnlyHint": false, "destructiveHint": true, "idempotentHint": false,
                "openWorldHint": true,
            ])
    }

    @Test func aListingIsMadeOnce() {
        let toolbox = Toolbox(tools)
        let first = toolbox.listing(.full)
        let second = toolbox.listing(.full)
        #expect(first.withUnsafeBufferPointer { $0.baseAddress } == second.withUnsafeBufferPointer { $0.baseAddress })
    }

    @Test(
        arguments: [
            ("", ["count_stock", "sell_item"]), ("default", ["count_stock", "sell_item"]),
            ("all", ["count_stock", "sell_item", "ask_user", "print_catalogue"]),
            ("extra", ["ask_user", "print_catalogue"]),
            (" default , extra ", ["count_stock", "sell_item", "ask_user", "print_catalogue"]),
        ])
    func toolsetsAreChosen(text: String, names: [String]) throws {
        let selection = try ToolsetSelection(text, of: tools)
        #expect(Toolbox(tools, selection: selection).names == names)
        #expect(try listing(.plain, selection: selection).items?.map { $0["name"]?.text } == names)
    }

    @Test func anUnknownToolsetIsRefused() {
        let error = #expect(throws: UnknownToolset.self) { try ToolsetSelection("default,extras", of: tools) }
        #expect(error?.description == "There is no toolset extras; choose all, or some of default, extra.")
    }

    @Test func aReadOnlyServerHasToolsThatChangeNothing() {
        #expect(Toolbox(tools, selection: .all, readOnly: true).names == ["count_stock", "print_catalogue"])
        #expect(!Toolbox(tools, readOnly: true).contains("sell_item"))
    }
}

// MARK: - Rates

struct RateLimitTests {
    @Test func callsBeyondTheBurstWait() {
        let limiter = RateLimiter(RateLimit(burst: 3, perSecond: 2))
        let start = 5_000_000_000
        #expect((0..<3).allSatisfy { _ in limiter.admit(at: start) == nil })
        #expect(limiter.admit(at: start) == 1)
        #expect(limiter.admit(at: start + 400_000_000) == 1)
        #expect(limiter.admit(at: start + 500_000_000) == nil)
        #expect(limiter.admit(at: start + 500_000_000) == 1)
        #expect((0..<3).allSatisfy { _ in limiter.admit(at: start + 60_000_000_000) == nil })
        #expect(limiter.admit(at: start + 60_000_000_000) == 1)
    }

    @Test func aBurstIsCountedExactlyUnderConcurrency() async {
        let limiter = RateLimiter(RateLimit(burst: 1000, perSecond: 1))
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<500).count { _ in limiter.admit(at: 1_000_000_000) == nil } }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 1000)
    }

    @Test func aCallTooManyIsToldToWait() async throws {
        let toolbox = Toolbox(tools, rateLimit: { _ in RateLimit(burst: 1, perSecond: 1) })
        _ = try await toolbox.call("count_stock", ["item": "tea"], with: Kiosk(), for: .nobody)
        let result = try await toolbox.call("count_stock", ["item": "tea"], with: Kiosk(), for: .nobody)
        #expect(result.failure?.message == "count_stock is called too often. Wait 1 second, then try again.")
        #expect(result.errorMeta == ["code": "rate_limited", "retryable": true])
    }
}

private final class RecordedLog: LogHandler, Sendable {
    let lines = Mutex<[String]>([])
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
