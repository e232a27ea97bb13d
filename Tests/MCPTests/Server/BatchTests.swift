import JSON
import Testing

@testable import MCP

@Suite struct BatchTests {
    @Test func aBatchGetsOneLineOfAnswers() async {
        let host = Host()
        _ = await host.shakeHands("2025-03-26")
        host.send(
            "[" + call("1", "wait", #"{"milliseconds":100}"#)
                + #",{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","id":"p","method":"ping"},5,"#
                + #"{"jsonrpc":"2.0","id":"i","method":"initialize","params":{}},"# + modern("9", "tools/list") + "]")
        let answers = await host.message()?.items ?? []
        #expect(answers.count == 5)
        #expect(answers.first { $0["id"] == 1 }?["result"]?["isError"] == false)
        #expect(answers.first { $0["id"] == "p" }?["result"] == [:])
        #expect(answers.first { $0["id"] == nil }?["error"]?["code"] == -32600)
        #expect(answers.first { $0["id"] == "i" }?["error"]?["code"] == -32600)
        #expect(answers.first { $0["id"] == 9 }?["error"]?["code"] == -32600)
        host.hangUp()
        #expect(await host.rest() == [])
    }

    @Test func aBatchOfNotificationsGetsNothingAndAnEmptyOneAnError() async {
        let host = Host()
        _ = await host.shakeHands("2025-03-26")
        host.send(#"[{"jsonrpc":"2.0","method":"notifications/x"},{"jsonrpc":"2.0","method":"notifications/y"}]"#, "[]")
        #expect(await host.message()?["error"]?["code"] == -32600)
        host.hangUp()
        #expect(await host.rest() == [])
    }

    @Test(arguments: ["2024-11-05", "2025-06-18", "2025-11-25"])
    func otherRevisionsRefuseIt(_ revision: String) async {
        let host = Host()
        _ = await host.shakeHands(revision)
        let answer = await host.ask(#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#)
        #expect(answer?["error"]?["code"] == -32600)
        #expect(answer?["id"] == nil)
        host.hangUp()
    }

    @Test func whatIsCancelledInABatchIsLeftOut() async {
        let host = Host()
        _ = await host.shakeHands("2025-03-26")
        host.send("[" + call("1", "wait", #"{"milliseconds":4000}"#) + "," + call("2", "echo", #"{"text":"a"}"#) + "]")
        host.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#)
        #expect(await host.message(within: 2)?.items?.map { $0["id"] } == [2])
        host.hangUp()
    }
}
