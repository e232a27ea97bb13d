import Foundation
import Testing

@testable import MIME

@Suite("HTML that is made to harm")
struct HTMLLimitTests {
    static let floods: [(name: String, piece: String, count: Int)] = [
        ("divs in divs", "<div>", 20_000), ("ends", "</div>", 60_000), ("bold and no end of another", "<b></i>", 40_000),
        ("tables in tables", "<table><tr><td>a", 10_000), ("quotes in quotes", "<blockquote>a", 10_000), ("lists in lists", "<ul><li>a", 10_000),
        ("quotes in a row", "<blockquote type=cite>a</blockquote>b", 6_000), ("cells", "<td>a", 40_000), ("links", "<a href=http://a.b/>a", 10_000),
        ("titles", "<title/>", 40_000), ("comments", "<!--", 60_000), ("opening brackets", "<", 100_000), ("attributes", "<a a=\"", 40_000),
        ("entities", "&amp;&#0;&#x110000;&#99999999999;", 10_000), ("styles", "<style>a{b:c}", 20_000), ("braces", "<style>{{{}", 20_000),
        ("line breaks", "<br>", 60_000), ("empty paragraphs", "<p>&nbsp;", 20_000), ("numbers", "<ol start=9223372036854775807><li>a<li>b</ol>", 4_000),
    ]

    @Test("Floods of markup end in time", arguments: floods)
    func flood(_ name: String, _ piece: String, _ count: Int) {
        let html = String(repeating: piece, count: count)
        let clock = ContinuousClock()
        let start = clock.now
        let reading = HTMLText.read(html)
        // Debug builds on busy machines: what is quadratic takes minutes.
        #expect(clock.now - start < .seconds(30), "\(name)")
        #expect(reading.text.utf8.count <= 2 << 20)
    }

    @Test("What is nested too deeply is read down to there, and that is said")
    func depth() {
        let reading = HTMLText.read("<p>top</p>" + String(repeating: "<div>", count: 2000) + "deep")
        #expect(reading.text == "top")
        #expect(reading.problems == ["The HTML is nested too deeply to be read to its end."])
        #expect(HTMLText.text(fromHTML: String(repeating: "<div>", count: 300) + "deep") == "deep")
    }

    @Test("Text over the limit is cut before a line, and that is said")
    func limit() {
        let reading = HTMLText.read(String(repeating: "<p>äöü</p>", count: 1000), limit: 100)
        #expect(reading.text.utf8.count <= 100)
        #expect(reading.text.hasSuffix("äöü"))
        #expect(reading.problems == ["The text was cut at 100 octets."])
    }

    @Test("Nothing random stops it, and no markup comes out of it as such")
    func random() {
        let seconds = ProcessInfo.processInfo.environment["ATLAS_FUZZ_SECONDS"].flatMap { Double($0) } ?? 3
        let pieces = [
            "<", ">", "</", "/>", "<!--", "-->", "<![", "]]>", "\"", "'", "=", "&", "&#", ";", "&amp;", "<p", "<div style=\"", "display:none", "</p>",
            "<a href=", "https://a.b/", "<table>", "<tr>", "<td>", "<li>", "<ul>", "<ol>", "<blockquote type=cite>", "</blockquote>", "<pre>",
            "<style>", "</style>", ".x{", "}", "@media", "/*", "*/", "\\", "rgb(", ")", "#fff", "font-size:", "-9999px", "1e9", "%", "<script>",
            "</script>", "<title", "<img alt=", "<br>", "<hr>", "\n", "\r", " ", "\u{0}", "\u{A0}", "é", "😀", "\u{202E}", "text", "SECRET", "x=y",
            "<html>", "<body>", "</body>", "<svg>", "<o:p>", "class=gmail_quote", "id=appendonsend", "hidden",
        ]
        var state: UInt64 = 20_260_302
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let clock = ContinuousClock()
        let end = clock.now + .seconds(seconds)
        var count = 0
        while clock.now < end {
            var html = ""
            for _ in 0..<(1 + next(120)) { html += pieces[next(pieces.count)] }
            let visible = HTMLText.read(html, limit: 1 + next(4000))
            let hidden = HTMLText.text(fromHTML: "<div style='display:none'>" + html.replacing("</", with: "<") + "</div>")
            _ = HTMLText.read(html, hasParser: false)
            count += 1
            guard visible.text.utf8.count <= 4000, visible.history.map({ $0 <= visible.text.utf8.count }) ?? true else {
                Issue.record("\(html.debugDescription)")
                return
            }
            // Only tags that close the outer element could bring it to light, and there are none.
            if hidden.contains("SECRET"), !html.contains("body"), !html.contains("html") {
                Issue.record("hidden text was read: \(html.debugDescription)")
                return
            }
        }
        #expect(count > 10)
    }
}
