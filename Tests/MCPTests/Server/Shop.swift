import JSON
import Logging
import Synchronization

@testable import MCP

/// What the tools of the test server are lent.
final class Shop: Sendable {
    let changes = ResourceChanges()
    let cancelled = Atomic<Int>(0)
}

struct Echo: Tool {
    static let name = "echo"
    static let description = "Say it again."
    static let hints: ToolHints = .readOnly

    @Parameter("What to say.") var text: String

    struct Said: Codable { var said: String }

    func call(_ shop: Shop) async throws -> Said { Said(said: text) }
}

struct Wait: InteractiveTool {
    static let name = "wait"
    static let description = "Take a while."

    @Parameter("How long.") var milliseconds: Int
    @Parameter("How many steps to report.") var steps = 0

    struct Waited: Codable { var milliseconds: Int }

    func call(_ shop: Shop, _ client: Client) async throws -> Waited {
        do {
            for step in 0..<max(1, steps) {
                if steps > 0 { client.progress(Double(step), of: Double(steps), "step \(step)") }
                try await Task.sleep(for: .milliseconds(milliseconds / max(1, steps)))
            }
        } catch {
            shop.cancelled.add(1, ordering: .sequentiallyConsistent)
            client.progress(99, of: 99)
            throw error
        }
        if steps > 0 { client.progress(Double(steps), of: Double(steps)) }
        return Waited(milliseconds: milliseconds)
    }
}

struct Order: InteractiveTool {
    static let name = "order"
    static let description = "Order something, after asking how much of it and whether it is meant."

    @Parameter("What to order.") var thing: String
    @Parameter("Whether somebody must be asked.") var mustAsk = false

    struct Ordered: Codable {
        var thing: String
        var count: Int
        var how: String
    }

    func call(_ shop: Shop, _ client: Client) async throws -> Ordered {
        if mustAsk { try client.requireElicitation() }
        let count = try await client.elicit(
            "How many?", form: [.integer("count", "Count", range: 1...10, isRequired: true, default: 2)])
        guard case .accept(let content) = count else { return Ordered(thing: thing, count: 0, how: "\(count)") }
        let sure = try await client.elicit("Sure?", form: [.flag("sure", isRequired: true)])
        guard case .accept(let answer) = sure, answer["sure"] == true else {
            return Ordered(thing: thing, count: 0, how: "not sure")
        }
        return Ordered(thing: thing, count: content["count"]!.integer!, how: "sure")
    }
}

struct Fail: Tool {
    static let name = "fail"
    static let description = "Fail."

    struct Nothing: Codable {}

    func call(_ shop: Shop) async throws -> Nothing {
        throw ToolFailure(code: "not_found", "There is nothing.", parameter: "thing")
    }
}

struct Big: Tool {
    static let name = "big"
    static let description = "Answer with much text."
    static let hints: ToolHints = .readOnly

    @Parameter("How much.") var octets: Int

    struct Text: Codable { var text: String }

    func call(_ shop: Shop) async throws -> Text { Text(text: String(repeating: "x", count: octets)) }
}

extension Server<Shop> {
    static func shop(
        _ shop: Shop = Shop(), stateKey: (@Sendable () -> [UInt8])? = nil, patience: Duration = .seconds(5)
    ) -> Server<Shop> {
        Server<Shop>(
            ServerDescription(name: "shop", title: "Shop", version: "1.2.3", instructions: "Buy."),
            tools: [Echo.self, Wait.self, Order.self, Fail.self, Big.self],
            resources: Resources(
                templates: [
                    ResourceTemplate(
                        "shop://things/{thing}", name: "thing", title: "Thing", description: "One thing.",
                        mimeType: "application/json",
                        read: { _, variables in
                            switch variables["thing"]! {
                            case "none": nil
                            case "secret": throw Broken()
                            case "picture": .binary([0, 1, 254, 255], mimeType: "image/png")
                            case let thing: .json(["name": thing])
                            }
                        },
                        complete: { _, _, text, context in
                            (0..<150).map { "\(text)\($0)" + (context["colour"] ?? "") }
                        })
                ],
                list: { _, from in
                    let start = from.flatMap { Int($0) } ?? 0
                    guard start < 3 else { throw ToolFailure(code: "invalid_argument", "There is no such page.") }
                    return ResourcePage(
                        [Resource(uri: "shop://things/\(start)", name: "\(start)", title: "Thing \(start)", size: 7)],
                        next: start < 2 ? "\(start + 1)" : nil)
                },
                changes: shop.changes),
            prompts: [
                Prompt(
                    "greet", title: "Greet", description: "Greets somebody.",
                    arguments: [
                        PromptArgument(
                            "name", title: "Name", description: "Whom.", isRequired: true,
                            complete: { _, text, _ in ["Ann", "Bob"].filter { $0.hasPrefix(text) } }),
                        PromptArgument("mood", description: "How."),
                    ]
                ) { _, arguments in
                    [
                        .user("Greet \(arguments["name"]!)."), .assistant("Hello!"),
                        .user(.text("a thing"), at: "shop://things/1"),
                    ]
                }
            ],
            services: shop, executor: ThreadForEach(), stateKey: stateKey, patience: patience,
            logger: Logger(label: "shop", factory: { _ in SwiftLogNoOpLogHandler() }))
    }
}

struct Broken: Error {}
