/// What an element does to the text.
enum HTMLElement {
    /// Stands on lines of its own.
    case block
    /// Stands on lines of its own with blank lines around.
    case paragraph
    case list(isNumbered: Bool)
    case item
    case table, row, cell
    case quote
    case preformatted
    case rule
    case lineBreak
    case link
    case image
    /// Never shown, with all that is in it.
    case unseen
    /// Part of the line it stands in.
    case inline

    init(_ name: String) { self = Self.named[name] ?? .inline }

    /// Elements with no content and no end tag.
    var isVoid: Bool {
        switch self {
        case .rule, .lineBreak, .image: true
        default: false
        }
    }

    private static let named: [String: HTMLElement] = {
        var named: [String: HTMLElement] = [
            "ul": .list(isNumbered: false), "ol": .list(isNumbered: true), "menu": .list(isNumbered: false),
            "dir": .list(isNumbered: false), "li": .item, "table": .table, "tr": .row, "td": .cell, "th": .cell,
            "blockquote": .quote, "pre": .preformatted, "hr": .rule, "br": .lineBreak, "a": .link, "img": .image,
        ]
        for name in [
            "body", "div", "section", "article", "header", "footer", "main", "nav", "aside", "address", "center",
            "form", "fieldset",
            "legend", "dl", "dt", "dd", "figure", "figcaption", "details", "summary", "thead", "tbody", "tfoot",
            "caption", "hgroup",
        ] { named[name] = .block }
        for name in ["p", "h1", "h2", "h3", "h4", "h5", "h6"] { named[name] = .paragraph }
        for name in [
            "head", "script", "style", "title", "template", "noscript", "svg", "math", "iframe", "object", "embed",
            "applet", "audio",
            "video", "canvas", "map", "input", "select", "option", "optgroup", "textarea", "datalist", "progress",
            "meter", "meta", "link",
            "base", "noframes", "noembed", "frameset", "xml",
        ] { named[name] = .unseen }
        return named
    }()
}
