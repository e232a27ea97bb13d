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

    @Test func plainNotesLoseOnlyTheBlanksAtTheirEnds() {
        #expect(" \n one\n\ttwo \n".cleaned(keepingLines: true) == "one\n\ttwo")
        #expect(" one\ntwo ".cleaned() == "one two")
        #expect("\u{A0}one\u{A0}".cleaned() == "one")
    }

    @Test(arguments: [
        ("  Dear Ann,\r\n\r\n  thank\tyou ", "Dear Ann, thank you"), ("Zoë\u{A0}\u{2003}Lee", "Zoë Lee"),
        ("\u{200B}A\u{202E}nn", "Ann"), ("", ""), (" \n ", ""), ("abcdefghij klmnopqrstu", "abcdefghij klmnopqrs"),
        ("abcdefghijklmnopqrs tuv", "abcdefghijklmnopqrs"), ("❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤", "❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤❤"),
    ])
    func aBeginningIsOneLine(text: String, expected: String) {
        #expect(text.beginning(upTo: 20) == expected)
    }

    @Test(arguments: [
        ("ab", 2, "ab"), ("abc", 2, "ab"), ("a\"bc", 3, "a\""), ("a\"bc", 2, "a"), ("a\nb", 7, "a\n"), ("a\nb", 6, "a"),
        ("aé", 2, "a"), ("aé", 3, "aé"), ("😀", 3, ""), ("abc", -1, ""),
    ])
    func aPrefixIsMeasuredAsJSON(text: String, limit: Int, expected: String) {
        #expect(text.prefix(jsonOctets: limit) == expected)
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
