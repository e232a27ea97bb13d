/// How the octets of a text stand for characters.
///
/// Labels come from strangers, so none of them ever reaches `iconv_open`: a label picks one of these, or nothing.
package enum Charset: Equatable, Sendable {
    case utf8
    /// windows-1252, which is also what those mean who write iso-8859-1: its octets 80 to 9F are letters there, and controls here.
    case windows1252
    /// us-ascii, which people also write over octets that are not.
    case ascii
    /// One of iconv's, by iconv's name.
    case iconv(StaticName, asciiCompatible: Bool)

    /// A name that stands in this file, and nowhere else.
    package struct StaticName: Equatable, Sendable {
        package let text: String
        fileprivate init(_ text: String) { self.text = text }
    }

    /// The charset that a label of a header names; nil where no such charset is known here.
    package init?(label: some StringProtocol) {
        var name: [UInt8] = []
        for octet in label.utf8.prefix(64)
        where !octet.isBlank && octet != UInt8(ascii: "\"") && octet != UInt8(ascii: "'") {
            name.append(octet == UInt8(ascii: "_") ? UInt8(ascii: "-") : octet.lowercased)
        }
        guard let known = Charset.known[String(decoding: name, as: UTF8.self)] else { return nil }
        self = known
    }

    /// Whether octets below 80 always stand for ASCII, so that a text without others needs no conversion.
    var isASCIICompatible: Bool {
        if case .iconv(_, let compatible) = self { return compatible }
        return true
    }

    private static let known: [String: Charset] = {
        var known: [String: Charset] = [:]
        for label in ["utf-8", "utf8", "unicode-1-1-utf-8", "x-unicode20utf8", "utf-8-sig", "utf8mb4"] {
            known[label] = .utf8
        }
        for label in ["us-ascii", "ascii", "ansi-x3.4-1968", "iso646-us", "646", "us", "cp367", "ibm367", "iso-ir-6"] {
            known[label] = .ascii
        }
        for label in [
            "windows-1252", "cp1252", "x-cp1252", "ansi", "iso-8859-1", "iso8859-1", "iso88591", "iso-ir-100",
            "iso-8859-1:1987",
            "latin1", "latin-1", "l1", "cp819", "ibm819",
        ] {
            known[label] = .windows1252
        }
        for line in table {
            for label in line.labels.split(separator: " ") {
                known[String(label)] = .iconv(StaticName(line.name), asciiCompatible: line.asciiCompatible)
            }
        }
        return known
    }()

    /// The names of iconv with the labels that mean them (WHATWG's Encoding Standard, and what mail programs write). Where a
    /// charset has grown, its largest is taken: gb2312 is read as GB18030, as every browser does.
    private static let table: [(name: String, labels: String, asciiCompatible: Bool)] = [
        ("ISO-8859-2", "iso-8859-2 iso8859-2 iso88592 latin2 latin-2 l2 iso-ir-101 csisolatin2", true),
        ("ISO-8859-3", "iso-8859-3 iso8859-3 iso88593 latin3 latin-3 l3", true),
        ("ISO-8859-4", "iso-8859-4 iso8859-4 iso88594 latin4 latin-4 l4", true),
        ("ISO-8859-5", "iso-8859-5 iso8859-5 iso88595 cyrillic csisolatincyrillic", true),
        ("ISO-8859-6", "iso-8859-6 iso8859-6 iso88596 iso-8859-6-e iso-8859-6-i arabic asmo-708 ecma-114", true),
        ("ISO-8859-7", "iso-8859-7 iso8859-7 iso88597 greek greek8 ecma-118 elot-928", true),
        ("ISO-8859-8", "iso-8859-8 iso8859-8 iso88598 iso-8859-8-i iso-8859-8-e hebrew logical visual", true),
        ("ISO-8859-10", "iso-8859-10 iso8859-10 iso885910 latin6 latin-6 l6", true),
        ("ISO-8859-13", "iso-8859-13 iso8859-13 iso885913 latin7 latin-7", true),
        ("ISO-8859-14", "iso-8859-14 iso8859-14 iso885914 latin8 latin-8", true),
        ("ISO-8859-15", "iso-8859-15 iso8859-15 iso885915 latin9 latin-9 l9 csisolatin9", true),
        ("ISO-8859-16", "iso-8859-16 iso8859-16 iso885916 latin10 latin-10", true),
        ("CP874", "windows-874 cp874 dos-874 tis-620 tis620 iso-8859-11 iso8859-11 iso885911", true),
        ("CP1250", "windows-1250 cp1250 x-cp1250", true),
        ("CP1251", "windows-1251 cp1251 x-cp1251 win-1251", true),
        ("CP1253", "windows-1253 cp1253 x-cp1253", true),
        ("CP1254", "windows-1254 cp1254 x-cp1254 iso-8859-9 iso8859-9 iso88599 latin5 latin-5 l5 csisolatin5", true),
        ("CP1255", "windows-1255 cp1255 x-cp1255", true),
        ("CP1256", "windows-1256 cp1256 x-cp1256", true),
        ("CP1257", "windows-1257 cp1257 x-cp1257", true),
        ("CP1258", "windows-1258 cp1258 x-cp1258", true),
        ("CP437", "cp437 ibm437 437", true),
        ("CP850", "cp850 ibm850 850", true),
        ("CP852", "cp852 ibm852 852", true),
        ("CP866", "cp866 ibm866 866 csibm866", true),
        ("KOI8-R", "koi8-r koi8 koi cskoi8r", true),
        ("KOI8-U", "koi8-u koi8-ru", true),
        ("MACINTOSH", "macintosh mac x-mac-roman macroman mac-roman csmacintosh", true),
        (
            "GB18030",
            "gb18030 gb-18030 gb2312 gb-2312 gb-2312-80 csgb2312 euc-cn x-euc-cn gbk x-gbk cp936 ms936 chinese", true
        ),
        ("BIG5-HKSCS", "big5 big-5 big5-hkscs cn-big5 csbig5 x-x-big5 cp950 ms950", true),
        ("CP932", "shift-jis shiftjis sjis x-sjis ms-kanji csshiftjis windows-31j cp932 ms932", true),
        ("EUC-JP", "euc-jp eucjp x-euc-jp ujis", true),
        ("ISO-2022-JP", "iso-2022-jp iso2022-jp csiso2022jp cp50220 cp50221", false),
        (
            "CP949",
            "euc-kr euckr cseuckr ks-c-5601-1987 ks-c-5601-1989 ksc5601 ksc-5601 korean cp949 ms949 windows-949 uhc",
            true
        ),
        ("ISO-2022-KR", "iso-2022-kr csiso2022kr", false),
        ("UTF-7", "utf-7 utf7 unicode-1-1-utf-7 x-unicode20utf7", false),
        ("UTF-16LE", "utf-16le utf16le", false),
        ("UTF-16BE", "utf-16be utf16be", false),
        ("UTF-16", "utf-16 utf16 unicode ucs-2 iso-10646-ucs-2", false),
    ]
}
