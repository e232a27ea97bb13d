import JSON
import Testing

@testable import MCP

@Suite struct PiecesTests {
    /// FIPS 180-4 examples, and lengths around the edges of a block.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (String(repeating: "a", count: 1000), "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    ])
    func theDigestIsSHA256(_ text: String, _ digest: String) {
        #expect(hex(SHA256.hash(text.utf8)) == digest)
    }

    /// RFC 4231, cases 1, 2, 3 and 6.
    @Test(arguments: [
        (
            [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
    ])
    func theCodeIsHMAC(_ key: [UInt8], _ message: [UInt8], _ code: String) {
        #expect(hex(SHA256.code(for: message, key: key)) == code)
    }

    private func hex(_ octets: [UInt8]) -> String {
        octets.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test func base64GoesThereAndBack() {
        #expect(Base64.encode(Array("foobar".utf8)) == "Zm9vYmFy" && Base64.encode(Array("fo".utf8)) == "Zm8=")
        for count in 0..<40 {
            let octets = (0..<count).map { _ in UInt8.random(in: .min ... .max) }
            #expect(Base64.decodeFromURL(Base64.encodeForURL(octets)) == octets)
        }
        #expect(
            Base64.decodeFromURL("Zm8=") == nil && Base64.decodeFromURL("Zm9") == nil
                && Base64.decodeFromURL("A") == nil)
    }

    @Test func templatesTakeUrisApart() {
        let template = URITemplate("x://a/{one}/b-{two}.json")
        #expect(template.match("x://a/1/b-2.json") == ["one": "1", "two": "2"])
        #expect(template.match("x://a/%C3%A9/b-%20.json") == ["one": "é", "two": " "])
        for uri in [
            "x://a//b-2.json", "x://a/1/b-.json", "x://a/1/b-2.jso", "x://a/1/b-2.json5", "x://a/1", "y://a/1/b-2.json",
        ] {
            #expect(template.match(uri) == nil)
        }
        #expect(template.variables == ["one", "two"])
        #expect(URITemplate("x://only").match("x://only") == [:])
        #expect(template.isInside("x://a") && template.isInside("x://a/") && !template.isInside("x://b"))
    }

    @Test func aFormChecksWhatComesBack() {
        let form: Form = [
            .text("mail", format: .email, isRequired: true), .choice("size", of: ["s", Form.Choice("m", "Medium")]),
            .choices("extras", of: ["a", "b"], count: 1...2), .number("rate", range: 0...1),
            .text("day", format: .date),
            .text("at", format: .dateTime),
        ]
        func accepts(_ content: JSON.Object) -> Bool { form.accepted(content, .november2025) != nil }
        #expect(accepts(["mail": "a@b.c"]) && accepts(["mail": "a@b.c", "size": "m", "extras": ["b"], "rate": 0.5]))
        #expect(accepts(["mail": "a@b.c", "day": "2026-03-01", "at": "2026-03-01T09:00:00-06:00"]))
        #expect(!accepts([:]) && !accepts(["mail": "ab"]) && !accepts(["mail": nil]))
        #expect(!accepts(["mail": "a@b.c", "size": "l"]) && !accepts(["mail": "a@b.c", "extras": []]))
        #expect(!accepts(["mail": "a@b.c", "extras": ["a", "a"]]) && !accepts(["mail": "a@b.c", "rate": 2]))
        #expect(!accepts(["mail": "a@b.c", "day": "tomorrow"]) && !accepts(["mail": "a@b.c", "at": "2026-03-01"]))
        #expect(form.accepted(["mail": "a@b.c", "other": 1], .november2025) == ["mail": "a@b.c"])
        #expect(!form.suits(.june2025) && form.suits(.november2025))
        let size = form.schema(.november2025)["properties"]?["size"]
        #expect(
            size == ["type": "string", "oneOf": [["const": "s", "title": "s"], ["const": "m", "title": "Medium"]]])
        #expect(form.schema(.june2025)["properties"]?["size"]?["enumNames"] == ["s", "Medium"])
    }
}
