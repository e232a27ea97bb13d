import JSON
import Testing

@testable import MCP

/// Whatever comes in, the server lives, says only JSON-RPC, and still answers afterwards.
@Suite struct FuzzTests {
    private static let seeds: [String] = [
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{"elicitation":{}},"clientInfo":{"name":"f","version":"1"}}}"#,
        #"{"jsonrpc":"2.0","method":"notifications/initialized"}"#, #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        call("2", "echo", #"{"text":"hé\u0041\ud83d\ude00"}"#), call("3", "order", #"{"thing":"x"}"#),
        modern("\"m\"", "server/discover"), modern("4", "tools/call", #""name":"echo","arguments":{"text":"x"}"#),
        modern("5", "subscriptions/listen", #""notifications":{"resourceSubscriptions":["shop://things/1"]}"#),
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}"#,
        #"{"jsonrpc":"2.0","id":"srv-1","result":{"action":"accept","content":{"count":1}}}"#,
        #"{"jsonrpc":"2.0","id":6,"method":"resources/read","params":{"uri":"shop://things/a%20b"}}"#,
        #"{"jsonrpc":"2.0","id":7,"method":"prompts/get","params":{"name":"greet","arguments":{"name":"B"}}}"#,
        #"[{"jsonrpc":"2.0","id":8,"method":"ping"},{"jsonrpc":"2.0","method":"x"}]"#,
    ]

    @Test func noLineBringsItDown() async throws {
        let host = Host()
        let sent = await blocking {
            var random = SystemRandomNumberGenerator()
            let end = ContinuousClock.now + .seconds(3)
            var sent = 0
            while ContinuousClock.now < end {
                var octets: [UInt8] = []
                for _ in 0..<50 {
                    octets += Self.mutated(Array(Self.seeds.randomElement(using: &random)!.utf8), &random)
                    octets.append(0x0A)
                    sent += 1
                }
                host.sendRaw(octets)
            }
            host.sendRaw([0x0A])
            return sent
        }
        let last = #"{"jsonrpc":"2.0","id":"the last one","method":"ping"}"#
        host.send(last)
        host.hangUp()
        let lines = await host.rest(within: 40)
        for line in lines {
            let message = try JSON(parsing: line)
            for message in message.items ?? [message] { #expect(message["jsonrpc"] == "2.0") }
        }
        #expect(lines.contains(#"{"jsonrpc":"2.0","id":"the last one","result":{}}"#))
        #expect(sent > 100)
        #expect(await host.hasEnded(within: 40))
    }

    private static func mutated(_ line: [UInt8], _ random: inout SystemRandomNumberGenerator) -> [UInt8] {
        var line = line
        for _ in 0..<Int.random(in: 0...3, using: &random) where !line.isEmpty {
            let place = Int.random(in: 0..<line.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: line[place] = UInt8.random(in: .min ... .max, using: &random)
            case 1: line.removeSubrange(place...)
            case 2: line.insert(contentsOf: line[place...].prefix(20), at: place)
            case 3: line.remove(at: place)
            case 4: line.insert(contentsOf: "[{\"\\,:0e".utf8.shuffled(using: &random).prefix(3), at: place)
            default: line = (0..<place).map { _ in UInt8.random(in: .min ... .max, using: &random) }
            }
        }
        return line
    }
}
