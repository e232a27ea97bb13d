import Testing

@testable import AtlasCore

/// Ids of events at Google.
@Suite struct GoogleEventIDTests {
    @Test(
        "An id made of a UID is one that Google takes, and tells the UID again",
        arguments: [
            "0190a0c1-7a00-7000-8000-00000000000a", "0190a0c1-7a00-7000-8000-00000000000a@atlas",
            "appointment-0190a0c1-7a00-7000-8000-00000000000a@atlas", "0190A0C1-7A00-7000-8000-00000000000A", "x",
            "~!#$%&'*+", "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c", "0123v", "0123w",
            "040000008200E00074C5B7101A82E008", String(repeating: "u", count: 600),
        ])
    func madeOfUID(uid: String) throws {
        let raw = try #require(GoogleEventID.made(from: uid))
        #expect((5...1024).contains(raw.utf8.count))
        #expect(raw.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x76).contains($0) })
        #expect(GoogleEventID.uid(of: raw) == uid)
        #expect(GoogleEventID.uid(of: raw + "_20261124T150000Z") == uid)
        #expect(GoogleEventID.raw(GoogleEventID.shown(raw)) == raw)
    }

    @Test("Different UIDs make different ids")
    func different() {
        let uids = [
            "a", "b", "A", "aa", "a\u{1}", "0190a0c1-7a00-7000-8000-00000000000a",
            "0190A0C1-7A00-7000-8000-00000000000A",
        ]
        #expect(Set(uids.compactMap(GoogleEventID.made)).count == uids.count)
    }

    @Test("A UID that is too long makes none", arguments: ["", String(repeating: "U", count: 700)])
    func tooLong(uid: String) { #expect(GoogleEventID.made(from: uid) == nil) }

    @Test(
        "An id that Google made tells no UID",
        arguments: [
            "theirs00001", "7g2ttk0gafmb2mgv5sp4c3m9ts", "atlas0", "atlas0zz", "atlas1!", "atlas1v", "atlas2",
            "atlas2W", "atlas", "",
        ])
    func theirs(raw: String) { #expect(GoogleEventID.uid(of: raw) == nil) }

    @Test(
        "What is no id never becomes part of a URL",
        arguments: [
            "o.", "o...", "o.a/b", "o.a?b", "o.a%2Fb", "o.\u{E9}", "g.abc", "abc", "", "o.a b",
            "o." + String(repeating: "a", count: 1200),
        ])
    func noID(id: String) { #expect(GoogleEventID.raw(id) == nil) }
}
