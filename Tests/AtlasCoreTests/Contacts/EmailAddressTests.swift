import Testing

@testable import AtlasCore

@Suite struct EmailAddressTests {
    @Test(arguments: [
        ("Ann@Example.COM", "ann@example.com"), ("  ann@example.com\n", "ann@example.com"),
        ("\u{FEFF}ann@exa\u{200B}mple.com", "ann@example.com"),
        ("ann.o'neil+spam@mail.example.co.uk", "ann.o'neil+spam@mail.example.co.uk"),
        ("root@localhost", "root@localhost"), ("JÖRG@müller.de", "jörg@müller.de"),
    ])
    func spellingsAreTrimmedAndLowered(text: String, expected: String) {
        #expect(EmailAddress(text)?.text == expected)
    }

    @Test(arguments: [
        "", "n/a", "ann", "ann@", "@example.com", "ann@example", "ann@@example.com", "ann@example..com", "ann@.com",
        "a b@example.com",
        "ann@exam ple.com", "Ann <ann@example.com>", "ann@example.com, bob@example.com", "ann@-example.com",
        "mailto:ann@example.com",
        "ann@[127.0.0.1]", "\"a\"@example.com", "ann@example.com\r\nBcc: x@y.z",
    ])
    func whatIsNoAddressIsRefused(text: String) {
        #expect(EmailAddress(text) == nil)
    }

    @Test func anAddressHasAtMost254Octets() {
        let label = String(repeating: "b", count: 63)
        let domain = [label, label, label].joined(separator: ".")
        #expect(EmailAddress(String(repeating: "a", count: 62) + "@" + domain) != nil)
        #expect(EmailAddress(String(repeating: "a", count: 63) + "@" + domain) == nil)
    }
}
