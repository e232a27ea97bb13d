import JSON
import Testing

struct JSONWriterTests {
    @Test(
        arguments: [
            (.null, "null"), (true, "true"), (false, "false"), (0, "0"), (9, "9"), (10, "10"), (-1, "-1"),
            (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"), (1.5, "1.5"),
            (.number(1), "1.0"), (.number(1e300), "1e+300"), (.number(.leastNonzeroMagnitude), "5e-324"),
            (.number(-0.0), "-0.0"),
            (.number(.nan), "null"), (.number(.infinity), "null"), ("", #""""#), ("plain", #""plain""#),
            ("a\"b\\c/d", #""a\"b\\c/d""#), ("\n\r\t", #""\n\r\t""#),
            ("\u{0}\u{1}\u{8}\u{C}\u{1F}", #""\u0000\u0001\u0008\u000c\u001f""#),
            ("é€😀\u{2028}\u{7F}", "\"é€😀\u{2028}\u{7F}\""), ([], "[]"), ([:], "{}"), ([1, "a", nil], #"[1,"a",null]"#),
            (["b": 1, "a": [:]], #"{"b":1,"a":{}}"#), (["\"": 1], #"{"\"":1}"#),
        ] as [(JSON, String)])
    func aValueIsWritten(value: JSON, text: String) {
        #expect(value.description == text)
    }

    @Test func everyEscapeIsWrittenWhereverItStands() throws {
        for code in (0..<0x80).compactMap(Unicode.Scalar.init) {
            for padding in 0...17 {
                let text =
                    String(repeating: "x", count: padding) + "\(Character(code))" + "é"
                    + String(repeating: "y", count: padding)
                let written = JSON.string(text).description
                #expect(written.utf8.allSatisfy { $0 >= 0x20 })
                #expect(try JSON(parsing: written).text?.utf8.elementsEqual(text.utf8) == true)
            }
        }
    }

    @Test func stringsOfTheObjectiveKindAreWrittenToo() {
        // A substring's storage is not its own.
        let whole = "say \"hi\" to a longer text than fits a small string"
        #expect(JSON.string(String(whole.dropFirst(4).prefix(4))).description == #""\"hi\"""#)
    }

    @Test func piecesAreWrittenAsTheyAre() {
        var writer = JSONWriter()
        writer.raw("{\"a\":")
        writer.write(12)
        writer.byte(UInt8(ascii: ","))
        writer.raw(Array("\"b\":".utf8))
        writer.write(true)
        writer.raw("}")
        #expect(String(decoding: writer.bytes, as: UTF8.self) == #"{"a":12,"b":true}"#)
    }
}
