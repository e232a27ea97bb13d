import MIME
import Testing

@Suite("Charsets")
struct CharsetTests {
    static func part(_ octets: [UInt8], charset: String?) -> MIMEPart {
        let parameters = charset.map { ["charset": $0] } ?? [:]
        return MIMEPart(
            section: "1", contentType: ContentType(parameters: parameters), content: octets[...], size: octets.count)
    }

    @Test(
        "Octets become text",
        arguments: [
            ([0x93, 0x61, 0x94, 0x80], "iso-8859-1", "“a”€"), ([0xE9], "US-ASCII", "é"),
            ([0xC3, 0xA9], "us-ascii", "é"),
            ([0xA4], "ISO-8859-15", "€"), ([0xD0, 0xD2], "koi8-r", "пр"), ([0xCF, 0xF0], "Windows-1251", "Пр"),
            ([0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x1B, 0x28, 0x42], "ISO-2022-JP", "日本"),
            ([0x93, 0xFA, 0x96, 0x7B], "Shift_JIS", "日本"), ([0xC6, 0xFC, 0xCB, 0xDC], "euc-jp", "日本"),
            ([0xA4, 0xA4, 0xA4, 0xE5], "big5", "中文"), ([0xD6, 0xD0, 0xCE, 0xC4], "gbk", "中文"),
            ([0x95, 0x32, 0x82, 0x36], "gb18030", "𠀀"), ([0xC7, 0xD1], "ks_c_5601-1987", "한"),
            ([0xB0, 0xA1], "EUC-KR", "가"),
            ([0x2B, 0x49, 0x4B, 0x77, 0x2D], "utf-7", "€"), ([0x41, 0x00, 0xAC, 0x20], "utf-16le", "A€"),
            ([0xFE, 0xFF, 0x00, 0x41], "utf-16", "A"), ([0x8E], "macintosh", "é"), ([0xA1], "tis-620", "ก"),
            ([0xEF, 0xBB, 0xBF, 0x41], "utf-8", "A"), ([0x61, 0xFF, 0x62], "utf-8", "a\u{FFFD}b"),
            ([0x93, 0xFA, 0x96], "shift_jis", "日\u{FFFD}"), ([0x61, 0x00, 0x62], "utf-8", "a\u{0}b"),
            ([0xC4], "\"latin1\"", "Ä"),
            ([0xD0], "iso-8859-9", "Ğ"), ([0xE1], "iso-8859-7", "α"), ([0xB1], "ISO_8859-2", "ą"),
            ([0xE0], "windows-1255", "א"),
        ] as [([UInt8], String, String)])
    func octets(_ octets: [UInt8], _ label: String, _ text: String) {
        let decoded = Self.part(octets, charset: label).decodedText()
        #expect(decoded.text == text)
        #expect(decoded.problem == nil)
    }

    @Test(
        "A label that nobody knows is said, and the text is guessed",
        arguments: ["x-klingon", "UTF-8//TRANSLIT", "../../etc/passwd"])
    func unknown(label: String) {
        #expect(Self.part([0xC3, 0xA9], charset: label).decodedText().text == "é")
        #expect(Self.part([0xE9], charset: label).decodedText().text == "é")
        #expect(Self.part([0xE9], charset: label).decodedText().problem?.contains(label) == true)
        // Nothing had to be guessed.
        #expect(Self.part([0x61], charset: label).decodedText().problem == nil)
        #expect(Self.part([0xC3, 0xA9], charset: nil).decodedText() == ("é", nil))
    }

    @Test("Text that is cut ends with a whole character and says so")
    func cut() {
        let euros = Self.part(Array("€€€".utf8), charset: "utf-8").decodedText(limit: 7)
        #expect(euros.text == "€€")
        #expect(euros.problem?.contains("7 octets") == true)
        #expect(Self.part([0x93, 0xFA, 0x96, 0x7B], charset: "shift_jis").decodedText(limit: 3).text == "日")
        #expect(Self.part(Array("abc".utf8), charset: "utf-8").decodedText(limit: 3) == ("abc", nil))
        #expect(Self.part(Array("abc".utf8), charset: "utf-8").decodedText(limit: -1).text == "")
    }

    @Test(
        "Wrong octets, each by itself, and the conversion goes on",
        arguments: [
            "shift_jis", "euc-jp", "gb18030", "big5", "euc-kr", "iso-2022-jp", "utf-7", "utf-16", "iso-2022-kr",
            "windows-1253",
        ])
    func garbage(label: String) {
        for octet in 0...255 as ClosedRange<UInt8> {
            let octets = [0x41, octet, octet ^ 0x5A, 0xFF, octet, 0x42, 0x43]
            _ = Self.part(octets, charset: label).decodedText()
        }
        let text = Self.part([UInt8](repeating: 0xFF, count: 100_000) + [0x41, 0x41], charset: label).decodedText().text
        #expect(text.unicodeScalars.count <= 300_000)
    }
}
