import MIME

/// What people write under an event: at Google it is text, or HTML where somebody made a word bold.
enum EventDescription {
    /// As a person reads it, cleaned.
    static func plain(_ text: String) -> String {
        guard isHTML(text) else { return EscapedText.plain(text).cleaned(keepingLines: true) }
        // Google's calendar shows line ends as such beside its tags, unless the tags make the lines.
        let hasLines = ["<br", "<p", "<li", "<div", "<tr"].contains { text.lowercased().contains($0) }
        let html = hasLines ? text : text.replacing("\n", with: "<br>")
        return HTMLText.text(fromHTML: html).cleaned(keepingLines: true)
    }

    /// Text as Google is to have it. Its calendar shows tags as what they mean, and what is written there may be a customer's: a link that
    /// looks like another is shown as the letters it is made of.
    static func written(_ text: String) -> String {
        guard isHTML(text) else { return text }
        return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }

    /// Whether there is a tag in it of those that Google's editor and mail programs write; `5 < 6` and `<ann@example.com>` are none.
    private static func isHTML(_ text: String) -> Bool {
        var rest = text.utf8[...]
        while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
            rest = rest[start...].dropFirst()
            var name = rest
            if name.first == UInt8(ascii: "/") { name = name.dropFirst() }
            let letters = name.prefix(10).prefix { octet in
                (0x61...0x7A).contains(octet | 0x20) || (0x30...0x39).contains(octet) || octet == UInt8(ascii: "-")
            }
            if let end = name.dropFirst(letters.count).first, [0x20, 0x09, 0x0A, 0x0D, 0x2F, 0x3E].contains(end),
                tags.contains(String(decoding: letters, as: UTF8.self).lowercased())
            {
                return true
            }
        }
        return false
    }

    private static let tags: Set<String> = [
        "a", "article", "b", "big", "blockquote", "body", "br", "button", "center", "code", "dd", "details", "div",
        "dl",
        "dt", "em", "font", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "hr", "html", "html-blob", "i",
        "iframe",
        "img", "input", "label", "li", "link", "main", "meta", "ol", "p", "pre", "s", "script", "section", "small",
        "span", "strong", "style", "sub", "sup", "svg", "table", "tbody", "td", "template", "th", "title", "tr", "u",
        "ul",
    ]
}
