/// HTML from mail as plain text: what a person would see of it, and nothing that is hidden from them.
///
/// Text that is there but not shown is how newsletters fill previews, and how strangers speak to a model behind its owner's back.
public enum HTMLText {
    public static func text(fromHTML html: String) -> String { read(html).text }

    struct Reading {
        var text: String
        /// Where in the text, in octets, the region begins that mail programs mark as what the mail answers to.
        var history: Int?
        var problems: [String] = []
    }

    static let longestSource = 4 << 20

    /// - Parameter limit: octets of text at most.
    static func read(_ html: String, limit: Int = 2 << 20, hasParser: Bool = true) -> Reading {
        var html = html
        var problems: [String] = []
        let markup = html.withUTF8 { octets in
            if octets.count > longestSource { problems.append("The HTML is longer than 4 MB; the rest was not read.") }
            return HTMLMarkup(UnsafeBufferPointer(rebasing: octets.prefix(longestSource)))
        }
        var walker = HTMLWalker(sheet: StyleSheet(String(decoding: markup.styles, as: UTF8.self)), limit: limit)
        guard hasParser, HTMLReader.read(markup.tags, into: &walker) else {
            problems.append(
                "libxml2 is not installed, so the HTML was only stripped of its tags; hidden text may be in it.")
            return Reading(
                text: String(decoding: HTMLStripper.text(of: markup, limit: limit), as: UTF8.self), history: nil,
                problems: problems)
        }
        walker.finish()
        let (text, mark, isCut) = walker.flow.rendered(limit: limit, marking: walker.history.start(walker.flow))
        if walker.isTooDeep { problems.append("The HTML is nested too deeply to be read to its end.") }
        if isCut || walker.flow.octets.count > limit { problems.append("The text was cut at \(limit) octets.") }
        return Reading(text: String(decoding: text, as: UTF8.self), history: mark, problems: problems)
    }
}
