import JSON
import Testing

@testable import MCP

@Suite struct EndTests {
    @Test func aPipeGetsAllItsAnswers() async {
        let host = Host()
        for id in 1...32 { host.send(call("\(id)", "wait", #"{"milliseconds":700}"#)) }
        host.hangUp()
        #expect(await host.rest().count == 32)
        #expect(await host.hasEnded(within: 1))
    }

    @Test func aClientThatShookHandsHearsOnlyWhatItAskedAMomentAgo() async throws {
        let host = Host()
        _ = await host.shakeHands()
        host.send(call("\"old\"", "wait", #"{"milliseconds":800,"steps":1}"#, more: #","_meta":{"progressToken":1}"#))
        try await Task.sleep(for: .milliseconds(400))
        host.send(call("\"new\"", "wait", #"{"milliseconds":100,"steps":1}"#, more: #","_meta":{"progressToken":2}"#))
        host.hangUp()
        let rest = await host.rest().compactMap { try? JSON(parsing: $0) }
        #expect(rest.compactMap { $0["id"] } == ["new"])
        #expect(rest.last?["id"] == "new")
        // Progress may have come before the end of the input, not after it.
        #expect(rest.count <= 3)
        #expect(await host.hasEnded(within: 1))
    }

    @Test func aCallThatNeverEndsDoesNotKeepTheServer() async {
        let host = Host()
        _ = await host.shakeHands()
        host.send(call("1", "wait", #"{"milliseconds":60000}"#))
        host.hangUp()
        #expect(await host.hasEnded(within: 4))
        #expect(await host.rest() == [])
    }

    @Test func aBrokenPipeEndsTheServer() async {
        let host = Host(reading: false)
        host.breakPipe()
        host.send(#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#)
        #expect(await host.hasEnded())
    }

    @Test func aSecondHandshakeBeginsAgain() async {
        let host = Host()
        _ = await host.shakeHands("2025-11-25")
        _ = await host.ask(
            #"{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"shop://things/1"}}"#)
        #expect(await host.shakeHands("2024-11-05")?["result"]?["protocolVersion"] == "2024-11-05")
        host.hangUp()
    }

    @Test func anUnknownRevisionGetsTheNewestOfItsEra() async {
        let host = Host()
        #expect(await host.shakeHands("2031-01-01")?["result"]?["protocolVersion"] == "2025-11-25")
        #expect(await host.shakeHands("2026-07-28")?["result"]?["protocolVersion"] == "2025-11-25")
        host.hangUp()
    }
}
