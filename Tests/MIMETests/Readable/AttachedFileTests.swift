import Testing

@testable import MIME

@Suite("Attached files")
struct AttachedFileTests {
    @Test("Files are what is attached, named, or no text")
    func files() {
        let root = message(
            multipart(
                "mixed",
                [
                    multipart(
                        "related",
                        [
                            multipart(
                                "alternative",
                                [
                                    plainPart, htmlPart, part("text/x-amp-html", "x"),
                                    part("text/calendar; name=invite.ics", "x"),
                                ]),
                            part("image/png; name=logo.png", String(repeating: "x", count: 5000), "Content-ID: <1>"),
                            part("image/png; name=dot.png", "x", "Content-ID: <2>"),
                            part("image/gif", String(repeating: "x", count: 5000), "Content-ID: <3>"),
                        ]),
                    pdfPart, part("application/octet-stream", "xyz"),
                    part("text/csv; name=\"../../etc/list.csv\"", "a,b"),
                    part("message/rfc822", "Subject: Re: a/b\n\n" + "text"),
                    part("application/ics; name=invite.ics", "x"),
                    part("text/plain", "log", "Content-Disposition: attachment"),
                    part("image/jpeg", "abc"),
                ])
        ).root
        #expect(
            root.attachedFiles.map { "\($0.section) \($0.filename) \($0.contentType)" } == [
                "1.2 logo.png image/png", "2 a.pdf application/pdf", "3 part-3.bin application/octet-stream",
                "4 list.csv text/csv",
                "5 Re_ a_b.eml message/rfc822", "6 invite.ics application/ics", "7 part-7.txt text/plain",
                "8 part-8.jpg image/jpeg",
            ])
        #expect(root.attachedFiles.map(\.size) == [5000, 9, 3, 3, 22, 1, 3, 3])
        #expect(message(plainPart).root.attachedFiles.isEmpty)
        #expect(message(htmlPart).root.attachedFiles.isEmpty)
        #expect(message(pdfPart).root.attachedFiles.map(\.section) == ["1"])
    }

    @Test(
        "The size of what was not fetched is reckoned from what was told",
        arguments: [0, 1, 2, 3, 56, 57, 58, 1000, 100_000])
    func sizes(_ count: Int) {
        let letters = (count + 2) / 3 * 4
        let transferred = letters + (letters + 75) / 76 * 2
        let file = MIMEPart(
            section: "2", contentType: ContentType(type: "application", subtype: "pdf"),
            disposition: ContentDisposition(isAttachment: true),
            encoding: .base64, size: transferred
        ).attachedFiles
        #expect(abs((file.first?.size ?? -9) - count) <= 3)
    }

    @Test(
        "Names are safe to show and to write",
        arguments: [
            ("a.pdf", "a.pdf"), ("C:\\x\\a.pdf", "a.pdf"), ("/etc/passwd", "passwd"), ("a\u{202E}fdp.exe", "afdp.exe"),
            ("a\nb\u{0}.pdf", "ab.pdf"),
            ("..", nil), ("...hidden", "hidden"), ("  a   b  ", "a b"), ("???", nil), ("a:b?.txt", "a_b_.txt"),
            ("résumé 😀.pdf", "résumé 😀.pdf"), ("", nil),
        ] as [(String, String?)])
    func names(_ name: String, _ expected: String?) { #expect(SafeFilename.clean(name) == expected) }

    @Test("A long name keeps its ending")
    func longName() {
        let name = SafeFilename.clean(String(repeating: "ä", count: 300) + ".pdf")
        #expect(name?.hasSuffix("ä.pdf") == true)
        #expect(name.map { $0.utf8.count <= SafeFilename.longest } == true)
    }
}
