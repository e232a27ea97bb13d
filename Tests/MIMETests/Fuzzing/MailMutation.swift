/// Breaks messages, always the same way for the same seed.
struct MailMutation {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64.
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    private mutating func below(_ bound: Int) -> Int { bound <= 0 ? 0 : Int(next() % UInt64(bound)) }

    /// One of the seeds with one to twelve changes.
    mutating func mutate(_ seeds: [[UInt8]]) -> [UInt8] {
        var octets = seeds[below(seeds.count)]
        for _ in 0...below(12) {
            let place = below(octets.count + 1)
            let end = min(octets.count, place + below(64))
            switch below(9) {
            case 0 where place < octets.count: octets[place] = UInt8(truncatingIfNeeded: next())
            case 1: octets.removeSubrange(place..<end)
            case 2: octets.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place)
            case 3: octets.insert(contentsOf: octets[place..<end], at: below(octets.count + 1))
            case 4: octets.removeSubrange(place...)
            case 5:
                let other = seeds[below(seeds.count)]
                let start = below(other.count)
                octets.insert(contentsOf: other[start..<min(other.count, start + below(400))], at: place)
            case 6:
                for _ in 0...below(30) { octets.insert(contentsOf: Self.pieces[below(Self.pieces.count)], at: place) }
            case 7: octets.replaceSubrange(place..<end, with: Self.pieces[below(Self.pieces.count)])
            default: break
            }
            if octets.count > 60_000 { octets.removeSubrange(60_000...) }
        }
        return octets
    }

    /// What means something to a reader of mail.
    private static let pieces: [[UInt8]] =
        [
            "\r\n", "\n", "\r", "\r\n\r\n", "\n\n", "--", "--a", "--a--", "--b\r\n", "\"", "\\", "(", ")", "<", ">",
            "@", ",", ";", ":", "=", "=?", "?=", "?",
            "=?utf-8?B?", "=?utf-8?Q?=E2=82=AC?=", "=?iso-2022-jp?B?GyRC?=", "=?gb18030?Q?=81=30?=", "=?utf-7?Q?+?=",
            "=?utf-16?B?2AA=?=", "=?x?q?", " ", "\t",
            "Content-Type: ", "Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n",
            "Content-Type: message/rfc822\r\n\r\n",
            "Content-Type: multipart/digest; boundary=b\n\n--b\n", "Content-Transfer-Encoding: base64\r\n",
            "Content-Transfer-Encoding: quoted-printable\n",
            "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\nM", "; charset=utf-7", "; charset=iso-2022-jp",
            "; charset=big5", "; charset=utf-16", "; charset=gb18030",
            "; name*0*=utf-8''%E2", "; name*1*=%82", "; name*99999=x", "; filename=\"../a\"", "; filename*=x'y'%",
            "From ", "From: ", "To: a:b:c:<@d,@e:f@g>", "Date: ",
            "31 Feb 2020 25:61:61 +9999", "Mon, 1 Jan 99 00:00 EST", "References: <a@b> <", "9999999999999999999999",
            "\u{0}", "é", "\u{FEFF}", "\u{202E}", "-",
        ].map { Array($0.utf8) } + [[0xFF], [0x80, 0xC3], [0x1B, 0x24, 0x42], [0x8F, 0xA2], [0xF0, 0x90]]

    /// Seeds that have what CPython's corpus has not.
    static let ownSeeds: [[UInt8]] = [
        Array(StructureTests.nested.utf8),
        Array(
            """
            From: =?utf-8?Q?Lee,_Ann?= <ann@example.com>, "B \\"C\\"" <b@x.test> (d (e))\r
            To: Group: a@b.c, <@r,@s:d@e.f>; "g h"@i.j\r
            Subject: =?utf-8?B?w6Q=?= =?utf-8?B?4oI=?= =?UTF-8?B?rA==?= x =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r
            Date: Fri, 21 Nov 1997 09:55:06 -0600 (CST)\r
            References: <1@x> <2@x>\r
            Content-Type: multipart/mixed; boundary="a"\r
            \r
            --a\r
            Content-Type: text/plain; charset=iso-2022-jp\r
            Content-Transfer-Encoding: base64\r
            \r
            GyRCRnxLXBsoQg==\r
            --a\r
            Content-Type: text/html; charset="gb18030"; name*0*=utf-8''%E2%82; name*1*=%AC; name*2=".html"\r
            Content-Disposition: attachment; filename="=?utf-8?Q?caf=C3=A9?=.html"\r
            Content-Transfer-Encoding: quoted-printable\r
            \r
            =D6=D0=\r
            =CE=C4=81=30=\r
            --a\r
            Content-Type: application/x-stuff\r
            Content-Transfer-Encoding: x-uuencode\r
            \r
            begin 644 a.txt\r
            #0V%T\r
            `\r
            end\r
            --a--\r

            """.utf8),
        [],
    ]
}
