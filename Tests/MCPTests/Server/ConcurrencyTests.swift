import JSON
import Synchronization
import Testing

@testable import MCP

@Suite struct ConcurrencyTests {
    @Test(arguments: [true, false])
    func nothingIsSentAfterACancellation(_ isModern: Bool) async {
        let shop = Shop()
        let host = Host(.shop(shop))
        let token = #","_meta":{"progressToken":0}"#
        if isModern {
            host.send(
                modern(
                    "1", "tools/call", #""name":"wait","arguments":{"milliseconds":40000,"steps":4}"#,
                    meta: #","progressToken":0"#))
        } else {
            _ = await host.shakeHands()
            host.send(call("1", "wait", #"{"milliseconds":40000,"steps":4}"#, more: token))
        }
        #expect(await host.message()?["method"] == "notifications/progress")
        host.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"reason":"no more"}}"#)
        #expect(await host.line(within: 1) == nil)
        #expect(shop.cancelled.load(ordering: .sequentiallyConsistent) == 1)
        #expect(await host.ask(#"{"jsonrpc":"2.0","id":"1","method":"ping"}"#)?["id"] == "1")
        host.hangUp()
        #expect(await host.rest() == [])
    }

    @Test func anIdBeyond64BitsCanBeCancelled() async {
        let host = Host()
        host.send(call("18446744073709551617", "wait", #"{"milliseconds":3000}"#))
        host.send(
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":18446744073709551617}}"#)
        host.hangUp()
        #expect(await host.rest(within: 2) == [])
        #expect(await host.hasEnded(within: 1))
    }

    @Test func progressGrowsAndEndsBeforeTheAnswer() async {
        let host = Host()
        _ = await host.shakeHands("2025-03-26")
        host.send(call("1", "wait", #"{"milliseconds":300,"steps":3}"#, more: #","_meta":{"progressToken":"t"}"#))
        var seen: [JSON] = []
        while let message = await host.message(), message["id"] == nil { seen.append(message) }
        #expect(seen.map { $0["params"]?["progress"] } == [0, 1, 2, 3])
        #expect(seen.allSatisfy { $0["params"]?["progressToken"] == "t" && $0["params"]?["total"] == 3 })
        #expect(seen.first?["params"]?["message"] == "step 0")
        host.hangUp()
    }

    @Test func theFirstRevisionGetsProgressWithoutWords() async {
        let host = Host()
        _ = await host.shakeHands("2024-11-05")
        host.send(call("1", "wait", #"{"milliseconds":100,"steps":1}"#, more: #","_meta":{"progressToken":5}"#))
        #expect(await host.message()?["params"] == ["progressToken": 5, "progress": 0, "total": 1])
        host.hangUp()
    }

    @Test func aSlowCallDelaysNobody() async {
        let host = Host()
        _ = await host.shakeHands()
        host.send(call("\"slow\"", "wait", #"{"milliseconds":1500}"#))
        for id in 1...50 { host.send(call("\(id)", "echo", #"{"text":"hi"}"#)) }
        var answered: Set<JSON> = []
        for _ in 1...50 { if let id = await host.message()?["id"] { answered.insert(id) } }
        #expect(answered.count == 50 && !answered.contains("slow"))
        #expect(await host.message()?["id"] == "slow")
        host.hangUp()
    }

    /// A client that writes everything before it reads anything must not be left hanging.
    @Test func aFullOutputDoesNotStopTheInput() async {
        let host = Host(reading: false)
        await blocking {
            for id in 1...3000 { host.send(#"{"jsonrpc":"2.0","id":\#(id),"method":"ping"}"#) }
            for id in 1...20 { host.send(call("\"\(id)\"", "big", #"{"octets":20000}"#)) }
        }
        host.startReading()
        var next = 1, large = 0
        for _ in 1...3020 {
            guard let message = await host.message() else { break }
            if message["id"] == .integer(next) { next += 1 } else { large += 1 }
        }
        #expect(next == 3001 && large == 20)
        host.hangUp()
        #expect(await host.hasEnded())
    }

    @Test func manyThreadsNeverMixTheirLines() async {
        let host = Host()
        for id in 1...200 { host.send(call("\(id)", "big", #"{"octets":\#(id * 97 % 9000)}"#)) }
        host.hangUp()
        let lines = await host.rest()
        #expect(Set(lines.compactMap { try? JSON(parsing: $0)["id"]?.integer }).count == 200)
    }
}
