import JSON
import Testing

@testable import MCP

@Suite struct LegacyElicitationTests {
    private func answer(_ id: JSON?, _ result: String) -> String {
        #"{"jsonrpc":"2.0","id":\#(id ?? nil),"result":\#(result)}"#
    }

    @Test func aToolAsksTwiceAndGoesOn() async {
        let host = Host()
        _ = await host.shakeHands(capabilities: #"{"elicitation":{"form":{},"url":{}}}"#)
        host.send(call("1", "order", #"{"thing":"tea"}"#))
        let first = await host.message()
        #expect(first?["method"] == "elicitation/create" && first?["params"]?["mode"] == "form")
        #expect(first?["params"]?["requestedSchema"]?["properties"]?["count"]?["default"] == 2)
        host.send(answer(first?["id"], #"{"action":"accept","content":{"count":3}}"#))
        let second = await host.message()
        #expect(second?["params"]?["message"] == "Sure?" && second?["id"] != first?["id"])
        host.send(answer(second?["id"], #"{"action":"accept","content":{"sure":true}}"#))
        let result = await host.message()
        #expect(result?["id"] == 1)
        #expect(result?["result"]?["structuredContent"] == ["thing": "tea", "count": 3, "how": "sure"])
        host.hangUp()
    }

    @Test func theFirstRevisionWithFormsGetsThemPlainer() async {
        let host = Host()
        _ = await host.shakeHands("2025-06-18", capabilities: #"{"elicitation":{}}"#)
        host.send(call("1", "order", #"{"thing":"tea"}"#))
        let request = await host.message()
        #expect(request?["params"]?["mode"] == nil)
        #expect(request?["params"]?["requestedSchema"]?["properties"]?["count"]?["default"] == nil)
        host.send(answer(request?["id"], #"{"action":"decline"}"#))
        #expect(await host.message()?["result"]?["structuredContent"]?["how"] == "decline")
        host.hangUp()
    }

    @Test func anErrorIsNoConsent() async {
        let host = Host()
        _ = await host.shakeHands(capabilities: #"{"elicitation":{}}"#)
        host.send(call("1", "order", #"{"thing":"tea"}"#))
        let id = await host.message()?["id"] ?? nil
        host.send(
            #"{"jsonrpc":"2.0","id":\#(id),"error":{"code":-32600,"message":"Elicitation not supported"}}"#)
        #expect(await host.message()?["result"]?["structuredContent"]?["how"] == "cancel")
        host.hangUp()
    }

    @Test func anAnswerThatDoesNotFitFailsTheCall() async {
        let host = Host()
        _ = await host.shakeHands(capabilities: #"{"elicitation":{}}"#)
        host.send(call("1", "order", #"{"thing":"tea"}"#))
        host.send(answer(await host.message()?["id"], #"{"action":"accept","content":{"count":11}}"#))
        #expect(await host.message()?["result"]?["isError"] == true)
        host.hangUp()
    }

    @Test(arguments: ["2024-11-05", "2025-03-26", "2025-11-25"])
    func whoCannotAskIsNotAsked(_ revision: String) async {
        let host = Host()
        _ = await host.shakeHands(
            revision, capabilities: revision < "2025-06" ? #"{"elicitation":{}}"# : #"{"elicitation":{"url":{}}}"#)
        #expect(await host.ask(call("1", "order", #"{"thing":"tea"}"#))?["result"]?["isError"] == false)
        let must = await host.ask(call("2", "order", #"{"thing":"tea","must_ask":true}"#))?["result"]
        #expect(must?["isError"] == true && must?["_meta"]?["atlas/error"]?["code"] == "not_configured")
        host.hangUp()
    }

    @Test func cancellingTheCallEndsTheWait() async {
        let host = Host()
        _ = await host.shakeHands(capabilities: #"{"elicitation":{}}"#)
        host.send(call("1", "order", #"{"thing":"tea"}"#))
        let id = await host.message()?["id"]
        host.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        host.send(answer(id, #"{"action":"accept","content":{"count":3}}"#))
        #expect(await host.line(within: 0.5) == nil)
        host.hangUp()
    }

    @Test func aUserWhoNeverAnswersIsNotWaitedForForEver() async {
        let host = Host(.shop(patience: .milliseconds(200)))
        _ = await host.shakeHands(capabilities: #"{"elicitation":{}}"#)
        host.send(call("1", "order", #"{"thing":"tea"}"#))
        let id = await host.message()?["id"]
        let withdrawal = await host.message()
        #expect(withdrawal?["method"] == "notifications/cancelled" && withdrawal?["params"]?["requestId"] == id)
        #expect(await host.message()?["result"]?["structuredContent"]?["how"] == "cancel")
        host.hangUp()
    }
}

@Suite struct ModernElicitationTests {
    private func order(
        _ id: String, _ thing: String = "tea", responses: String? = nil, state: JSON? = nil,
        capabilities: String = #"{"elicitation":{"form":{}}}"#, more: String = ""
    ) -> String {
        var parameters = #""name":"order","arguments":{"thing":"\#(thing)"\#(more)}"#
        if let responses { parameters = #""inputResponses":\#(responses),"# + parameters }
        if let state { parameters += #","requestState":\#(state)"# }
        return modern(id, "tools/call", parameters, capabilities: capabilities)
    }

    private let three = #"{"ask_1":{"action":"accept","content":{"count":3}}}"#
    private let sure = #"{"ask_2":{"action":"accept","content":{"sure":true}}}"#

    @Test func aCallIsMadeAgainWithEachAnswer() async {
        let host = Host()
        let first = await host.ask(order("1"))?["result"]
        #expect(first?["resultType"] == "input_required")
        #expect(first?["inputRequests"]?["ask_1"]?["method"] == "elicitation/create")
        #expect(first?["inputRequests"]?["ask_1"]?["params"]?["message"] == "How many?")
        let second = await host.ask(order("2", responses: three, state: first?["requestState"]))?["result"]
        #expect(second?["inputRequests"]?.object?.names == ["ask_2"])
        #expect(second?["requestState"] != first?["requestState"])
        let last = await host.ask(order("3", responses: sure, state: second?["requestState"]))?["result"]
        #expect(last?["resultType"] == "complete")
        #expect(last?["structuredContent"] == ["thing": "tea", "count": 3, "how": "sure"])
        host.hangUp()
    }

    @Test func anotherProcessWithTheSameKeyGoesOn() async {
        let key = [UInt8](repeating: 7, count: 32)
        let one = Host(.shop(stateKey: { key })), other = Host(.shop(stateKey: { key })), stranger = Host()
        let state = await one.ask(order("1"))?["result"]?["requestState"]
        #expect(
            await other.ask(order("2", responses: three, state: state))?["result"]?["inputRequests"]?["ask_2"] != nil)
        #expect(await stranger.ask(order("2", responses: three, state: state))?["error"]?["code"] == -32602)
        for host in [one, other, stranger] { host.hangUp() }
    }

    @Test func aStateThatIsNotOursIsAnError() async {
        let host = Host()
        let state = await host.ask(order("1"))?["result"]?["requestState"]?.text ?? ""
        for bad in [
            state + "-TAMPERED", state + "A", String(state.dropLast()), "x", "", "v1..", "v2" + state.dropFirst(2),
        ] {
            #expect(await host.ask(order("2", responses: three, state: .string(bad)))?["error"]?["code"] == -32602)
        }
        #expect(await host.ask(order("3", responses: three, state: 5))?["error"]?["code"] == -32602)
        // Sealed for tea, not for coffee.
        #expect(
            await host.ask(order("4", "coffee", responses: three, state: .string(state)))?["error"]?["code"] == -32602)
        host.hangUp()
    }

    @Test(arguments: [
        "{}", #"{"other":{"action":"accept","content":{"count":3}}}"#, #"{"ask_1":{"action":"accept"}}"#,
        #"{"ask_1":{"action":"accept","content":{"count":"3"}}}"#, #"{"ask_1":{"action":"maybe"}}"#,
    ])
    func anAnswerThatDoesNotFitIsAskedForAgain(_ responses: String) async {
        let host = Host()
        let state = await host.ask(order("1"))?["result"]?["requestState"]
        let again = await host.ask(order("2", responses: responses, state: state))?["result"]
        #expect(again?["inputRequests"]?["ask_1"] != nil && again?["requestState"] != state)
        host.hangUp()
    }

    @Test func answersThatNobodyAskedForCountForNothing() async {
        let host = Host()
        #expect(await host.ask(order("1", responses: three))?["result"]?["resultType"] == "input_required")
        #expect(await host.ask(order("2", responses: "null"))?["error"]?["code"] == -32602)
        #expect(await host.ask(order("3", responses: #"{"ask_1":5}"#))?["error"]?["code"] == -32602)
        let state = await host.ask(order("4"))?["result"]?["requestState"]
        let extra = #"{"more":{"action":"decline"},"ask_1":{"action":"decline"}}"#
        #expect(
            await host.ask(order("5", responses: extra, state: state))?["result"]?["structuredContent"]?["how"]
                == "decline")
        host.hangUp()
    }

    @Test func onlyWhoDeclaresFormsIsAsked() async {
        let host = Host()
        for capabilities in ["{}", #"{"sampling":{}}"#, #"{"elicitation":{"url":{}}}"#] {
            let result = await host.ask(order("1", capabilities: capabilities))?["result"]
            #expect(result?["structuredContent"]?["how"] == "unavailable")
            let error = await host.ask(order("2", capabilities: capabilities, more: #","must_ask":true"#))?["error"]
            #expect(error?["code"] == -32021)
            #expect(error?["data"] == ["requiredCapabilities": ["elicitation": [:]]])
        }
        #expect(await host.ask(order("3", capabilities: #"{"elicitation":{}}"#))?["result"]?["inputRequests"] != nil)
        host.hangUp()
    }

    @Test func aStateEndsAfterTenMinutes() throws {
        let key = [UInt8](repeating: 1, count: 32), purpose = StateSeal.purpose("tools/call", ["name": "a"])
        var state = RequestState(open: "q")
        state.answers = [.init(question: "p", result: ["action": "decline"])]
        let text = StateSeal(key: { key }, now: { 1000 }).seal(state, for: purpose)
        #expect(try StateSeal(key: { key }, now: { 1600 }).open(text, for: purpose) == state)
        #expect(throws: ProtocolError.self) { try StateSeal(key: { key }, now: { 1601 }).open(text, for: purpose) }
        #expect(
            StateSeal.purpose("tools/call", ["name": "a", "arguments": ["x": 1, "y": 2], "_meta": ["z": 1]])
                == StateSeal.purpose("tools/call", ["arguments": ["y": 2, "x": 1], "name": "a", "requestState": "s"]))
    }
}
