import MIME
import Testing

@Suite("Transfer encodings")
struct TransferEncodingTests {
    private func decode(_ text: String, _ encoding: TransferEncoding, limit: Int = .max) -> String {
        let part = MIMEPart(section: "1", encoding: encoding, content: Array(text.utf8)[...])
        return String(decoding: part.decodedContent(limit: limit), as: UTF8.self)
    }

    @Test(
        "base64, however it comes",
        arguments: [
            ("SGVsbG8=", "Hello"), ("SGVsbG8", "Hello"), ("SGVs\r\nbG8=\r\n", "Hello"), ("S G*V!s\nb G 8", "Hello"),
            ("", ""), ("=", ""),
            ("S", ""), ("SG", "H"), ("SGU", "He"), ("====SGVs", "Hel"), ("SGVsbA==\r\n-- \r\nlist footer", "Hell"),
            ("\u{0}SGVsbG8=", "Hello"),
        ])
    func base64(_ encoded: String, _ text: String) { #expect(decode(encoded, .base64) == text) }

    @Test(
        "quoted-printable, however it comes",
        arguments: [
            ("a=3Db", "a=b"), ("a=3db", "a=b"), ("a=\r\nb", "ab"), ("a=\nb", "ab"), ("a=  \t\r\nb", "ab"),
            ("a  \r\nb\t\n", "a\r\nb\n"),
            ("a=20 \r\nb", "a \r\nb"), ("a=", "a"), ("a=X", "a=X"), ("a=4", "a=4"), ("100% = all", "100% = all"),
            ("a=\r", "a"),
            ("caf=C3=A9", "café"), ("a   ", "a"),
        ])
    func quotedPrintable(_ encoded: String, _ text: String) { #expect(decode(encoded, .quotedPrintable) == text) }

    @Test("What uuencode wrote is read")
    func uuencode() {
        #expect(decode("begin 644 a.txt\n#0V%T\n`\nend\n", TransferEncoding(named: "x-uuencode")) == "Cat")
        #expect(
            decode("text before\r\nbegin 644 a\r\n%:&5L;&\\\r\nend\r\n", TransferEncoding(named: "uuencode")) == "hello"
        )
    }

    @Test("No more is decoded than was asked for", arguments: 0...12)
    func limit(_ limit: Int) {
        #expect(decode("SGVsbG8sIHdvcmxk", .base64, limit: limit) == String("Hello, world".prefix(limit)))
        #expect(decode("Hello,=20world", .quotedPrintable, limit: limit) == String("Hello, world".prefix(limit)))
        #expect(decode("Hello, world", .identity, limit: limit) == String("Hello, world".prefix(limit)))
    }

    @Test("Encodings are known by their names and by what people write")
    func names() {
        for name in ["7bit", "8BIT", " binary ", "", "7-bit"] { #expect(TransferEncoding(named: name) == .identity) }
        for name in ["BASE64", "base64 (standard)", "\"base64\"", "base64;", "b64"] {
            #expect(TransferEncoding(named: name) == .base64)
        }
        #expect(TransferEncoding(named: "Quoted-Printable") == .quotedPrintable)
        #expect(TransferEncoding(named: "x-rot13") == .unknown("x-rot13"))
        let part = MIMEPart(section: "1", encoding: .unknown("x-rot13"), content: Array("Uryyb".utf8)[...])
        #expect(part.decodedText().problem?.contains("x-rot13") == true)
    }
}
