import JSON
import Testing

@testable import MCP

@Suite struct SubscriptionTests {
    private func listen(_ id: String, _ kinds: String) -> String {
        modern(id, "subscriptions/listen", #""notifications":\#(kinds)"#)
    }

    @Test func aSessionHearsOfWhatItSubscribedTo() async {
        let shop = Shop()
        let host = Host(.shop(shop))
        _ = await host.shakeHands()
        #expect(
            await host.ask(
                #"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"shop://things/1"}}"#)?[
                    "result"]
                == [:])
        #expect(
            await host.ask(
                #"{"jsonrpc":"2.0","id":2,"method":"resources/subscribe","params":{"uri":"shop://nothing"}}"#)?[
                    "error"]?[
                    "code"] == -32002)
        shop.changes.changed("shop://things/2")
        shop.changes.changed("shop://things/1")
        #expect(
            await host.line()
                == #"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"shop://things/1"}}"#)
        shop.changes.listChanged()
        #expect(await host.line() == #"{"jsonrpc":"2.0","method":"notifications/resources/list_changed"}"#)
        _ = await host.ask(
            #"{"jsonrpc":"2.0","id":3,"method":"resources/unsubscribe","params":{"uri":"shop://things/1"}}"#)
        shop.changes.changed("shop://things/1")
        #expect(await host.ask(#"{"jsonrpc":"2.0","id":4,"method":"ping"}"#)?["id"] == 4)
        host.hangUp()
        #expect(await host.rest() == [])
    }

    @Test func aListenerIsAcknowledgedFirstAndHearsWhatItAskedFor() async {
        let shop = Shop()
        let host = Host(.shop(shop))
        host.send(
            listen("\"L1\"", #"{"toolsListChanged":true,"resourcesListChanged":true}"#),
            listen("2", #"{"resourceSubscriptions":["shop://things","other://x"]}"#))
        let first = await host.message(), second = await host.message()
        #expect(first?["method"] == "notifications/subscriptions/acknowledged")
        #expect(first?["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == "L1")
        #expect(first?["params"]?["notifications"] == ["resourcesListChanged": true])
        #expect(second?["params"]?["notifications"] == ["resourceSubscriptions": ["shop://things"]])
        shop.changes.changed("shop://things/9")
        shop.changes.listChanged()
        let updated = await host.message(), changed = await host.message()
        #expect(
            updated?["params"]
                == ["_meta": ["io.modelcontextprotocol/subscriptionId": 2], "uri": "shop://things/9"])
        #expect(changed?["method"] == "notifications/resources/list_changed")
        #expect(changed?["params"]?["_meta"]?["io.modelcontextprotocol/subscriptionId"] == "L1")
        // The client closes one; nothing more is said to it.
        host.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"L1"}}"#)
        #expect(await host.ask(modern("3", "tools/list"))?["id"] == 3)
        shop.changes.listChanged()
        host.hangUp()
        // The server ends the other one: the result first.
        let rest = await host.rest().compactMap { try? JSON(parsing: $0) }
        #expect(rest.count == 2)
        #expect(rest.first?["id"] == 2 && rest.first?["result"]?["resultType"] == "complete")
        #expect(rest.last?["method"] == "notifications/cancelled" && rest.last?["params"]?["requestId"] == 2)
    }

    @Test func badWishesAreRefused() async {
        let host = Host()
        #expect(await host.ask(modern("1", "subscriptions/listen"))?["error"]?["code"] == -32602)
        #expect(await host.ask(listen("1", #"{"resourcesListChanged":"yes"}"#))?["error"]?["code"] == -32602)
        #expect(await host.ask(listen("1", #"{"resourceSubscriptions":[5]}"#))?["error"]?["code"] == -32602)
        #expect(await host.ask(listen("1", "{}"))?["params"]?["notifications"] == [:])
        #expect(await host.ask(listen("1", "{}"))?["error"]?["code"] == -32600)
        host.hangUp()
    }

    @Test func aBareLineHasNoSessionToSubscribeIn() async {
        let host = Host()
        let answer = await host.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"shop://things/1"}}"#)
        #expect(answer?["error"]?["code"] == -32600)
        host.hangUp()
    }
}
