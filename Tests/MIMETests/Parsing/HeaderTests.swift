import MIME
import Testing

@Suite("Headers")
struct HeaderTests {
    @Test("Fields are found in any case, the first one first, unfolded and without blanks around")
    func fields() {
        let header = header("X-A: one\r\nx-a:two  \r\nX-B :\tthree\r\n four \r\nEmpty:\r\n:nameless\r\n\r\nX-C: body")
        #expect(header["x-A"] == "one")
        #expect(header.values("X-a") == ["one", "two"])
        #expect(header["x-b"] == "three four")
        #expect(header["Empty"] == "")
        #expect(header["X-C"] == nil)
        #expect(header.fields.count == 4)
    }

    @Test("A line of blanks does not hide the fields behind it, and is no text")
    func blankLines() {
        let mail = message("Subject: a\n   \nTo: b@x.test\n\nbody")
        #expect(mail.header.addresses("To").map(\.address) == ["b@x.test"])
        #expect(mail.text("1") == "body")
    }

    @Test("Identifiers come without brackets, and without what stands around them")
    func identifiers() {
        let mail = header(
            "Message-Id: <1@x.test> (sent)\nIn-Reply-To: Your message of \"Monday\" <2@x.test>\nReferences: <3@x.test>\n <4@\n x.test>,<5@x.test> <>\n"
        )
        #expect(mail.messageID == "1@x.test")
        #expect(mail.inReplyTo == ["2@x.test"])
        #expect(mail.references == ["3@x.test", "4@x.test", "5@x.test"])
        #expect(header("Message-ID: 1@x.test\n").messageID == "1@x.test")
        #expect(header("References: 1@x.test 2@x.test\n").references == ["1@x.test", "2@x.test"])
        #expect(header("Message-ID: <open@x.test\n").messageID == nil)
        #expect(header("Subject: x\n").references == [])
        #expect(header("References: \(String(repeating: "<a@b>", count: 5000))\n").references.count == 1000)
    }
}
