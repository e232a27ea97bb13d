import JSON
import Testing

struct JSONReaderTests {
    @Test(
        arguments: [
            ("null", .null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("-7", -7), ("42", 42),
            ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.0", .number(1)), ("1e2", .number(100)),
            ("-1.5E-3", .number(-0.0015)), ("1e-999", .number(0)), (#""""#, ""), (#""a\/b\\\"""#, "a/b\\\""),
            (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"), (#""\u00e9\u20AC\ud83d\ude00""#, "é€😀"), (#""\u0000""#, "\u{0}"),
            ("\"é€😀\"", "é€😀"), ("\"\u{7F}\u{2028}\u{FEFF}\"", "\u{7F}\u{2028}\u{FEFF}"), ("[]", []), ("{}", [:]),
            (" [ 1 , [ ] , { } ] ", [1, [], [:]]), ("\t\r\n{\"a\" : {\"b\":[null]}}\n", ["a": ["b": [nil]]]),
            (#"{"":1," ":2}"#, ["": 1, " ": 2]),
        ] as [(String, JSON)])
    func aTextIsRead(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 0),
            ("nulL", .unexpectedByte, 0), ("True", .unexpectedByte, 0), ("[1", .unexpectedEnd, 2),
            ("[1,", .unexpectedEnd, 3), ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1),
            ("[1 2]", .unexpectedByte, 3), ("{", .unexpectedEnd, 1), (#"{"a""#, .unexpectedEnd, 4),
            (#"{"a":"#, .unexpectedEnd, 5), (#"{"a":1,}"#, .unexpectedByte, 7), ("{a:1}", .unexpectedByte, 1),
            (#"{"a" 1}"#, .unexpectedByte, 5), ("{1:1}", .unexpectedByte, 1), ("]", .unexpectedByte, 0),
            ("'a'", .unexpectedByte, 0), ("1 2", .trailingData, 2), ("{}{}", .trailingData, 2),
            ("nullx", .trailingData, 4), ("01", .invalidNumber, 2), ("-", .invalidNumber, 1),
            ("+1", .unexpectedByte, 0),
            (".5", .unexpectedByte, 0), ("1.", .invalidNumber, 2), ("1.e3", .invalidNumber, 2),
            ("1e", .invalidNumber, 2),
            ("1e+", .invalidNumber, 3), ("1e999", .invalidNumber, 5), ("0x10", .trailingData, 1),
            ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0), ("-Infinity", .invalidNumber, 1),
            (#""abc"#, .unexpectedEnd, 4), ("\"a\nb\"", .invalidString, 2), ("\"a\u{0}b\"", .invalidString, 2),
            (#""\x""#, .invalidString, 3), (#""\u12""#, .unexpectedEnd, 3), (#""\u12g4""#, .invalidString, 5),
            (#""\ud800""#, .loneSurrogate, 7), (#""\udc00""#, .loneSurrogate, 7),
            (#""\ud800\u0041""#, .loneSurrogate, 13),
            (#""\ud800x""#, .loneSurrogate, 7), (#""\"#, .unexpectedEnd, 2), (#"{"a":1,"a":2}"#, .duplicateName, 11),
            (#"{"a":1,"\u0061":2}"#, .duplicateName, 16), ("\u{FEFF}{}", .unexpectedByte, 0),
            ("/**/1", .unexpectedByte, 0),
        ] as [(String, JSONError.Reason, Int)])
    func whatIsNoJSONIsRefused(text: String, reason: JSONError.Reason, offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error?.reason == reason)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE2, 0x82, 0x22],
            [0x7B, 0x22, 0xFE, 0x22, 0x3A, 0x31, 0x7D],
        ] as [[UInt8]])
    func invalidUTF8IsRefused(octets: [UInt8]) {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: octets) }
        #expect(error?.reason == .invalidUTF8)
    }

    @Test func theDepthIsBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        func objects(_ depth: Int) -> String {
            String(repeating: #"{"a":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(64)) }
        #expect(throws: Never.self) { try JSON(parsing: objects(64)) }
        for text in [nested(65), objects(65), String(repeating: "[", count: 1_000_000)] {
            let error = #expect(throws: JSONError.self) { try JSON(parsing: text) }
            #expect(error?.reason == .tooDeep)
        }
        // Depth is how deep a value lies, not how many have been opened.
        #expect(throws: Never.self) {
            try JSON(parsing: "[" + [String](repeating: "[[]]", count: 500).joined(separator: ",") + "]")
        }
    }

    @Test func theNumberOfValuesIsBounded() {
        var limits = JSONReader.Limits()
        limits.values = 10
        #expect(throws: Never.self) { try JSON(parsing: Array("[1,2,3,4,5,6,7,8,9]".utf8), limits: limits) }
        let error = #expect(throws: JSONError.self) {
            try JSON(parsing: Array("[1,2,3,4,5,6,7,8,9,10]".utf8), limits: limits)
        }
        #expect(error?.reason == .tooManyValues)
    }

    @Test func aHugeObjectIsReadInLinearTime() throws {
        let names = (0..<50_000).map { #""name\#($0)":\#($0)"# }
        let object = try JSON(parsing: "{" + names.joined(separator: ",") + "}").object
        #expect(object?.count == 50_000)
        #expect(object?.members.last?.value == 49_999)
        let error = #expect(throws: JSONError.self) {
            try JSON(parsing: "{" + names.joined(separator: ",") + #","name7":0}"#)
        }
        #expect(error?.reason == .duplicateName)
    }

    @Test(arguments: [15, 16, 17, 18]) func aNameThatStandsTwiceIsFoundHoweverManyThereAre(count: Int) {
        for twin in 0..<count {
            let names = (0..<count).map { #""n\#($0)":0"# } + [#""n\#(twin)":1"#]
            #expect(throws: JSONError.self) { try JSON(parsing: "{" + names.joined(separator: ",") + "}") }
        }
    }

    @Test func anErrorSaysWhatAndWhere() {
        let error = #expect(throws: JSONError.self) { try JSON(parsing: "[1,]") }
        #expect(error?.description == "unexpected character at octet 3")
    }

    @Test func octetsNeedNotBeContiguous() throws {
        #expect(try JSON(parsing: Array("[1]x".utf8).dropLast()) == [1])
        #expect(try JSON(parsing: "[1]".utf8.lazy.map { $0 }) == [1])
    }

    @Test func membersMayBeWalkedOneByOne() throws {
        let text = Array(#"{"method":"x","params":{"a":[1,2]},"id":7}"#.utf8)
        try text.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            var seen: [String] = []
            try reader.members { (reader, name) throws(JSONError) in
                seen.append("\(name)=\(try reader.value())")
            }
            try reader.finish()
            #expect(seen == ["method=\"x\"", #"params={"a":[1,2]}"#, "id=7"])
        }
    }
}
