import Foundation
import MIME
import Testing

@Suite("Content-Type and Content-Disposition")
struct ParameterTests {
    @Test(
        "Media types",
        arguments: [
            ("text/html", "text/html"), ("TEXT/HTML; charset=x", "text/html"), ("text / html", "text/html"),
            ("text/html (c(om)ment)", "text/html"),
            ("text", "text/plain"), ("", "text/plain"), ("a/b/c", "text/plain"), ("/", "text/plain"),
            (";charset=x", "text/plain"),
            ("image/svg+xml;name=\"a;b\"", "image/svg+xml"), ("\"text/html\"", "text/html"),
            ("application/pdf name=x", "application/pdf"),
        ])
    func types(_ value: String, _ type: String) { #expect(ContentType(parsing: Array(value.utf8)).mediaType == type) }

    @Test(
        "Parameters",
        arguments: [
            ("x/y; name=a", "a"), ("x/y; NAME = \"a b\" ", "a b"), ("x/y; name=\"a\\\"b\\\\c\"", "a\"b\\c"),
            ("x/y;;; name=a;", "a"),
            ("x/y; name=a b.txt; z=1", "a b.txt"), ("x/y; name=a (comment)", "a"),
            ("x/y; (comment) name (c) = (c) \"a\" (c)", "a"),
            ("x/y; name=a; name=b", "a"), ("x/y; name=\"open", "open"), ("x/y; junk; name=a", "a"),
            ("x/y; name=a(1).pdf", "a(1).pdf"),
            ("x/y; z=1 name=a", "a"), ("x/y name=a", "a"), ("x/y; name=\"a;b\"", "a;b"), ("x/y; name=", ""),
            ("x/y; name=\"a\"junk; z=2", "a"),
            // RFC 2231.
            ("x/y; name*=utf-8'en'caf%C3%A9", "café"), ("x/y; name*=iso-8859-1''caf%E9", "café"),
            ("x/y; name*0=a; name*1=b", "ab"),
            ("x/y; name*1=b; name*0=a", "ab"), ("x/y; name*0*=utf-8''caf%C3; name*1*=%A9; name*2=\" %41\"", "café %41"),
            ("x/y; name=plain; name*=utf-8''caf%C3%A9", "café"), ("x/y; name*=caf%C3%A9", "café"),
            ("x/y; name*0=a; name*2=c", "a"),
            ("x/y; name*=klingon''caf%C3%A9", "café"), ("x/y; name*=utf-8''%zz%4", "%zz%4"),
            // RFC 2047 where it must not be.
            ("x/y; name=\"=?utf-8?Q?caf=C3=A9?=\"", "café"), ("x/y; name==?utf-8?Q?caf=C3=A9?=", "café"),
            ("x/y; name=\"=?utf-8?Q?caf?=\t=?utf-8?Q?=C3=A9?=\"", "café"),
        ])
    func parameters(_ value: String, _ name: String) {
        #expect(ContentType(parsing: Array(value.utf8)).parameters["name"] == name)
    }

    @Test(
        "Names of files have no path and nothing that hides",
        arguments: [
            ("a.pdf", "a.pdf"), ("/etc/passwd", "passwd"), ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\dir\\new file.doc", "new file.doc"), ("..", nil), ("/", nil),
            ("", nil), ("a\u{0}b\u{1B}.txt", "ab.txt"), ("evil\u{202E}fdp.exe", "evilfdp.exe"), (" a ", "a"),
            (String(repeating: "é", count: 300) + ".pdf", String(repeating: "é", count: 98) + ".pdf"),
        ] as [(String, String?)])
    func filenames(_ given: String, _ name: String?) {
        let quoted = given.replacingOccurrences(of: "\"", with: "")
        #expect(ContentDisposition(parsing: Array("attachment; filename=\"\(quoted)\"".utf8))?.filename == name)
        let part = MIMEPart(section: "1", contentType: ContentType(parameters: ["name": given]))
        #expect(part.filename == name)
    }

    @Test("Dispositions")
    func dispositions() {
        func read(_ text: String) -> ContentDisposition? { ContentDisposition(parsing: Array(text.utf8)) }
        #expect(read("inline") == ContentDisposition(isAttachment: false))
        #expect(read("INLINE; filename=a") == ContentDisposition(isAttachment: false, filename: "a"))
        #expect(read("attachment") == ContentDisposition(isAttachment: true))
        #expect(read("x-unknown; filename=\"a\"") == ContentDisposition(isAttachment: true, filename: "a"))
        #expect(read("filename=\"a\"") == ContentDisposition(isAttachment: true, filename: "a"))
        #expect(read("") == nil)
        let long = read(
            "attachment; filename*0*=utf-8''%E2%82; filename*1*=%AC; filename*2=\".pdf\"; filename=\"x.pdf\"")
        #expect(long?.filename == "€.pdf")
    }
}
