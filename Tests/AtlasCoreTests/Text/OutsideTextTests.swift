import Testing

@testable import AtlasCore

@Suite struct OutsideTextTests {
    @Test(arguments: [
        ("  Ann  Lee ", "Ann  Lee"), ("Ann\u{202E}eeL", "AnneeL"), ("A\u{200B}n\u{200D}n\u{FEFF}", "Ann"),
        ("Ann\u{0}\u{7}", "Ann"),
        ("Ann\r\nLee", "Ann Lee"), ("Ann\tLee", "Ann Lee"), ("Ann\u{E0041}\u{E0042}", "Ann"),
        ("❤\u{FE0F}\u{FE0F}\u{FE01}", "❤\u{FE0F}"),
        ("Zoë", "Zoë"), ("", ""), (" \u{200B} ", ""), ("José\u{AD}", "José"),
    ])
    func whatIsUnseenIsRemoved(text: String, expected: String) {
        #expect(text.cleaned() == expected)
    }

    @Test func notesKeepTheirLinesAndTabs() {
        #expect(
            "one\r\ntwo\rthree\n\tfour\u{2028}five\u{7F}\n".cleaned(keepingLines: true)
                == "one\ntwo\nthree\n\tfour\nfive")
    }

    @Test(arguments: [
        ("José  GARCÍA-López", "jose garcia lopez"), ("Jose\u{301} Garci\u{301}a Lo\u{301}pez", "jose garcia lopez"),
        ("O'Brien", "obrien"), ("O\u{2019}Brien", "obrien"), ("Straße", "strasse"), ("Łukasz Øster", "lukasz oster"),
        (" . ", ""),
        ("李 小龙", "李 小龙"), ("Ann, Ph.D. 3rd", "ann ph d 3rd"), ("Алёна", "алена"), ("①", "①"),
    ])
    func namesFold(text: String, expected: String) {
        #expect(text.folded == expected)
    }
}
