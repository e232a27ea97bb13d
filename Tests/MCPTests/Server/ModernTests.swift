import JSON
import Testing

@testable import MCP

@Suite struct ModernTests {
    @Test func discoveryTellsWhoWeAre() async {
        let host = Host()
        let result = await host.ask(modern("1", "server/discover"))?["result"]
        #expect(result?["resultType"] == "complete")
        #expect(
            result?["supportedVersions"] == [
                "2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05",
            ])
        #expect(
            result?["capabilities"] == [
                "tools": [:], "resources": ["subscribe": true, "listChanged": true], "prompts": [:], "completions": [:],
            ])
        #expect(result?["ttlMs"] == 0 && result?["cacheScope"] == "private")
        #expect(result?["serverInfo"] == nil)
        #expect(result?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "shop")
        host.hangUp()
    }

    @Test(arguments: ["tools/list", "resources/list", "resources/templates/list", "prompts/list"])
    func listsSayHowLongTheyMayBeKept(_ method: String) async {
        let host = Host()
        let result = await host.ask(modern("1", method))?["result"]
        #expect(result?["resultType"] == "complete" && result?["ttlMs"] == 0 && result?["cacheScope"] == "private")
        host.hangUp()
    }

    static let refusals: [(String, Int)] = [
        (#"{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#, -32602),
        (#"{"io.modelcontextprotocol/clientCapabilities":{}}"#, -32602),
        (#"{"io.modelcontextprotocol/clientInfo":{}}"#, -32602),
        (#"{"io.modelcontextprotocol/protocolVersion":1,"io.modelcontextprotocol/clientCapabilities":{}}"#, -32602),
        (
            #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":[]}"#,
            -32602
        ),
        (
            #"{"io.modelcontextprotocol/protocolVersion":"2031-01-01","io.modelcontextprotocol/clientCapabilities":{}}"#,
            -32022
        ),
        (
            #"{"io.modelcontextprotocol/protocolVersion":"2025-11-25","io.modelcontextprotocol/clientCapabilities":{}}"#,
            -32022
        ),
        (
            #"{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/logLevel":"loud"}"#,
            -32602
        ),
    ]

    @Test(arguments: refusals)
    func aBadEnvelopeIsRefused(_ meta: String, _ code: Int) async {
        let host = Host()
        let error = await host.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":\#(meta)}}"#)?["error"]
        #expect(error?["code"] == .integer(code))
        if code == -32022 {
            #expect(error?["data"]?["supported"]?.items?.count == 5 && error?["data"]?["requested"] != nil)
        }
        host.hangUp()
    }

    @Test(arguments: [
        "initialize", "ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe", "tasks/get", "x",
    ])
    func whatBelongsToTheHandshakeIsUnknown(_ method: String) async {
        let host = Host()
        #expect(await host.ask(modern("1", method))?["error"]?["code"] == -32601)
        host.hangUp()
    }

    @Test func erasDoNotMeet() async {
        let host = Host()
        _ = await host.shakeHands("2024-11-05", capabilities: #"{"elicitation":{}}"#)
        let said = await host.ask(modern("1", "tools/call", #""name":"echo","arguments":{"text":"hi"}"#))?["result"]
        #expect(said?["structuredContent"] == ["said": "hi"] && said?["resultType"] == "complete")
        let old = await host.ask(call("2", "echo", #"{"text":"hi"}"#))?["result"]
        #expect(old?["structuredContent"] == nil && old?["resultType"] == nil)
        // The modern request has not declared what the session has.
        let order = await host.ask(modern("3", "tools/call", #""name":"order","arguments":{"thing":"tea"}"#))?["result"]
        #expect(order?["structuredContent"]?["how"] == "unavailable")
        host.hangUp()
    }

    @Test func aFailureSaysItsCode() async {
        let host = Host()
        let modernResult = await host.ask(modern("1", "tools/call", #""name":"fail""#))?["result"]
        let legacyResult = await host.ask(call("2", "fail"))?["result"]
        let code: JSON = ["code": "not_found", "retryable": false, "parameter": "thing"]
        for result in [modernResult, legacyResult] {
            #expect(result?["isError"] == true && result?["_meta"]?["atlas/error"] == code)
            #expect(result?["content"]?[0]?["text"] == "There is nothing." && result?["structuredContent"] == nil)
        }
        host.hangUp()
    }
}
