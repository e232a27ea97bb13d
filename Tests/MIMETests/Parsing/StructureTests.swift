import Foundation
import MIME
import Testing

@Suite("The parts of a message")
struct StructureTests {
    static let nested = """
        Content-Type: multipart/mixed; boundary=a

        preamble
        --a

        one
        --a
        Content-Type: message/rfc822

        Subject: inner
        Content-Type: multipart/alternative; boundary=b

        --b

        two one
        --b
        Content-Type: text/html

        <p>two two
        --b--
        epilogue
        --a
        Content-Type: message/rfc822

        Subject: single

        three one
        --a
        Content-Type: multipart/related; boundary=c

        --c

        four one
        --c--
        --a--
        """

    @Test("Sections are numbered as IMAP does", arguments: ["\n", "\r\n", "\r"])
    func sections(lineEnd: String) {
        let mail = message(Self.nested.replacingOccurrences(of: "\n", with: lineEnd))
        #expect(
            outline(mail) == [
                " multipart/mixed", "1 text/plain", "2 message/rfc822", "2.TEXT multipart/alternative",
                "2.1 text/plain",
                "2.2 text/html", "3 message/rfc822", "3.1 text/plain", "4 multipart/related", "4.1 text/plain",
            ])
        #expect(mail.text("1") == "one")
        #expect(mail.text("2.2") == "<p>two two")
        #expect(mail.text("3.1") == "three one")
        #expect(mail.text("4.1") == "four one")
        #expect(mail.part("2.TEXT")?.header.subject == "inner")
        #expect(mail.problems == [])
    }

    @Test("A message of one part has section 1, and an embedded message its number below")
    func rootSections() {
        #expect(outline(message("Subject: x\n\nbody")) == ["1 text/plain"])
        #expect(
            outline(message("Content-Type: message/rfc822\n\nSubject: y\n\nbody")) == [
                "1 message/rfc822", "1.1 text/plain",
            ])
        let multipart =
            "Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\na\n--x\n\nb\n--x--\n"
        #expect(
            outline(message(multipart)) == [
                "1 message/rfc822", "1.TEXT multipart/mixed", "1.1 text/plain", "1.2 text/plain",
            ])
    }

    @Test("The parts of a digest are messages where they do not say otherwise")
    func digest() {
        let mail = message(
            "Content-Type: multipart/digest; boundary=d\n\n--d\n\nSubject: one\n\ntext\n--d\nContent-Type: text/plain\n\nx\n--d--"
        )
        #expect(outline(mail) == [" multipart/digest", "1 message/rfc822", "1.1 text/plain", "2 text/plain"])
        #expect(mail.part("1.1")?.header.subject == "one")
    }

    @Test("A last boundary that is missing is said, and costs nothing")
    func cutOff() {
        let mail = message("Content-Type: multipart/mixed; boundary=x\n\n--x\n\nfirst\n--x\n\nsecond\n")
        #expect(mail.text("1") == "first")
        #expect(mail.text("2") == "second\n")
        #expect(mail.problems.count == 1)
        #expect(mail.problems.first?.contains("cut off") == true)
    }

    @Test("An outer boundary ends what has lost its own")
    func outerBoundary() {
        let mail = message(
            "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: multipart/mixed; boundary=in\n\n--in\n\na\n--out\n\nb\n--out--\n"
        )
        #expect(outline(mail) == [" multipart/mixed", "1 multipart/mixed", "1.1 text/plain", "2 text/plain"])
        #expect(mail.text("1.1") == "a")
        #expect(mail.text("2") == "b")
    }

    @Test("Blanks behind a boundary are none of it, other characters are")
    func boundaryLines() {
        let mail = message(
            "Content-Type: multipart/mixed; boundary=\"x \"\n\n--x \t \n\na\n--xy\n --x\n--x-\nb\n--x--  \nepilogue\n--x\nno"
        )
        #expect(outline(mail) == [" multipart/mixed", "1 text/plain"])
        #expect(mail.text("1") == "a\n--xy\n --x\n--x-\nb")
    }

    @Test(
        "A multipart that names no boundary, or never has one, is text",
        arguments: ["", "; boundary=x", "; boundary=\"\""])
    func noBoundary(parameters: String) {
        let mail = message("Content-Type: multipart/mixed\(parameters)\n\nthe text\n--y\n")
        #expect(outline(mail) == ["1 text/plain"])
        #expect(mail.text("1") == "the text\n--y\n")
        #expect(mail.problems.count == 1)
    }

    @Test("A header without a body, a body without a header, and nothing at all")
    func halves() {
        #expect(message("Subject: only").header.subject == "only")
        #expect(message("Subject: only").root.size == 0)
        let body = message("Just text, no header.\nSubject: not one\n")
        #expect(body.header.fields.isEmpty)
        #expect(body.text("1") == "Just text, no header.\nSubject: not one\n")
        #expect(outline(message("")) == ["1 text/plain"])
        #expect(message("\r\nbody").text("1") == "body")
        let lost = message("Subject: x\nThis line is no field\nmore")
        #expect(lost.header.subject == "x")
        #expect(lost.text("1") == "This line is no field\nmore")
        let parts = message("Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/html\n--x--\n")
        #expect(outline(parts) == [" multipart/mixed", "1 text/html"])
        #expect(parts.part("1")?.content?.isEmpty == true)
    }

    @Test("A mailbox's From line is no field")
    func fromLine() {
        let mail = message(
            "From ann@example.com Mon Jan  2 15:04:05 2006\nSubject: x\nFrom somebody inside\nTo: a@b.c\n\nFrom here on text"
        )
        #expect(mail.header.fields.map(\.name) == ["Subject", "To"])
        #expect(mail.text("1") == "From here on text")
    }

    @Test("Octets that are no text are read past")
    func noText() {
        let mail = MailMessage(
            parsing: Array("Subject: a".utf8) + [0, 0xFF] + Array("b\nX-\u{0}: c\n\n".utf8) + [0, 0, 0xFE])
        #expect(mail.header.subject?.hasPrefix("a") == true)
        #expect(mail.root.content?.suffix(3) == [0, 0, 0xFE])
    }

    @Test("An embedded message that is encoded is a file")
    func encodedMessage() {
        let mail = message(
            "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nU3ViamVjdDogeA0KDQpib2R5")
        #expect(mail.root.children.isEmpty)
        #expect(mail.root.decodedContent() == Array("Subject: x\r\n\r\nbody".utf8))
    }

    @Test("Contents are slices of the octets that were read")
    func slices() throws {
        let octets = Array(Self.nested.utf8)
        let mail = MailMessage(parsing: octets)
        for part in mail.root.allParts {
            guard let content = part.content else { continue }
            #expect(content.count == part.size)
            #expect(content.elementsEqual(octets[content.startIndex..<content.endIndex]))
        }
        // An embedded message has its octets and its parts.
        let embedded = try #require(mail.part("3"))
        #expect(embedded.decodedContent() == Array("Subject: single\n\nthree one".utf8))
    }
}
