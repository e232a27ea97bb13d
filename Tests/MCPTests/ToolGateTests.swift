import JSON
import Synchronization
import Testing

@testable import MCP

private struct Till: Sendable {
    /// What the tools were called with.
    let rung = Ring()
}

private final class Ring: Sendable {
    private let texts = Mutex<[String]>([])
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock { $0 } }
}

private struct Rung: Codable, Sendable { var item: String }
private struct Jammed: Error {}
private struct Pending: ControlFlow {}

private struct RingUp: Tool {
    static let name = "ring_up"
    static let description = "Ring up an item."
    @Parameter("What was sold.") var item: String

    func call(_ till: Till) async throws -> Rung {
        till.rung.add(item)
        switch item {
        case "jam": throw ToolFailure(code: "unavailable", "The till is jammed.", retryable: true)
        case "question": throw Pending()
        case "cancelled": throw CancellationError()
        default: return Rung(item: item)
        }
    }
}

private struct ReadTill: Tool {
    static let name = "read_till"
    static let description = "Read the till."
    static let hints: ToolHints = .readOnly
    func call(_ till: Till) async throws -> Rung { Rung(item: "nothing") }
}

/// A gate that does what it is told, and notes what comes by.
private struct Guardian: ToolGate {
    enum Way: Sendable { case pass, swap(JSON.Object), stop, fail(any Error), checkFirst }

    var way: Way = .pass
    let seen = Ring()

    func concerns(_ tool: String, _ hints: ToolHints) -> Bool { !hints.contains(.readOnly) }

    func around(
        _ call: ToolCall, for client: Client,
        proceed: @escaping @Sendable (JSON.Object) async throws -> CallResult
    ) async throws -> CallResult {
        seen.add("\(call.name) \(JSON.object(call.arguments))")
        switch way {
        case .pass: return try await proceed(call.arguments)
        case .swap(let arguments): return try await proceed(arguments)
        case .stop:
            var result = CallResult(ToolFailure(code: "permission_denied", "Ask first.", parameter: "item"))
            result.notes["test/gate"] = ["id": "7"]
            return result
        case .fail(let error): throw error
        case .checkFirst:
            try call.check()
            seen.add("checked")
            return try await proceed(call.arguments)
        }
    }
}

@Suite("A gate stands between the clients and the tools")
struct ToolGateTests {
    private let till = Till()

    private func call(
        _ way: Guardian.Way, _ name: String = "ring_up", _ arguments: JSON.Object = ["item": "tea"]
    ) async throws -> (result: CallResult, seen: [String]) {
        let gate = Guardian(way: way)
        let toolbox = Toolbox<Till>(
            [RingUp.self, ReadTill.self],
            failure: { $0 is Jammed ? ToolFailure(code: "unavailable", "Jammed.") : nil },
            gate: gate)
        let result = try await toolbox.call(name, arguments, with: till, for: .nobody)
        return (result, gate.seen.all)
    }

    @Test func whatItLetsPassIsTheToolsAnswer() async throws {
        let (result, seen) = try await call(.pass)
        #expect(result.structured == Array(#"{"item":"tea"}"#.utf8) && till.rung.all == ["tea"])
        #expect(seen == [#"ring_up {"item":"tea"}"#])
    }

    @Test func theToolGetsTheArgumentsThatTheGatePasses() async throws {
        let (result, _) = try await call(.swap(["item": "milk"]))
        #expect(result.structured == Array(#"{"item":"milk"}"#.utf8) && till.rung.all == ["milk"])
        let (refused, _) = try await call(.swap(["nonsense": 1]))
        #expect(refused.failure?.code == "invalid_argument" && till.rung.all == ["milk"])
    }

    @Test func itsOwnAnswerPassesUnchanged() async throws {
        let (result, _) = try await call(.stop)
        #expect(till.rung.all.isEmpty)
        #expect(
            result.meta("test/error") == [
                "test/error": ["code": "permission_denied", "retryable": false, "parameter": "item"],
                "test/gate": ["id": "7"],
            ])
        var writer = JSONWriter()
        result.writeMembers(structured: true, to: &writer)
        #expect(
            String(decoding: writer.bytes, as: UTF8.self)
                == #""content":[{"type":"text","text":"Ask first."}],"isError":true"#)
    }

    @Test func itCanReadTheArgumentsAsTheToolWouldBeforeAnythingElse() async throws {
        let (refused, seen) = try await call(.checkFirst, "ring_up", ["item": 5])
        #expect(refused.failure?.code == "invalid_argument" && refused.failure?.parameter == "item")
        #expect(seen.count == 1 && till.rung.all.isEmpty)
        #expect(try await call(.checkFirst).seen.last == "checked")
    }

    @Test func whatItThrowsIsToldAsIfTheToolHad() async throws {
        #expect(try await call(.fail(Jammed())).result.failure?.code == "unavailable")
        let own = ToolFailure(code: "conflict", "Twice.", parameter: "item")
        #expect(try await call(.fail(own)).result.failure == own)
        await #expect(throws: CancellationError.self) { try await call(.fail(CancellationError())) }
        await #expect(throws: Pending.self) { try await call(.fail(Pending())) }
        #expect(till.rung.all.isEmpty)
    }

    @Test func whatGoesWrongInTheToolIsAResultButQuestionsAndCancellationPass() async throws {
        let jammed = try await call(.pass, "ring_up", ["item": "jam"]).result
        #expect(jammed.failure?.code == "unavailable" && jammed.failure?.retryable == true)
        await #expect(throws: Pending.self) { try await call(.pass, "ring_up", ["item": "question"]) }
        await #expect(throws: CancellationError.self) { try await call(.pass, "ring_up", ["item": "cancelled"]) }
    }

    @Test func toolsThatOnlyReadDoNotComeBy() async throws {
        let (result, seen) = try await call(.stop, "read_till", [:])
        #expect(result.failure == nil && seen.isEmpty)
    }

    @Test func neitherDoUnknownToolsNorThoseThatAreCalledTooOften() async throws {
        #expect(try await call(.pass, "nope").seen.isEmpty)
        let gate = Guardian()
        let limit = RateLimit(burst: 1, perSecond: 1)
        let toolbox = Toolbox<Till>([RingUp.self], rateLimit: { _ in limit }, gate: gate)
        var codes: [String?] = []
        for _ in 0..<5 {
            codes.append(
                try await toolbox.call("ring_up", ["item": "tea"], with: till, for: .nobody).failure?.code)
        }
        #expect(codes.contains("rate_limited") && gate.seen.all.count == codes.count { $0 == nil })
    }
}

@Suite("Whether a call brings the answer to a question is known without asking it")
struct BroughtAnswerTests {
    private let form: Form = [.flag("yes", isRequired: true)]
    private let revision = Revision.allCases.last!

    @Test func onlyTheNextQuestionsAnswerCounts() throws {
        var first = Dialogue()
        #expect(!first.knows("One?", form, revision) && first.pending == nil)
        #expect(throws: QuestionPending.self) { try first.ask("One?", form, revision) }
        let sent = try #require(first.pending)
        var second = Dialogue(
            state: sent.state, responses: [sent.key: ["action": "accept", "content": ["yes": true]]])
        #expect(second.knows("One?", form, revision) && !second.knows("Another?", form, revision))
        #expect(try second.ask("One?", form, revision) == .accept(["yes": true]))
        #expect(!second.knows("Two?", form, revision))
    }

    @Test func aClientWithoutQuestionsBringsNone() {
        #expect(!Client.nobody.hasAnswer(to: "One?", form: form))
    }
}
