#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension MIMEPart {
    /// The sections whose content the readable text is made of; a reader that has only the structure fetches these.
    public var textSections: [String] {
        TextPlan(self).steps.flatMap { step in
            switch step.kind {
            case .text(let part), .calendar(let part), .report(let part): [part.section]
            case .choice(let plain, let rich): (plain + rich).map(\.section)
            case .message: [String]()
            }
        }
    }

    /// What a person reads of the message, made from the parts whose content is there.
    ///
    /// - Parameter limit: octets of text at most.
    public func readableText(limit: Int = 2 << 20) -> ReadableText {
        let plan = TextPlan(self)
        var text = TextAssembly(limit: limit)
        let saysItself = plan.steps.contains { step in
            switch step.kind {
            case .text, .choice: true
            default: false
            }
        }
        for step in plan.steps where !text.isFull {
            switch step.kind {
            case .text(let part):
                if part.content != nil { text.append(PartText(part, limit: limit), level: step.level) }
            case .choice(let plain, let rich):
                for part in Self.better(plain, rich, limit: limit) { text.append(part, level: step.level) }
            case .calendar(let part):
                guard part.content != nil else { continue }
                let (calendar, problem) = part.decodedText(limit: 256 << 10)
                if let problem { text.problems.append(problem) }
                text.append(
                    Invitation.summary(
                        of: calendar, method: part.contentType.parameters["method"], withDescription: !saysItself),
                    source: .calendar, level: step.level)
            case .report(let part):
                if part.content != nil {
                    text.append(
                        DeliveryReport.summary(of: part.decodedText(limit: 256 << 10).text), source: .plain,
                        level: step.level)
                }
            case .message(let message):
                text.append(message.header.introduction, source: nil, level: step.level)
            }
        }
        return text.result(problems: plan.problems)
    }

    /// Plain text, unless it says less than the HTML beside it.
    private static func better(_ plain: [MIMEPart], _ rich: [MIMEPart], limit: Int) -> [PartText] {
        func read(_ parts: [MIMEPart]) -> [PartText] {
            parts.filter { $0.content != nil }.map { PartText($0, limit: limit) }
        }
        let texts = read(plain)
        guard !rich.isEmpty else { return texts }
        guard texts.count <= 1, let text = texts.first else { return texts.isEmpty ? read(rich) : texts }
        var html: [PartText]?
        let isStub = text.isStub(
            for: {
                html = read(rich)
                return html?.max { $0.text.utf8.count < $1.text.utf8.count }
            }())
        guard isStub else { return texts }
        let better = html ?? read(rich)
        return better.allSatisfy(\.isBlank) ? texts : better
    }
}

extension MailHeader {
    /// The lines above a message that stands in another.
    fileprivate var introduction: String {
        var lines = ["Message:"]
        for name in ["From", "Date", "Subject"] {
            if let value = self[name]?.trimmedBlanks, !value.isEmpty { lines.append("\(name): \(value.prefix(500))") }
        }
        return lines.joined(separator: "\n")
    }
}

/// Texts of parts, put one below the other.
private struct TextAssembly {
    let limit: Int
    var problems: [String] = []
    private var blocks: [(text: String, newText: String)] = []
    private var source: ReadableText.Source?
    private var size = 0

    init(limit: Int) { self.limit = max(0, limit) }

    var isFull: Bool { size > limit }

    mutating func append(_ part: PartText, level: Int) {
        for problem in part.problems where !problems.contains(problem) { problems.append(problem) }
        append(part.text, newText: part.newText, source: part.source, level: level)
    }

    mutating func append(_ text: String?, source: ReadableText.Source?, level: Int) {
        append(text ?? "", newText: text ?? "", source: source, level: level)
    }

    private mutating func append(_ text: String, newText: String, source: ReadableText.Source?, level: Int) {
        guard !text.utf8.allSatisfy(\.isSpace) else { return }
        // The best text of the message itself says what it is made from.
        if level == 0, let source, self.source == nil || self.source == .calendar { self.source = source }
        // What a message holds of another is as new as the rest.
        blocks.append((Self.indented(text, level), Self.indented(level > 0 ? text : newText, level)))
        size += text.utf8.count + 2
    }

    private static func indented(_ text: String, _ level: Int) -> String {
        guard level > 0 else { return text }
        let indent = String(repeating: "    ", count: level)
        return text.lineSlices.map { $0.isEmpty ? "" : indent + $0 }.joined(separator: "\n")
    }

    func result(problems others: [String]) -> ReadableText {
        var problems = problems
        for problem in others where !problems.contains(problem) { problems.append(problem) }
        var (text, newText) = (
            blocks.map(\.text).joined(separator: "\n\n"), blocks.map(\.newText).joined(separator: "\n\n")
        )
        if text.utf8.count > limit {
            problems.removeAll { $0.hasPrefix("The text was cut at") }
            problems.append("The text was cut at \(limit) octets.")
            (text, newText) = (text.cut(octets: limit), newText.cut(octets: limit))
        }
        return ReadableText(
            text: text, source: source ?? (text.isEmpty ? .none : .plain), newText: newText, problems: problems)
    }
}

extension String {
    /// The beginning, at most so many octets, without half a character at its end.
    func cut(octets limit: Int) -> String {
        guard utf8.count > limit else { return self }
        var end = utf8.index(startIndex, offsetBy: limit)
        while end > startIndex, end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
