import MIME
import Testing

@Suite("Encoded words")
struct EncodedWordTests {
    @Test(
        "Words become text",
        arguments: [
            ("plain", "plain"), ("=?UTF-8?Q?caf=C3=A9?=", "café"), ("=?utf-8?b?Y2Fmw6k=?=", "café"),
            ("=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=", "Keld Jørn Simonsen"), ("a =?utf-8?q?b?= c", "a b c"),
            // RFC 2047, 8: blanks between words are none of the text, and blanks beside other text are.
            ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"), ("=?ISO-8859-1?Q?a?=  \t =?UTF-8?Q?b?=", "ab"),
            ("=?ISO-8859-1?Q?a_b?=", "a b"), ("=?UTF-8?B?SGVsbG8=?= =?UTF-8?B?V29ybGQ=?=", "HelloWorld"),
            // A character cut in two.
            ("=?utf-8?B?w6Q=?= =?utf-8?B?4oI=?= =?UTF-8?B?rA==?=", "ä€"), ("=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=", "€"),
            // RFC 2231, 5: a language.
            ("=?us-ascii*en?Q?Keith?=", "Keith"), ("=?UTF-8*de?Q?=C3=A4?=", "ä"),
            ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"), ("=?windows-1251?B?z/Do4uXy?=", "Привет"),
            ("=?gb2312?B?1tDOxA==?=", "中文"), ("=?KOI8-R?B?8NLJ18XU?=", "Привет"),
            // What is broken stays readable.
            ("=?utf-8?B?Y2Fm", "=?utf-8?B?Y2Fm"), ("=?utf-8?X?a?=", "=?utf-8?X?a?="), ("=?utf-8?B?Y2Fmw6k?=", "café"),
            ("=?utf-8?B?Y2 Fm*w6k?=", "café"), ("=?klingon?Q?caf=C3=A9?=", "café"), ("=?klingon?Q?caf=E9?=", "café"),
            ("=?utf-8?Q?a b?=", "a b"), ("=?utf-8?Q?=ZZ=?=", "=ZZ="), ("=?utf-8?Q??=", ""),
            ("x=?utf-8?Q?=C3=A9?=y", "xéy"),
            ("=?utf-8?Q?=FF?=", "\u{FFFD}"), ("=?=", "=?="), ("=??=?=", "=??=?="), ("a=?b?=c", "a=?b?=c"),
        ])
    func words(_ encoded: String, _ text: String) {
        #expect(subject(Array(encoded.utf8)) == text)
    }

    @Test("Folded words are joined, and folded text keeps its blank")
    func folds() {
        #expect(header("Subject: =?utf-8?Q?a?=\r\n =?utf-8?Q?b?=\r\n").subject == "ab")
        #expect(header("Subject: one\r\n two\n\tthree\r\n").subject == "one two\tthree")
    }

    @Test("Octets without any encoding are UTF-8, or else windows-1252")
    func rawOctets() {
        #expect(subject(Array("naïve €".utf8)) == "naïve €")
        #expect(subject([0x6E, 0x61, 0xEF, 0x76, 0x65, 0x20, 0x80]) == "naïve €")
    }
}
