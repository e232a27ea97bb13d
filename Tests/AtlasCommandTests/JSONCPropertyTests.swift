import JSON
import Testing

@testable import atlas

/// Random texts, as people and programs write them.
struct JSONCPropertyTests {
    /// The same texts every time: SplitMix64.
    private struct Dice: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static func blanks(_ dice: inout Dice) -> String {
        let choices = [
            "", "", " ", "\n", "\r\n  ", "\n    ", "\t", " /* } , \" */ ", " // { \"x\": [\n", "\n// one\n// two\n  ",
        ]
        return choices.randomElement(using: &dice) ?? ""
    }

    private static func value(_ depth: Int, _ dice: inout Dice) -> String {
        switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &dice) {
        case 0: return "\"a\\\"b // no { comment\""
        case 1: return "-1.5e3"
        case 2: return ["true", "false", "null"].randomElement(using: &dice) ?? "null"
        case 3: return "\"\""
        case 4: return list("[", "]", depth, &dice) { value(depth + 1, &$0) }
        default: return object(depth + 1, [], &dice)
        }
    }

    private static func object(_ depth: Int, _ must: [String], _ dice: inout Dice) -> String {
        var number = 0
        return list("{", "}", depth, &dice) { dice in
            number += 1
            return "\"k\(number)\"" + blanks(&dice) + ":" + blanks(&dice) + value(depth, &dice)
        }
    }

    private static func list(
        _ open: String, _ close: String, _ depth: Int, _ dice: inout Dice, _ item: (inout Dice) -> String
    ) -> String {
        let count = Int.random(in: 0...3, using: &dice)
        var text = open + blanks(&dice)
        for index in 0..<count {
            text += item(&dice) + blanks(&dice)
            if index < count - 1 || Bool.random(using: &dice) { text += "," + blanks(&dice) }
        }
        return text + close
    }

    @Test func whatIsPutInComesOutByteForByte() throws {
        var dice = Dice(state: 1)
        for _ in 0..<2000 {
            let inner = Self.object(1, [], &dice)
            let text =
                Self.blanks(&dice) + "{" + Self.blanks(&dice) + "\"first\": 1," + Self.blanks(&dice) + "\"servers\":"
                + Self.blanks(&dice) + inner + Self.blanks(&dice) + "}" + Self.blanks(&dice)
            var document = try JSONCDocument(Array(text.utf8), allowsComments: true)
            let before = try document.value(at: ["servers"])?.object
            let entry: JSON = ["command": "/x", "args": ["a", "b"], "env": ["K": "v"]]
            for name in ["one", "two"] { try document.set(entry, at: ["servers", name]) }
            let after = try document.value(at: ["servers"])?.object
            #expect(after?.names == (before?.names ?? []) + ["one", "two"] && after?["two"] == entry, "\(text)")
            try document.set("/y", at: ["servers", "one", "command"])
            #expect(try document.value(at: ["servers", "one", "command"]) == "/y")
            for name in ["two", "one"] { try document.remove(at: ["servers", name]) }
            #expect(String(decoding: document.text, as: UTF8.self) == text)
        }
    }

    @Test func whatIsCutOffIsRefused() throws {
        let text = Array("{ // c\n \"servers\": {\"a\": {\"command\": \"x\", /* c */ \"l\": [1, 2,],},},\n}".utf8)
        _ = try JSONCDocument(text, allowsComments: true)
        for end in 1..<text.count {
            #expect(throws: UnreadableDocument.self) { try JSONCDocument(Array(text[..<end]), allowsComments: true) }
        }
    }
}
