import Testing

@testable import MIME

@Suite("Readable text")
struct ReadableTextTests {
    struct Sample: CustomTestStringConvertible, Sendable {
        let name: String
        let mail: String
        let text: String
        let source: ReadableText.Source
        let sections: [String]
        var problem: String?
        var testDescription: String { name }
    }

    static let samples: [Sample] = [
        Sample(name: "plain", mail: plainPart, text: "Hello Bob", source: .plain, sections: ["1"]),
        Sample(name: "no header at all", mail: "\nHello", text: "Hello", source: .plain, sections: ["1"]),
        Sample(name: "HTML", mail: htmlPart, text: "Hello Bob in HTML", source: .html, sections: ["1"]),
        Sample(
            name: "alternative", mail: multipart("alternative", [plainPart, htmlPart]), text: "Hello Bob",
            source: .plain,
            sections: ["1", "2"]),
        Sample(
            name: "alternative with an empty plain text",
            mail: multipart("alternative", [part("text/plain", " \n"), htmlPart]),
            text: "Hello Bob in HTML", source: .html, sections: ["1", "2"]),
        Sample(
            name: "alternative with a stub",
            mail: multipart(
                "alternative",
                [
                    part("text/plain", "Your e-mail program does not support HTML."),
                    part("text/html", "<p>\(String(repeating: "News. ", count: 20))"),
                ]),
            text: String(repeating: "News. ", count: 20).trimmedBlanks, source: .html, sections: ["1", "2"]),
        Sample(
            name: "alternative with markup for plain text",
            mail: multipart("alternative", [part("text/plain", "<html><body><p>Hi</p></body></html>"), htmlPart]),
            text: "Hello Bob in HTML",
            source: .html, sections: ["1", "2"]),
        Sample(
            name: "alternative whose HTML is a picture",
            mail: multipart("alternative", [plainPart, part("text/html", "<img src=cid:1>")]),
            text: "Hello Bob", source: .plain, sections: ["1", "2"]),
        Sample(
            name: "alternative in mixed, with a file",
            mail: multipart("mixed", [multipart("alternative", [plainPart, htmlPart]), pdfPart]),
            text: "Hello Bob", source: .plain, sections: ["1.1", "1.2"]),
        Sample(
            name: "texts between files",
            mail: multipart(
                "mixed", [plainPart, pdfPart, part("text/html", "<p>Bye"), part("text/plain", "-- \nlist")]),
            text: "Hello Bob\n\nBye\n\n-- \nlist", source: .plain, sections: ["1", "3", "4"]),
        Sample(
            name: "related in alternative",
            mail: multipart(
                "alternative",
                [part("text/plain", ""), multipart("related", [htmlPart, part("image/png", "x", "Content-ID: <1>")])]),
            text: "Hello Bob in HTML", source: .html, sections: ["1", "2.1"]),
        Sample(
            name: "related whose root is not the first",
            mail: multipart(
                "related", [part("text/html", "no", "Content-ID: <a>"), part("text/html", "root", "Content-ID: <b>")],
                parameters: "; start=\"<b>\""),
            text: "root", source: .html, sections: ["2"]),
        Sample(
            name: "Apple Mail's mixed in alternative",
            mail: multipart(
                "alternative",
                [part("text/plain", ""), multipart("mixed", [htmlPart, pdfPart, part("text/html", "<p>end")])]),
            text: "Hello Bob in HTML\n\nend", source: .html, sections: ["1", "2.1", "2.3"]),
        Sample(
            name: "signed",
            mail: multipart("signed", [plainPart, part("application/pgp-signature; name=signature.asc", "x")]),
            text: "Hello Bob", source: .plain, sections: ["1"]),
        Sample(
            name: "encrypted by OpenPGP",
            mail: multipart(
                "encrypted", [part("application/pgp-encrypted", "Version: 1"), part("application/octet-stream", "x")],
                parameters: "; protocol=\"application/pgp-encrypted\""),
            text: "", source: .none, sections: [],
            problem: "The message is encrypted (OpenPGP), so its text cannot be read here."),
        Sample(
            name: "encrypted by S/MIME",
            mail: part("application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", "x"), text: "",
            source: .none, sections: [], problem: "The message is encrypted (S/MIME), so its text cannot be read here."),
        Sample(
            name: "encrypted in the text", mail: part("text/plain", "-----BEGIN PGP MESSAGE-----\nx"),
            text: "-----BEGIN PGP MESSAGE-----\nx",
            source: .plain, sections: ["1"], problem: "The text is encrypted (OpenPGP) and cannot be read here."),
        Sample(
            name: "a bounce",
            mail: multipart(
                "report",
                [
                    plainPart,
                    part(
                        "message/delivery-status",
                        "Reporting-MTA: dns; a\n\nFinal-Recipient: rfc822; bob@example.com\nAction: failed\nStatus: 5.1.1"
                    ),
                    part("message/rfc822", "Subject: old\n\nold text"),
                ], parameters: "; report-type=delivery-status"),
            text: "Hello Bob\n\nDelivery to bob@example.com: failed, status 5.1.1", source: .plain,
            sections: ["1", "2"]),
        Sample(
            name: "a message in a message",
            mail: multipart(
                "mixed",
                [
                    plainPart,
                    part(
                        "message/rfc822",
                        "From: Eve <eve@example.com>\nDate: Tue, 24 Nov 2026 09:00:00 +0000\nSubject: =?utf-8?q?Caf=C3=A9?=\n\nline 1\n\nline 2"
                    ),
                ]),
            text: """
                Hello Bob

                Message:
                From: Eve <eve@example.com>
                Date: Tue, 24 Nov 2026 09:00:00 +0000
                Subject: Café

                    line 1

                    line 2
                """, source: .plain, sections: ["1", "2.1"]),
        Sample(
            name: "an invitation beside text",
            mail: multipart(
                "alternative",
                [
                    plainPart, htmlPart,
                    part("text/calendar; method=REQUEST", "BEGIN:VEVENT\nSUMMARY:Clean\nDESCRIPTION:x\nEND:VEVENT"),
                ]),
            text: "Hello Bob\n\nCalendar invitation\nWhat: Clean", source: .plain, sections: ["1", "2", "3"]),
        Sample(
            name: "an invitation alone",
            mail: part("text/calendar; method=CANCEL", "BEGIN:VEVENT\nSUMMARY:Clean\nEND:VEVENT"),
            text: "Calendar event, cancelled\nWhat: Clean", source: .calendar, sections: ["1"]),
        Sample(
            name: "flowed text in another charset",
            mail: part(
                "text/plain; format=flowed; delsp=yes; charset=iso-8859-1", "caf=E9 =20\nau lait",
                "Content-Transfer-Encoding: quoted-printable"),
            text: "café au lait", source: .plain, sections: ["1"]),
        Sample(
            name: "enriched text", mail: part("text/enriched", "<bold>Hi</bold> <<you>\nthere\n\nBob<param>x</param>"),
            text: "Hi <you> there\nBob",
            source: .plain, sections: ["1"]),
        Sample(name: "only a file", mail: pdfPart, text: "", source: .none, sections: []),
        Sample(
            name: "no parts", mail: "Content-Type: multipart/mixed; boundary=x\n\n", text: "", source: .none,
            sections: ["1"]),
        Sample(
            name: "text that is attached",
            mail: multipart(
                "mixed", [plainPart, part("text/plain", "log", "Content-Disposition: attachment; filename=a.log")]),
            text: "Hello Bob", source: .plain, sections: ["1"]),
    ]

    @Test("The best of a message's texts is read", arguments: samples)
    func text(_ sample: Sample) {
        let root = message(sample.mail).root
        let text = root.readableText()
        #expect(text.text == sample.text)
        #expect(text.source == sample.source)
        #expect(root.textSections == sample.sections)
        #expect(text.problems == (sample.problem.map { [$0] } ?? []))
    }

    @Test("What was not fetched is passed over, and what is to be fetched is known before")
    func structureOnly() {
        var root = message(multipart("mixed", [multipart("alternative", [plainPart, htmlPart]), pdfPart])).root
        root.children[0].children[0].content = nil
        root.children[1].content = nil
        #expect(root.textSections == ["1.1", "1.2"])
        #expect(root.readableText().text == "Hello Bob in HTML")
        root.children[0].children[1].content = nil
        #expect(root.readableText() == ReadableText(text: "", source: .none))
    }

    @Test("The history of a reply is told apart, in each of its forms")
    func newText() {
        let reply = message(part("text/plain", "Yes.\n\nOn 24 Nov 2026, Bob wrote:\n> Can you?\n")).root.readableText()
        #expect(reply.newText == "Yes.")
        #expect(reply.text == "Yes.\n\nOn 24 Nov 2026, Bob wrote:\n> Can you?")
        let page = message(part("text/html", "Yes.<blockquote type=cite>Can you?</blockquote>")).root.readableText()
        #expect(page.newText == "Yes.")
        #expect(page.text == "Yes.\n\n> Can you?")
    }

    @Test("Text over the limit is cut between characters, and that is said")
    func limit() {
        let text = message(part("text/plain; charset=utf-8", String(repeating: "ä", count: 100))).root.readableText(
            limit: 51)
        #expect(text.text == String(repeating: "ä", count: 25))
        #expect(text.newText == text.text)
        #expect(text.problems == ["The text was cut at 51 octets."])
    }

    @Test("Messages in messages and endless parts come to an end")
    func bounds() {
        var nested = plainPart
        for _ in 0..<20 { nested = part("message/rfc822", "Subject: x\n" + nested) }
        let deep = message(nested).root.readableText()
        #expect(deep.problems.contains("The message holds more messages than are read."))
        let digest = message(multipart("digest", (0..<40).map { "\nSubject: \($0)\n\ntext \($0)" })).root
        let text = digest.readableText()
        #expect(text.text.contains("text 9"))
        #expect(!text.text.contains("text 10"))
        #expect(text.problems.contains("The message holds more messages than are read."))
        let many = message(multipart("mixed", Array(repeating: plainPart, count: 200))).root
        #expect(many.textSections.count == 50)
        #expect(many.readableText().problems == ["The message has more texts than are read."])
    }
}
