import JSON
import Testing

@testable import MCP

/// Resources, prompts and completion.
@Suite struct OfferTests {
    private func ask(_ host: Host, _ method: String, _ parameters: String) async -> JSON? {
        await host.ask(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(parameters)}"#)
    }

    @Test func resourcesAreListedPageByPage() async {
        let host = Host()
        var uris: [JSON?] = []
        var cursor: JSON?
        repeat {
            let result = await ask(host, "resources/list", cursor.map { #"{"cursor":\#($0)}"# } ?? "{}")?["result"]
            uris.append(result?["resources"]?[0]?["uri"])
            cursor = result?["nextCursor"]
        } while cursor != nil && uris.count < 9
        #expect(uris == ["shop://things/0", "shop://things/1", "shop://things/2"])
        for cursor in ["\"\"", "\"abc\"", "5", JSON.string(Base64.encodeForURL(Array("prompts:1".utf8))).description] {
            #expect(await ask(host, "resources/list", #"{"cursor":\#(cursor)}"#)?["error"]?["code"] == -32602)
        }
        host.hangUp()
    }

    @Test(arguments: ["resources/templates/list", "prompts/list", "tools/list"])
    func aListOfOnePageHasNoNext(_ method: String) async {
        let host = Host()
        #expect(await ask(host, method, "{}")?["result"]?.object?.names.count == 1)
        host.hangUp()
    }

    @Test func aLongListGoesOnWhereItStopped() throws {
        let items = Array(0..<250)
        let (first, next) = try Cursor.prompts.page(items, [:])
        let (last, none) = try Cursor.prompts.page(items, ["cursor": Cursor.prompts.write("200")])
        #expect(first == 0..<100 && next == Cursor.prompts.write("100"))
        #expect(last == 200..<250 && none == nil)
        #expect(throws: ProtocolError.badCursor) {
            try Cursor.prompts.page(items, ["cursor": Cursor.prompts.write("250")])
        }
    }

    @Test func aResourceIsReadByItsTemplate() async {
        let host = Host()
        let templates = await ask(host, "resources/templates/list", "{}")?["result"]?["resourceTemplates"]
        #expect(templates?[0]?["uriTemplate"] == "shop://things/{thing}" && templates?[0]?["title"] == "Thing")
        let text = await ask(host, "resources/read", #"{"uri":"shop://things/a%20b"}"#)?["result"]
        #expect(
            text == [
                "contents": [
                    ["uri": "shop://things/a%20b", "mimeType": "application/json", "text": #"{"name":"a b"}"#]
                ]
            ])
        let blob = await ask(host, "resources/read", #"{"uri":"shop://things/picture"}"#)?["result"]?["contents"]?[0]
        #expect(blob?["blob"] == "AAH+/w==" && blob?["mimeType"] == "image/png")
        host.hangUp()
    }

    @Test(arguments: [
        "shop://things/none", "shop://things/", "shop://things/a/b", "shop://things/a%2Fb", "shop://things/..",
        "shop://things/%2e%2e", "shop://things/a%00", "shop://things/%ff", "shop://things/%zz", "other://x", "", "x y",
        "shop://things/a?b", "file:///etc/passwd",
    ])
    func whatIsNotThereIsNotFound(_ uri: String) async {
        let host = Host()
        let parameters = #""uri":\#(JSON.string(uri))"#
        let legacy = await ask(host, "resources/read", "{\(parameters)}")?["error"]
        #expect(legacy?["code"] == -32002 && legacy?["data"]?["uri"] == .string(uri))
        #expect(await host.ask(modern("2", "resources/read", parameters))?["error"]?["code"] == -32602)
        host.hangUp()
    }

    @Test func aFailureInsideShowsNothing() async {
        let host = Host()
        let error = await ask(host, "resources/read", #"{"uri":"shop://things/secret"}"#)?["error"]
        #expect(error?["code"] == -32603 && error?["message"]?.text?.contains("Broken") == false)
        host.hangUp()
    }

    @Test func promptsAreListedAndFilledIn() async {
        let host = Host()
        let prompt = await ask(host, "prompts/list", "{}")?["result"]?["prompts"]?[0]
        #expect(prompt?["name"] == "greet" && prompt?["description"] == "Greets somebody.")
        #expect(prompt?["arguments"]?[0]?["required"] == true && prompt?["arguments"]?[1]?["required"] == false)
        let messages = await ask(host, "prompts/get", #"{"name":"greet","arguments":{"name":"Bob"}}"#)?["result"]?[
            "messages"]
        #expect(messages?[0] == ["role": "user", "content": ["type": "text", "text": "Greet Bob."]])
        #expect(messages?[2]?["content"]?["resource"]?["uri"] == "shop://things/1")
        for parameters in [
            "{}", #"{"name":"no"}"#, #"{"name":"greet"}"#, #"{"name":"greet","arguments":{"name":"  "}}"#,
            #"{"name":"greet","arguments":{"name":5}}"#, #"{"name":"greet","arguments":[]}"#,
        ] {
            #expect(await ask(host, "prompts/get", parameters)?["error"]?["code"] == -32602)
        }
        host.hangUp()
    }

    @Test func valuesAreSuggested() async {
        let host = Host()
        let names = await ask(
            host, "completion/complete",
            #"{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"name","value":"B"}}"#)?["result"]
        #expect(names == ["completion": ["values": ["Bob"], "total": 1, "hasMore": false]])
        let none = await ask(
            host, "completion/complete",
            #"{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"mood","value":""}}"#)?["result"]
        #expect(none?["completion"]?["values"] == [])
        let many = await ask(
            host, "completion/complete",
            #"{"ref":{"type":"ref/resource","uri":"shop://things/{thing}"},"argument":{"name":"thing","value":"t"},"context":{"arguments":{"colour":"red"}}}"#
        )?["result"]?["completion"]
        #expect(many?["values"]?.items?.count == 100 && many?["total"] == 150 && many?["hasMore"] == true)
        #expect(many?["values"]?[0] == "t0red")
        for parameters in [
            "{}", #"{"ref":{"type":"ref/prompt","name":"no"},"argument":{"name":"name","value":""}}"#,
            #"{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"no","value":""}}"#,
            #"{"ref":{"type":"ref/resource","uri":"shop://x"},"argument":{"name":"thing","value":""}}"#,
            #"{"ref":{"type":"ref/thing"},"argument":{"name":"thing","value":""}}"#,
            #"{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"name"}}"#,
        ] {
            #expect(await ask(host, "completion/complete", parameters)?["error"]?["code"] == -32602)
        }
        host.hangUp()
    }

    @Test func aServerWithNothingElseAnswersForNothingElse() async {
        let server = Server<Shop>(
            ServerDescription(name: "bare", version: "1"), tools: [Echo.self], services: Shop(),
            logger: .init(label: "bare"))
        let host = Host(server)
        #expect(await host.shakeHands()?["result"]?["capabilities"] == ["tools": [:]])
        for method in [
            "resources/list", "resources/read", "resources/templates/list", "resources/subscribe", "prompts/list",
            "prompts/get", "completion/complete",
        ] {
            #expect(await ask(host, method, "{}")?["error"]?["code"] == -32601)
        }
        #expect(await host.ask(modern("1", "subscriptions/listen"))?["error"]?["code"] == -32601)
        host.hangUp()
    }
}
