import Foundation
import Testing

@testable import MIME

@Suite("A composed message")
struct ComposedMessageTests {
    @Test("A short text is written as it is")
    func plain() throws {
        let expected = [
            "Date: Tue, 24 Nov 2026 09:00:00 -0600", "From: Maria Gonzalez <maria@example.com>", "To: paul@example.org",
            "Subject: Hello",
            "Message-ID: <1.atlas@example.com>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=us-ascii",
            "Content-Transfer-Encoding: 7bit", "", "Good morning", "",
        ]
        #expect(lines(try letter().composed()) == expected)
    }

    @Test("Python reads all of a message with everything in it")
    func everything() throws {
        var mail = letter(
            subject: "Angebot für die Büroreinigung — Straße 12 🧹", text: "Grüße\r\n.\r\nFrom here on\n\n-- \nMaria")
        mail.from.name = "María \"La Jefa\" González, Prop."
        mail.replyTo = [MailAddress(name: "Büro", address: "office@example.com")]
        mail.to = [
            MailAddress(name: "Smith, John (home)", address: "john.smith+tag@example.org"),
            MailAddress(name: "山田太郎", address: "taro@example.jp"),
            MailAddress(name: "Hans", address: "hans@bücher.example"),
        ]
        mail.cc = [MailAddress(address: "cc@example.net")]
        mail.bcc = [MailAddress(address: "secret@example.net")]
        mail.html = "<p>Grüße</p>"
        mail.inReplyTo = "<parent@example.org>"
        mail.references = ["root@example.org", "parent@example.org"]
        mail.attachments = [
            .init(filename: "Angebot Müller & Söhne.pdf", contentType: "application/pdf", octets: Array(0...255)),
            .init(filename: "plain.txt", contentType: "Text/Plain; charset=\"utf-8\"", octets: Array("naïve\n".utf8)),
        ]
        let octets = try mail.composed()
        #expect(isTransmittable(octets))
        let read = try #require(try PythonMail.reading([octets]).first)
        #expect(read.texts("defects").isEmpty)
        #expect(read.text("subject") == mail.subject)
        #expect(read.text("date") == "2026-11-24T09:00:00-06:00")
        #expect(read.mailboxes("from") == [["María \"La Jefa\" González, Prop.", "maria@example.com"]])
        #expect(read.mailboxes("reply-to") == [["Büro", "office@example.com"]])
        #expect(
            read.mailboxes("to") == [
                ["Smith, John (home)", "john.smith+tag@example.org"], ["山田太郎", "taro@example.jp"],
                ["Hans", "hans@xn--bcher-kva.example"],
            ])
        #expect(read.mailboxes("cc") == [["", "cc@example.net"]])
        #expect(read.mailboxes("bcc").isEmpty)
        #expect(!String(decoding: octets, as: UTF8.self).contains("secret"))
        #expect(read.text("message_id") == "<1.atlas@example.com>")
        #expect(read.text("in_reply_to") == "<parent@example.org>")
        #expect(read.texts("references") == ["<root@example.org>", "<parent@example.org>"])
        let types = [
            "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf", "text/plain",
        ]
        #expect(read.texts("types") == types)
        #expect(read.plain?.content == arrived(mail.text))
        #expect(read.html?.content == "<p>Grüße</p>\r\n")
        #expect(read.attachments.map { $0.text("filename") } == mail.attachments.map(\.filename))
        #expect(read.attachments.map(\.octets) == mail.attachments.map(\.octets))
        #expect(read.attachments.map { $0.text("disposition") } == ["attachment", "attachment"])
        #expect(read.attachments.last?.text("charset") == "utf-8")
    }

    @Test("A draft keeps its hidden recipients")
    func draft() throws {
        var mail = letter()
        mail.bcc = [MailAddress(name: "Secret", address: "secret@example.net")]
        #expect(lines(try mail.composed(withBcc: true)).contains("Bcc: Secret <secret@example.net>"))
        mail.to = []
        #expect(lines(try mail.composed()).contains("To: undisclosed-recipients:;"))
    }

    @Test(
        "The encoding suits the text",
        arguments: [
            ("plain", "7bit"), ("tab\tand\n\nlines", "7bit"), (String(repeating: "x", count: 998), "7bit"),
            (String(repeating: "x", count: 999), "quoted-printable"), ("From me\n", "quoted-printable"),
            ("a\u{0}b", "quoted-printable"),
            ("Schöne Grüße aus der großen Stadt, und bis bald im schönen Garten.", "quoted-printable"),
            ("おはようございます", "base64"),
        ])
    func encodings(text: String, encoding: String) throws {
        let octets = try letter(text: text).composed()
        #expect(isTransmittable(octets))
        let read = try #require(try PythonMail.reading([octets]).first)
        #expect(read.plain?.text("encoding") == encoding)
        #expect(read.plain?.content == arrived(text))
    }

    @Test("Lines of quoted-printable have at most 76 octets, and none ends with a blank")
    func quotedPrintableLines() throws {
        let text = (0..<200).map { String(repeating: "é", count: $0 % 40) + String(repeating: "x", count: $0) + " \t" }
            .joined(separator: "\n")
        let octets = try letter(text: text).composed()
        let body = lines(octets).drop { !$0.isEmpty }
        #expect(body.allSatisfy { $0.utf8.count <= 76 && $0.last != " " && $0.last != "\t" })
        #expect(try PythonMail.reading([octets]).first?.plain?.content == arrived(text))
    }

    @Test("A conversation of any length keeps its beginning and its last twenty")
    func references() throws {
        var mail = letter()
        mail.references =
            (0..<100).map { "\($0)@\(String(repeating: "x", count: 50)).example" } + [
                "not an id", "<>", "a\r\nBcc: b@c",
            ]
        let octets = try mail.composed()
        let read = try #require(try PythonMail.reading([octets]).first)
        #expect(read.texts("references").count == 21)
        #expect(read.texts("references").first?.hasPrefix("<0@") == true)
        #expect(read.texts("references").last?.hasPrefix("<99@") == true)
        #expect(headerLines(octets).allSatisfy { $0.utf8.count <= 78 })
    }

    @Test("A boundary that stands in the text is not taken")
    func boundaries() throws {
        var mail = letter()
        mail.html = "<p>x</p>"
        func boundary(_ mail: OutgoingMail) throws -> String {
            try #require(lines(try mail.composed()).first { $0.hasPrefix("--=_") })
        }
        let first = try boundary(mail)
        mail.text = "\(first)\n\(first)--\n"
        let second = try boundary(mail)
        #expect(first.dropFirst(2).prefix(10) == second.dropFirst(2).prefix(10))
        #expect(first != second)
        #expect(try PythonMail.reading([mail.composed()]).first?.plain?.content == arrived(mail.text))
        #expect(try mail.composed() == mail.composed())
    }

    @Test(
        "The type of an attachment is one, or none in particular",
        arguments: [
            ("IMAGE/PNG", "image/png"), ("pdf", "application/octet-stream"), ("", "application/octet-stream"),
            ("text/html\r\nX-Evil: 1", "application/octet-stream"), ("message/rfc822", "application/octet-stream"),
            ("multipart/mixed; boundary=x", "application/octet-stream"), ("a/b/c", "application/octet-stream"),
            ("application/pdf; x=\"\r\nEvil: 1\"", "application/pdf"),
        ])
    func attachmentTypes(type: String, expected: String) throws {
        var mail = letter()
        mail.attachments = [.init(filename: "", contentType: type, octets: [1, 2, 3])]
        let octets = try mail.composed()
        let read = try #require(try PythonMail.reading([octets]).first)
        #expect(read.attachments.map { $0.text("type") } == [expected])
        #expect(read.attachments.map { $0.text("filename") } == ["attachment"])
        #expect(!lines(octets).contains { $0.lowercased().contains("evil") })
    }

    @Test(
        "The date is the moment, on the clock of the place",
        arguments: [
            (0, 0, "Thu, 01 Jan 1970 00:00:00 +0000"), (951_782_400, 19_800, "Tue, 29 Feb 2000 05:30:00 +0530"),
            (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"), (1_795_532_400.9, -12_600, "Tue, 24 Nov 2026 11:30:00 -0330"),
            (4_107_542_400, 50_400, "Mon, 01 Mar 2100 14:00:00 +1400"),
        ])
    func dates(seconds: Double, offset: Int, expected: String) {
        #expect(HeaderWriter.text(of: Date(timeIntervalSince1970: seconds), utcOffset: offset) == expected)
    }

    @Test("No date is too strange", arguments: [Double.infinity, -.infinity, .nan, 1e300, -1e300])
    func strangeDates(seconds: Double) throws {
        var mail = letter()
        mail.date = Date(timeIntervalSince1970: seconds)
        mail.utcOffset = .max
        #expect(try PythonMail.reading([mail.composed()]).count == 1)
    }
}
