import JSON
import Testing

/// Mends, breaks and splices real messages, and reads what comes of it. The seed is told, so that a failure can be had again.
struct JSONFuzzTests {
    private static let messages = [
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search_contacts","arguments":{"query":"Ad\u00e9 \ud83d\ude00","limit":20},"_meta":{"progressToken":4}}}"#,
        #"{"jsonrpc":"2.0","id":"a-7","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{"form":{},"url":{}}},"clientInfo":{"name":"mcp","version":"0.1.0"}}}"#,
        #"{"id":-1.5e3,"result":{"list":[1,-2,3.25,1e-7,true,false,null,"",[],{},[[[{"a":[{}]}]]]],"big":9223372036854775808}}"#,
        "\t{ \"text\" : \"line one\\nline \\\"two\\\" \\\\ é€😀\" , \"n\" : [ 0 , -0 , 0.0 ] }\r\n",
    ]

    @Test func noTextTrapsAndWhatIsReadIsWrittenAlike() throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(state: seed)
        let deadline = ContinuousClock.now + .seconds(2)
        var read = 0
        var tried = 0
        while tried < 2_000_000, tried % 64 != 0 || ContinuousClock.now < deadline {
            tried += 1
            var octets = Array(Self.messages.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 0...4, using: &random) { Self.mutate(&octets, &random) }
            guard let value = try? JSON(parsing: octets) else { continue }
            read += 1
            let written = value.bytes
            try #require(!written.contains { $0 < 0x20 }, "seed \(seed): a raw control character")
            let again = try #require(try? JSON(parsing: written), "seed \(seed): what was written cannot be read")
            try #require(again.bytes == written, "seed \(seed): what was read again is written otherwise")
        }
        #expect(read > 100 && read < tried, "seed \(seed): \(read) of \(tried) could be read")
    }

    private static func mutate(_ octets: inout [UInt8], _ random: inout SplitMix) {
        let tokens: [[UInt8]] = [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "null", "1e9", "-", "é", "\u{0}",
        ]
        .map { Array($0.utf8) }
        guard !octets.isEmpty else { return octets.append(0x5B) }
        let place = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: octets[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: octets[place] = .random(in: 0...255, using: &random)
        case 2: octets.remove(at: place)
        case 3: octets.insert(contentsOf: tokens.randomElement(using: &random)!, at: place)
        case 4: octets.removeSubrange(place...)
        case 5:
            let other = Array(messages.randomElement(using: &random)!.utf8)
            octets.replaceSubrange(place..., with: other[Int.random(in: 0..<other.count, using: &random)...])
        default:
            let end = min(octets.count, place + Int.random(in: 1...40, using: &random))
            octets.insert(contentsOf: octets[place..<end], at: place)
        }
    }
}

/// Random numbers that come again from the same seed (Steele, Lea and Flood, "Fast splittable pseudorandom number generators").
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
