import Testing

@testable import MIME

@Suite("Flowed text")
struct FlowedTextTests {
    @Test(
        "Lines that were flowed are one paragraph again",
        arguments: [
            ("a \nb\nc", false, "a b\nc"),
            ("a \nb", true, "ab"),
            ("a \n\nb", false, "a\n\nb"),
            (" stuffed\n  two\n >no quote", false, "stuffed\n two\n>no quote"),
            ("> a \n> b\n>> c \n>> d\ne", false, "> a b\n>> c d\ne"),
            ("> a \nb", false, "> a\nb"),
            ("a \n-- \nBob", false, "a\n-- \nBob"),
            ("> a \n> -- \n> Bob", false, "> a\n> -- \n> Bob"),
            (">\n> a", false, ">\n> a"),
            ("a \n", false, "a\n"),
            ("", false, ""),
            ("a", true, "a"),
        ])
    func unflowed(_ text: String, _ deletesSpace: Bool, _ expected: String) {
        #expect(FlowedText.unflowed(text, deletesSpace: deletesSpace) == expected)
    }

    @Test("Each kind of line end becomes a line feed")
    func lineEnds() { #expect("a\r\nb\rc\nd\r\n\r\ne".withLineFeeds == "a\nb\nc\nd\n\ne") }
}
