/// Walks through HTML from start tag to end tag and sets what is seen of it as text.
struct HTMLWalker {
    /// An element that has not ended.
    struct Frame {
        let name: String
        let element: HTMLElement
        var isUnseen = false
        var style = InheritedStyle()
        var quote = 0
        var indent = 0
        /// The next number of a numbered list.
        var number: Int?
        var link: HTMLLink?
        /// Where its text starts in the flow: line and octet.
        var firstLine = 0
        var firstOctet = 0
        /// Of a row: whether each of its cells has at most one line.
        var isOneLine = true
    }

    var flow = TextFlow()
    var frames: [Frame] = []
    var history = QuotedRegion()
    private(set) var isTooDeep = false

    private let sheet: StyleSheet
    /// What was read already, by style attribute, and by tag, id and class.
    private var styles: [String: [CSSDeclaration]] = [:]
    private var rules: [String: [CSSDeclaration]] = [:]
    private let limit: Int
    /// Browsers stop nesting here, too.
    static let deepest = 512

    init(sheet: StyleSheet, limit: Int) {
        self.sheet = sheet
        self.limit = limit
    }

    /// - Returns: false when it is enough.
    mutating func text(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        let style = frames.last?.style ?? InheritedStyle()
        guard frames.last?.isUnseen != true, !style.isUnseen else { return true }
        flow.append(text, isPreformatted: style.keepsBlanks)
        return flow.octets.count <= limit
    }

    // MARK: Start

    /// - Returns: false when it is enough.
    mutating func start(_ name: String, _ attributes: HTMLAttributes) -> Bool {
        guard frames.count < Self.deepest else {
            isTooDeep = true
            return false
        }
        var frame = Frame(name: name, element: HTMLElement(name))
        let outer = frames.last
        frame.quote = outer?.quote ?? 0
        frame.indent = outer?.indent ?? 0
        let style = self.style(name, attributes)
        frame.style = (outer?.style ?? InheritedStyle()).with(
            style,
            hasUnknownBackground: sheet.mayPaint(tag: name, id: attributes["id"], classes: attributes["class"]))
        frame.isUnseen = outer?.isUnseen == true || style.hidesAllWithin || attributes["hidden"] != nil
        if case .unseen = frame.element { frame.isUnseen = true }
        if !frame.isUnseen { open(&frame, style, attributes) }
        if !frame.element.isVoid { frames.append(frame) }
        return flow.octets.count <= limit
    }

    private mutating func style(_ name: String, _ attributes: HTMLAttributes) -> ElementStyle {
        var declarations = attributes.presentation
        if !sheet.isEmpty {
            let (id, classes) = (attributes["id"], attributes["class"])
            let key = "\(name)#\(id ?? "").\(classes ?? "")"
            let known = rules[key]
            let read = known ?? sheet.declarations(tag: name, id: id?.lowercased(), classes: attributes.classes)
            if known == nil, rules.count < 1000 { rules[key] = read }
            declarations += read
        }
        if let own = attributes["style"] {
            // Newsletters say the same of a thousand cells.
            let known = styles[own]
            let read = known ?? CSSDeclaration.list(own)
            if known == nil, styles.count < 500 { styles[own] = read }
            declarations += read
        }
        return declarations.isEmpty ? ElementStyle() : ElementStyle(declarations)
    }

    private mutating func open(_ frame: inout Frame, _ style: ElementStyle, _ attributes: HTMLAttributes) {
        switch frame.element {
        case .block: flow.breakLine()
        case .paragraph: breakParagraph(style, attributes)
        case .table, .row: flow.breakLine()
        case .cell: flow.breakLine()
        case .list(let isNumbered):
            if frames.contains(where: { if case .list = $0.element { true } else { false } }) {
                flow.breakLine()
            } else {
                flow.breakParagraph()
            }
            if isNumbered { frame.number = attributes["start"].flatMap { Int($0.trimmedBlanks) } ?? 1 }
        case .item: openItem(&frame, attributes)
        case .quote:
            flow.breakParagraph()
            frame.quote += 1
        case .preformatted:
            flow.breakParagraph()
            frame.style.keepsBlanks = true
        case .rule:
            flow.breakLine()
            flow.append("---")
            flow.breakLine()
        case .lineBreak: flow.endLine()
        case .link: frame.link = attributes["href"].flatMap { HTMLLink($0) }
        case .image: image(frame, attributes)
        case .unseen, .inline: break
        }
        flow.quote = frame.quote
        flow.indent = frame.indent
        frame.firstLine = flow.lines.count
        frame.firstOctet = flow.octets.count
        history.open(
            frame, id: attributes["id"], type: attributes["type"], classes: attributes["class"], depth: frames.count,
            flow)
    }

    private mutating func breakParagraph(_ style: ElementStyle, _ attributes: HTMLAttributes) {
        var isFirst = false
        if let outer = frames.last, outer.firstLine == flow.lines.count {
            switch outer.element {
            case .cell, .item: isFirst = true
            default: break
            }
        }
        // Word writes each line as a paragraph without margins.
        if isFirst || style.hasNoMargin || attributes["class"]?.contains("MsoNormal") == true {
            flow.breakLine()
        } else {
            flow.breakParagraph()
        }
    }

    private mutating func openItem(_ frame: inout Frame, _ attributes: HTMLAttributes) {
        flow.breakLine()
        var marker = "- "
        if let list = frames.lastIndex(where: { if case .list = $0.element { true } else { false } }),
            let next = frames[list].number
        {
            let number = attributes["value"].flatMap { Int($0.trimmedBlanks) } ?? next
            frames[list].number = number &+ 1
            marker = "\(number). "
        }
        flow.marker = marker
        frame.indent += marker.utf8.count
    }

    private mutating func image(_ frame: Frame, _ attributes: HTMLAttributes) {
        guard !attributes.isTiny, !frame.style.isHidden else { return }
        let alt = (attributes["alt"] ?? "").split { $0.isWhitespace }.joined(separator: " ")
        if HTMLImage.isMeaningful(alt) {
            flow.append("[\(alt)]")
        } else if let link = frames.last(where: { $0.link != nil }), link.firstOctet == flow.octets.count {
            // The link's only text; without it, nobody would see that there is one.
            flow.append("[image]")
        }
    }
}

enum HTMLImage {
    /// Whether an alternative text says something of the picture: not a file's name, an address or punctuation.
    static func isMeaningful(_ alt: String) -> Bool {
        guard alt.utf8.count <= 300, alt.contains(where: { $0.isLetter || $0.isNumber }), !alt.contains("://") else {
            return false
        }
        let lowered = alt.lowercased()
        if lowered == "image" || lowered == "spacer" || lowered == "picture" { return false }
        let ending = lowered.split(separator: ".").last.map(String.init) ?? ""
        return
            !(lowered.contains(".") && !lowered.contains(" ")
            && ["png", "jpg", "jpeg", "gif", "bmp", "svg", "webp"].contains(ending))
    }
}
