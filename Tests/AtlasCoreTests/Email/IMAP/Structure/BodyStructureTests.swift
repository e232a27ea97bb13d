import Foundation
import MIME
import Testing

@testable import AtlasCore

struct BodyStructureTests {
    /// Reads a structure as it is on the wire, in a FETCH.
    private func structure(_ text: String) throws -> MIMEPart {
        try #require(MIMEPart(bodyStructure: try #require(WireValue.read(text))))
    }

    private func sections(_ part: MIMEPart) -> [String] {
        part.allParts.map { "\($0.section) \($0.contentType.mediaType)" }
    }

    @Test("A message without parts is part 1")
    func single() throws {
        let part = try structure(
            #"("TEXT" "PLAIN" ("CHARSET" "UTF-8" "format" "flowed") "<id@x>" NIL "QUOTED-PRINTABLE" 120 4 NIL ("INLINE" NIL) ("EN" "DE") NIL)"#
        )
        #expect(sections(part) == ["1 text/plain"])
        #expect(part.contentType.parameters == ["charset": "UTF-8", "format": "flowed"])
        #expect(part.encoding == .quotedPrintable && part.size == 120)
        #expect(part.disposition == ContentDisposition(isAttachment: false))
        #expect(part.header["content-id"] == "<id@x>" && part.content == nil)
    }

    @Test("Parts and messages in messages are numbered as in a message that was read whole")
    func nested() throws {
        let inner =
            #"(("text" "plain" NIL NIL NIL "7bit" 1 1)("image" "png" ("name" "a.png") NIL NIL "base64" 100) "mixed")"#
        let text = #"""
            (("text" "plain" NIL NIL NIL "7bit" 5 1)(("text" "html" NIL NIL NIL "7bit" 5 1)("image" "gif" NIL "<g>" NIL "base64" 9) \#
            "related")("message" "rfc822" NIL NIL NIL "7bit" 500 ("date" "Inner subject" NIL NIL NIL NIL NIL NIL NIL "<m>") \#(inner) 20 NIL \#
            ("attachment" ("filename" "m.eml")))("message" "rfc822" NIL NIL NIL "7bit" 50 (NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 1 1) 3) \#
            "mixed" ("boundary" "=_x") NIL NIL)
            """#
        let part = try structure(text)
        #expect(
            sections(part) == [
                " multipart/mixed", "1 text/plain", "2 multipart/related", "2.1 text/html", "2.2 image/gif",
                "3 message/rfc822",
                "3.TEXT multipart/mixed", "3.1 text/plain", "3.2 image/png", "4 message/rfc822", "4.1 text/plain",
            ])
        #expect(part.contentType.parameters["boundary"] == "=_x")
        let message = part.children[2]
        #expect(message.filename == "m.eml" && message.disposition?.isAttachment == true)
        #expect(message.header.subject == "Inner subject")
        #expect(message.children[0].children[1].filename == "a.png")
    }

    @Test("The numbers are those of the same message when it is read whole")
    func sameAsWhole() throws {
        let whole = MailMessage(
            parsing: Array(
                """
                Content-Type: multipart/mixed; boundary=a

                --a

                one
                --a
                Content-Type: message/rfc822

                Content-Type: multipart/alternative; boundary=b

                --b

                two
                --b
                Content-Type: text/html

                three
                --b--
                --a
                Content-Type: message/rfc822

                Subject: x

                four
                --a--
                """.replacing("\n", with: "\r\n").utf8))
        let leaf = #"("text" "plain" NIL NIL NIL "7bit" 1 1)"#
        let told = try structure(
            #"(\#(leaf)("message" "rfc822" NIL NIL NIL "7bit" 1 (NIL) (\#(leaf)("text" "html" NIL NIL NIL "7bit" 1 1) "alternative") 1)"#
                + #"("message" "rfc822" NIL NIL NIL "7bit" 1 (NIL) \#(leaf) 1) "mixed")"#)
        #expect(sections(told) == sections(whole.root))
    }

    @Test("File names are decoded as those in headers, however they are written")
    func names() throws {
        func name(_ parameters: String, _ disposition: String = "NIL") throws -> String? {
            try structure(#"("application" "pdf" (\#(parameters)) NIL NIL "base64" 10 NIL \#(disposition))"#).filename
        }
        #expect(try name(#""name" "a.pdf""#, #"("attachment" ("filename" "b.pdf"))"#) == "b.pdf")
        #expect(try name(#""NAME" "=?UTF-8?Q?Angebot_f=C3=BCr?= =?UTF-8?Q?_Ann.pdf?=""#) == "Angebot für Ann.pdf")
        #expect(try name(#""name*" "UTF-8''Gr%C3%B6%C3%9Fe.pdf""#) == "Größe.pdf")
        #expect(try name(#""name*0*" "UTF-8''Gr%C3%B6" "name*1" "sse; x=\"y\".pdf""#) == #"Grösse; x="y".pdf"#)
        #expect(try name(#""name" "..\\..\\evil.exe""#) == "evil.exe")
    }

    @Test(
        "What servers leave out or put elsewhere is borne",
        arguments: [
            (#"("text" "plain")"#, ["1 text/plain"]), (#"("text")"#, ["1 text/octet-stream"]),
            (#"()"#, ["1 application/octet-stream"]),
            (#"("TEXT" "PLAIN" NIL NIL NIL "7BIT" NIL NIL)"#, ["1 text/plain"]),
            (#"(NIL NIL NIL NIL NIL NIL NIL)"#, ["1 application/octet-stream"]),
            (#"("multipart" "mixed" ("boundary" "x"))"#, [" multipart/mixed"]),
            (#"(NIL "mixed")"#, [" multipart/mixed"]),
            (#"(("text" "plain" NIL NIL NIL "7bit" 1 1))"#, [" multipart/mixed", "1 text/plain"]),
            (#"((()) "mixed")"#, [" multipart/mixed", "1 multipart/mixed", "1.1 application/octet-stream"]),
            (#"("message" "rfc822" NIL NIL NIL "7bit" 10)"#, ["1 message/rfc822"]),
            (#"("message" "rfc822" NIL NIL NIL "7bit" 10 NIL NIL 3)"#, ["1 message/rfc822"]),
            (
                #"("message" "rfc822" NIL NIL NIL "7bit" 10 (NIL NIL) ("text" "html" NIL NIL NIL "7bit" 1 1) 3)"#,
                ["1 message/rfc822", "1.1 text/html"]
            ),
            (#"("message" "delivery-status" NIL NIL NIL "7bit" 10)"#, ["1 message/delivery-status"]),
            (#"("te xt" "pl/ain" NIL NIL NIL "7bit" 10)"#, ["1 application/octet-stream"]),
            (
                #"(("text" "plain" ("a") NIL NIL "7bit" 1 1)("x" "y" (NIL NIL "b" ("c")) NIL NIL 8BIT "12") "mixed" "no parameters")"#,
                [" multipart/mixed", "1 text/plain", "2 x/y"]
            ),
        ])
    func tolerance(text: String, expected: [String]) throws {
        #expect(sections(try structure(text)) == expected)
    }

    @Test("A disposition is found where fields before it are missing")
    func displacedDisposition() throws {
        for text in [
            #"("text" "csv" NIL NIL NIL "7bit" 9 2 NIL ("attachment" ("filename" "a.csv")))"#,
            #"("text" "csv" NIL NIL NIL "7bit" 9 NIL ("attachment" ("filename" "a.csv")))"#,
            #"("text" "csv" NIL NIL NIL "7bit" 9 ("attachment" ("filename" "a.csv")))"#,
        ] {
            let part = try structure(text)
            #expect(part.disposition == ContentDisposition(isAttachment: true, filename: "a.csv"), "\(text)")
        }
    }

    @Test("What is no list is no structure")
    func none() {
        #expect(MIMEPart(bodyStructure: .nil) == nil)
        #expect(MIMEPart(bodyStructure: .atom("x")) == nil)
    }

    @Test("Depth and number of parts are limited")
    func limits() throws {
        var deep = IMAPValue.list([.string(Array("text".utf8)[...]), .string(Array("plain".utf8)[...])])
        for _ in 0..<500 { deep = .list([deep, .string(Array("mixed".utf8)[...])]) }
        #expect(try #require(MIMEPart(bodyStructure: deep)).allParts.count == 33)
        let leaf = IMAPValue.list([.string(Array("text".utf8)[...]), .string(Array("plain".utf8)[...])])
        let wide = IMAPValue.list([IMAPValue](repeating: .list([IMAPValue](repeating: leaf, count: 500)), count: 500))
        #expect(try #require(MIMEPart(bodyStructure: wide)).allParts.count == 1000)
    }

    @Test("No structure makes the decoder trap")
    func fuzz() throws {
        var random = QueryRandom(state: 17)
        let words = [
            "text", "plain", "multipart", "mixed", "message", "rfc822", "attachment", "inline", "filename*0*", "x'y'%",
            "=?UTF-8?Q?", "", "\"\\",
        ]
        func value(_ depth: Int) -> IMAPValue {
            switch random.next() % (depth > 0 ? 9 : 5) {
            case 0: .nil
            case 1: .atom(random.pick(["1", "0", "99999999999999999999", "NIL", "x", "-1"]))
            case 2...3: .string(Array(random.pick(words).utf8)[...])
            case 4: .string((0..<Int(random.next() % 6)).map { _ in UInt8.random(in: 0...255, using: &random) }[...])
            default: .list((0..<Int(random.next() % 12)).map { _ in value(depth - 1) })
            }
        }
        let end = Date() + QueryRandom.seconds
        var read = 0
        while Date() < end {
            for _ in 0..<50 {
                guard let part = MIMEPart(bodyStructure: value(6)) else { continue }
                read += 1
                let parts = part.allParts
                #expect(parts.count <= 1000 && Set(parts.map(\.section)).count == parts.count)
                _ = parts.map(\.filename)
            }
        }
        #expect(read > 0)
    }
}

/// Reads one value as it stands in a response, well formed.
enum WireValue {
    static func read(_ text: String) -> IMAPValue? {
        var octets = Array(text.utf8)[...]
        return value(&octets)
    }

    private static func value(_ octets: inout ArraySlice<UInt8>) -> IMAPValue? {
        while octets.first == UInt8(ascii: " ") { octets.removeFirst() }
        switch octets.first {
        case nil, UInt8(ascii: ")"): return nil
        case UInt8(ascii: "("):
            octets.removeFirst()
            var values: [IMAPValue] = []
            while let next = value(&octets) { values.append(next) }
            octets = octets.dropFirst()
            return .list(values)
        case UInt8(ascii: "\""):
            octets.removeFirst()
            var text: [UInt8] = []
            while let octet = octets.popFirst(), octet != UInt8(ascii: "\"") {
                text.append(octet == UInt8(ascii: "\\") ? octets.popFirst() ?? octet : octet)
            }
            return .string(text[...])
        default:
            let word = octets.prefix { !" ()".utf8.contains($0) }
            octets = octets.dropFirst(word.count)
            return word.elementsEqual("NIL".utf8) ? .nil : .atom(String(decoding: word, as: UTF8.self))
        }
    }
}
