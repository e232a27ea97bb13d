extension HTMLWalker {
    /// Ends the innermost element of the name, and all within it; an end tag that nothing has started is passed over.
    mutating func end(_ name: String) {
        guard let index = frames.lastIndex(where: { $0.name == name }) else { return }
        while frames.count > index, let frame = frames.popLast() {
            if !frame.isUnseen { close(frame) }
            flow.quote = frames.last?.quote ?? 0
            flow.indent = frames.last?.indent ?? 0
            history.close(depth: frames.count, flow)
        }
    }

    /// Ends all that is open, at the end of the text.
    mutating func finish() {
        while let name = frames.last?.name { end(name) }
    }

    private mutating func close(_ frame: Frame) {
        switch frame.element {
        case .block, .table: flow.breakLine()
        case .cell:
            flow.breakLine()
            if flow.lines.count - frame.firstLine > 1,
                let row = frames.lastIndex(where: { if case .row = $0.element { true } else { false } })
            {
                frames[row].isOneLine = false
            }
        case .row:
            flow.breakLine()
            if frame.isOneLine { flow.joinLines(from: frame.firstLine, separator: " | ") }
        case .item:
            flow.breakLine()
            flow.marker = nil
        case .paragraph:
            // One that starts with no blank line ends with none.
            flow.breakLine()
            if frame.name != "p" { flow.breakParagraph() }
        case .list:
            let isWithin = frames.contains { if case .list = $0.element { true } else { false } }
            if isWithin { flow.breakLine() } else { flow.breakParagraph() }
        case .quote, .preformatted: flow.breakParagraph()
        case .link: closeLink(frame)
        case .rule, .lineBreak, .image, .unseen, .inline: break
        }
    }

    private mutating func closeLink(_ frame: Frame) {
        guard let link = frame.link, frame.firstOctet < flow.octets.count else { return }
        let text = String(decoding: flow.octets[frame.firstOctet...], as: UTF8.self)
        if !link.isSaid(by: text) { flow.appendToLast("(\(link.url))") }
    }
}

/// Where the mail quotes what it answers, by the marks that mail programs leave in their HTML.
struct QuotedRegion {
    /// The first line of it.
    private var line: Int?
    /// How many elements were open where it began; nil when it goes on to the end of the mail.
    private var depth: Int?
    private var end: Int?

    mutating func open(
        _ frame: HTMLWalker.Frame, id: String?, type: String?, classes: String?, depth: Int, _ flow: TextFlow
    ) {
        if let id,
            id.contains("appendonsend") || id.contains("divRplyFwdMsg") || id.contains("mail-editor-reference-message")
        {
            // Outlook puts all it quotes after an empty mark, not in it.
            if line == nil || !isOpen(flow) { (line, self.depth, end) = (flow.lines.count, nil, nil) }
            return
        }
        var isQuote = type?.lowercased() == "cite"
        if case .quote = frame.element {} else { isQuote = false }
        if let classes {
            isQuote =
                isQuote
                || ["gmail_quote", "yahoo_quoted", "protonmail_quote", "zmail_extra", "tutanota_quote"].contains {
                    classes.contains($0)
                }
        }
        guard isQuote, line == nil || !isOpen(flow) else { return }
        (line, self.depth, end) = (flow.lines.count, depth, nil)
    }

    /// Whether no line has come after it.
    private func isOpen(_ flow: TextFlow) -> Bool { end.map { $0 == flow.lines.count } ?? true }

    mutating func close(depth: Int, _ flow: TextFlow) {
        if line != nil, end == nil, depth == self.depth { end = flow.lines.count }
    }

    /// The first line of the quoted region that the text ends with.
    func start(_ flow: TextFlow) -> Int? {
        guard let line, isOpen(flow), line < flow.lines.count else { return nil }
        return line
    }
}
