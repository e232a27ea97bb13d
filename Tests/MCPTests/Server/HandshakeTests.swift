import JSON
import Testing

@testable import MCP

@Suite struct HandshakeTests {
    @Test(arguments: ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"])
    func aRevisionAskedForIsTheOneSpoken(_ revision: String) async {
        let host = Host()
        let result = await host.shakeHands(revision)?["result"]
        #expect(result?["protocolVersion"] == .string(revision))
        #expect(result?["instructions"] == "Buy.")
        #expect(result?["serverInfo"]?["name"] == "shop")
        #expect((result?["serverInfo"]?["title"] != nil) == (revision >= "2025-06-18"))
        #expect((result?["capabilities"]?["completions"] != nil) == (revision >= "2025-03-26"))
        let tools = await host.ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#)?["result"]
        #expect(tools?["tools"]?.items?.count == 5)
        #expect(tools?["tools"]?[0]?["name"] == "echo")
        #expect((tools?["tools"]?[0]?["outputSchema"] != nil) == (revision >= "2025-06-18"))
        #expect(tools?["resultType"] == nil && tools?["ttlMs"] == nil && tools?["_meta"] == nil)
        let said = await host.ask(call("2", "echo", #"{"text":"hi"}"#))?["result"]
        #expect(said?["content"] == [["type": "text", "text": #"{"said":"hi"}"#]])
        #expect(said?["structuredContent"] == (revision >= "2025-06-18" ? ["said": "hi"] : nil))
        #expect(said?["isError"] == false)
        host.hangUp()
        #expect(await host.hasEnded())
    }
}
