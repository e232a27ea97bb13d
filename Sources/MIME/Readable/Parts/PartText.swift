/// The text of one part, and what of it is new.
struct PartText {
    var text: String
    var newText: String
    var source: ReadableText.Source
    var problems: [String] = []

    var isBlank: Bool { text.utf8.allSatisfy(\.isSpace) }

    /// - Parameter part: of text; its content is there.
    init(_ part: MIMEPart, limit: Int) {
        let (decoded, problem) = part.decodedText()
        problems = problem.map { [$0] } ?? []
        switch part.contentType.subtype {
        case "html":
            let reading = HTMLText.read(decoded, limit: limit)
            text = reading.text
            newText = QuotedHistory.newText(of: text, mark: reading.history)
            source = .html
            problems += reading.problems
        case "enriched", "richtext":
            text = HTMLText.read(EnrichedText.html(of: decoded), limit: limit).text
            newText = QuotedHistory.newText(of: text)
            source = .plain
        default:
            let parameters = part.contentType.parameters
            text = decoded.withLineFeeds
            if parameters["format"]?.lowercased() == "flowed" {
                text = FlowedText.unflowed(text, deletesSpace: parameters["delsp"]?.lowercased() == "yes")
            }
            text = text.withoutBlankEnds
            newText = QuotedHistory.newText(of: text)
            source = .plain
            if text.hasPrefix("-----BEGIN PGP MESSAGE-----") {
                problems.append("The text is encrypted (OpenPGP) and cannot be read here.")
            }
        }
    }
}

extension PartText {
    /// Whether a plain text only stands in for the HTML beside it.
    func isStub(for html: @autoclosure () -> PartText?) -> Bool {
        if isBlank { return true }
        if text.utf8.count > 1000 { return false }
        let lowered = text.lowercased()
        let isMarkup =
            lowered.hasPrefix("<!doctype") || lowered.hasPrefix("<html") || lowered.contains("</p>")
            || lowered.contains("</div>")
        let hasPhrase = Self.phrases.contains { lowered.contains($0) }
        guard isMarkup || hasPhrase || text.utf8.count < 250, let html = html(), !html.isBlank else { return false }
        return isMarkup || (hasPhrase && html.text.utf8.count > text.utf8.count)
            || html.text.utf8.count > 6 * text.utf8.count + 200
    }

    private static let phrases = [
        "view this email in", "view in browser", "view online", "view it in your browser", "read this email in",
        "html version",
        "does not support html", "doesn't support html", "cannot display html", "can't display html", "html-enabled",
        "html enabled",
        "html-capable", "switch to html", "enable html", "in html format", "html e-mail", "unterstützt kein html",
        "im browser",
        "ne supporte pas le html", "dans votre navigateur", "en su navegador", "nel browser", "in uw browser",
    ]
}

/// text/enriched (RFC 1896), near enough to HTML to be read as such.
enum EnrichedText {
    static func html(of text: String) -> String {
        var html = ""
        var newlines = 0
        for character in text.withLineFeeds {
            if character == "\n" {
                newlines += 1
                // One line end is a blank, n are n − 1.
                html += newlines == 1 ? "\n" : "<br>"
            } else {
                newlines = 0
                html += character == "&" ? "&amp;" : String(character)
            }
        }
        return html.replacing("<<", with: "&lt;").replacing("<param>", with: "<title>").replacing(
            "</param>", with: "</title>"
        )
        .replacing("<excerpt>", with: "<blockquote>").replacing("</excerpt>", with: "</blockquote>")
    }
}

extension String {
    /// Without blank lines at its beginning and blanks at its end.
    var withoutBlankEnds: String {
        let octets = utf8
        guard let first = octets.firstIndex(where: { !$0.isSpace }), let last = octets.lastIndex(where: { !$0.isSpace })
        else { return "" }
        // A first line may be indented.
        let start = octets[..<first].lastIndex(of: 0x0A).map { octets.index(after: $0) } ?? octets.startIndex
        return String(self[start...last])
    }
}
