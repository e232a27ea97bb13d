import Foundation
import JSON
import MIME
import Testing

@testable import AtlasCore

/// Messages of all shapes, read through the Gmail double.
@Suite struct GmailReadingTests {
    let kit: GmailKit
    init() async throws { kit = try await GmailKit() }

    private func mixed(_ parts: [String], kind: String = "mixed", _ fields: [String: String] = [:]) -> String {
        let type = ["Content-Type": "multipart/\(kind); boundary=\"b-\(kind)\""]
        let body = parts.map { "--b-\(kind)\r\n\($0)\r\n" }.joined() + "--b-\(kind)--"
        return GmailKit.letter(body, type.merging(fields) { _, new in new }).replacingOccurrences(
            of: "\r\r\n", with: "\r\n")
    }

    @Test("A plain message has its text, its header and its flags")
    func plain() async throws {
        let id = try await kit.add(
            GmailKit.letter("Grüße from Zoë", ["Message-ID": "<a@example.com>", "Cc": "Ann <ann@example.com>"]),
            labels: ["INBOX", "UNREAD", "STARRED"])
        let message = try #require(try await kit.reader.message(id, in: nil))
        #expect(message.text.text.contains("Grüße from Zoë") && message.text.source == .plain)
        #expect(
            message.summary.from == "Maria Gonzalez <maria@example.com>"
                && message.summary.cc == ["Ann <ann@example.com>"])
        #expect(message.summary.messageID == "a@example.com" && message.summary.mailbox == "INBOX")
        #expect(message.summary.unread && message.summary.flagged && !message.summary.hasAttachments)
        #expect(message.summary.date == Date(timeIntervalSince1970: 1_795_532_400))
        #expect(message.header["Message-ID"] == "<a@example.com>")
        let labels = try await kit.google.order("messages")[0]?["labels"]?.items
        #expect(labels?.contains("UNREAD") == true, "reading marks nothing")
    }

    @Test(
        "Text in an old charset comes as it was meant, though Gmail has put it into UTF-8",
        arguments: ["iso-8859-1", "windows-1252", "utf-8"])
    func charsets(charset: String) async throws {
        let text = charset == "utf-8" ? "Gr=C3=BC=C3=9Fe" : "Gr=FC=DFe"
        let id = try await kit.add(
            GmailKit.letter(
                text,
                ["Content-Type": "text/plain; charset=\(charset)", "Content-Transfer-Encoding": "quoted-printable"]))
        #expect(try await kit.reader.message(id, in: nil)?.text.text.trimmed == "Grüße")
    }

    @Test("Sections are those of IMAP, and attachments are fetched by them, whatever id Gmail gives them this time")
    func attachments() async throws {
        let inner = "Content-Type: text/plain\r\n\r\nThe text"
        let pdf =
            "Content-Type: application/pdf; name=\"plan.pdf\"\r\nContent-Disposition: attachment; filename=\"plan.pdf\"\r\n"
            + "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjc="
        let alternative =
            "Content-Type: multipart/alternative; boundary=in\r\n\r\n--in\r\n\(inner)\r\n--in\r\nContent-Type: text/html\r\n\r\n"
            + "<p>The <b>text</b></p>\r\n--in--"
        let id = try await kit.add(mixed([alternative, pdf]))
        let message = try #require(try await kit.reader.message(id, in: nil))
        #expect(message.text.text.trimmed == "The text" && message.summary.hasAttachments)
        #expect(message.attachments.map(\.section) == ["2"] && message.attachments.first?.filename == "plan.pdf")
        let found = try #require(try await kit.reader.attachment("2", of: id, in: nil, limit: 100))
        #expect(found.octets == Array("%PDF-1.7".utf8) && found.file.size == 8)
        #expect(try await kit.reader.attachment("2", of: id, in: nil, limit: 4)?.octets == Array("%PDF".utf8))
        #expect(try await kit.reader.attachment("7", of: id, in: nil, limit: 100) == nil)
        #expect(try await kit.reader.attachment("../../x", of: id, in: nil, limit: 100) == nil)
    }

    @Test("A conversation is read by its id or by a message's, oldest first, and without what is in the trash")
    func conversation() async throws {
        let first = try await kit.add(GmailKit.letter("One", ["Message-ID": "<1@x.example>"]), minute: 1)
        let reply = ["References": "<1@x.example>", "Subject": "Re: Hello"]
        let third = try await kit.add(GmailKit.letter("Three", reply), minute: 3)
        let second = try await kit.add(GmailKit.letter("Two", reply), minute: 2)
        try await kit.add(GmailKit.letter("Gone", reply), labels: ["TRASH"], minute: 4)
        try await kit.add(GmailKit.letter("Other"), minute: 5)
        let thread = try await kit.reader.thread(second, in: nil)
        #expect(thread.map(\.summary.id) == [first, second, third])
        let id = try #require(thread.first?.summary.threadID)
        #expect(id.hasPrefix("gt.") && Set(thread.map(\.summary.threadID)) == [id])
        #expect(try await kit.reader.thread(id, in: nil).map(\.text.text.trimmed) == ["One", "Two", "Three"])
        #expect(try await kit.reader.thread("gt.18c0ffffffffffff", in: nil).isEmpty)
    }

    @Test(
        "What is no id reaches no URL",
        arguments: [
            "g.", "g.../../labels", "g.18c0%2F", "gt.18c0000000000001", "18c0000000000001", "g.\u{0}", "imap", "g.18C0",
        ])
    func ids(id: String) async throws {
        #expect(try await kit.reader.message(id, in: nil) == nil)
        #expect(try await kit.reader.mark([id], .read) == [])
        #expect(try await kit.reader.move([id], to: "trash").isEmpty)
        #expect(try await kit.google.journal().allSatisfy { !$0.path.contains("messages") })
    }

    @Test("A message that is gone is none")
    func gone() async throws {
        #expect(try await kit.reader.message("g.18c0ffffffffffff", in: nil) == nil)
    }

    @Test("A draft is in the drafts, in its conversation")
    func drafts() async throws {
        let answered = try await kit.add(GmailKit.letter("One"))
        let octets = Array(GmailKit.letter("Draft", ["Bcc": "b@example.com"]).utf8)
        let thread = try #require(try await kit.reader.message(answered, in: nil)?.summary.threadID)
        let id = try #require(try await kit.reader.saveDraft(octets, threadID: thread))
        let draft = try #require(try await kit.reader.message(id, in: nil))
        #expect(draft.summary.mailbox == "DRAFT" && draft.summary.threadID == thread)
        #expect(
            try await kit.reader.saveDraft(octets, threadID: "gt.18c0ffffffffffff") != nil,
            "without a conversation that is gone")
    }
}

/// Payloads as Gmail writes them, without a server.
@Suite struct GmailPayloadTests {
    private func part(
        _ type: String, _ parts: [JSON] = [], data: String? = nil, filename: String = "", id: String? = nil
    ) -> JSON {
        var body: JSON.Object = ["size": .integer(data?.utf8.count ?? 0)]
        if let data { body.append("data", .string(Base64URL.encode(Array(data.utf8)))) }
        if let id { body.append("attachmentId", .string(id)) }
        return [
            "mimeType": .string(type), "filename": .string(filename),
            "headers": [["name": "Content-Type", "value": .string(type)]],
            "body": .object(body), "parts": .array(parts),
        ]
    }

    @Test("One part is number 1; a message in a message numbers its parts below its own")
    func sections() {
        #expect(GmailPayload(part("text/plain", data: "x")).root.section == "1")
        let forwarded = part(
            "message/rfc822", [part("multipart/mixed", [part("text/plain"), part("image/png", id: "i")])], id: "m")
        let single = part("message/rfc822", [part("text/plain", data: "x")], id: "s")
        let payload = GmailPayload(part("multipart/mixed", [part("text/plain", data: "t"), forwarded, single]))
        #expect(payload.root.allParts.map(\.section) == ["", "1", "2", "2.TEXT", "2.1", "2.2", "3", "3.1"])
        #expect(payload.attachmentIDs == ["2": "m", "2.2": "i", "3": "s"])
    }

    @Test("Gmail's tree has the sections that our own parser gives the same message")
    func agrees() {
        let raw = [
            "Content-Type: multipart/mixed; boundary=a", "", "--a", "Content-Type: message/rfc822", "",
            "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "one", "--b", "", "two", "--b--", "--a", "",
            "three", "--a--", "",
        ].joined(separator: "\r\n")
        let inner = part("multipart/mixed", [part("text/plain", data: "one"), part("text/plain", data: "two")])
        let payload = GmailPayload(
            part("multipart/mixed", [part("message/rfc822", [inner], id: "m"), part("text/plain", data: "three")]))
        #expect(
            payload.root.allParts.map(\.section) == MailMessage(parsing: Array(raw.utf8)).root.allParts.map(\.section))
    }

    @Test("A payload of any depth and width is read, up to a bound")
    func bounds() {
        var deep = part("text/plain", data: "x")
        for _ in 0..<400 { deep = part("multipart/mixed", [deep]) }
        #expect(GmailPayload(deep).root.allParts.count == 401)
        let wide = GmailPayload(part("multipart/mixed", (0..<600).map { _ in part("text/plain", data: "x") }))
        #expect(wide.root.allParts.count == 500 && wide.problems.count == 1)
        #expect(GmailPayload(nil).root.allParts.count == 1)
    }

    @Test(
        "Snippets are read as what they stand for",
        arguments: [
            ("a &amp; b", "a & b"), ("&lt;b&gt; &#39;x&#x27; &quot;", "<b> 'x' \""), ("&amp;lt;", "&lt;"),
            ("&nothing; & &#xD800;", "&nothing; & &#xD800;"),
            ("&", "&"), ("", ""),
        ])
    func snippets(escaped: String, plain: String) { #expect(EscapedText.plain(escaped) == plain) }

    @Test(
        "Base64 for URLs is read with and without padding", arguments: ["", "f", "fo", "foo", "\u{FFFF}\u{3FFFF}??>>"])
    func base64(text: String) {
        let octets = Array(text.utf8)
        let encoded = Base64URL.encode(octets)
        #expect(Base64URL.decode(encoded) == octets && !encoded.contains("+") && !encoded.contains("/"))
        #expect(Base64URL.decode(encoded.replacingOccurrences(of: "=", with: "")) == octets)
        #expect(Base64URL.decode("a b!") == nil)
    }
}
