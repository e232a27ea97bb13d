/// Cuts a query into tokens, from left to right.
///
/// It works on Unicode scalars: a quote with a combining mark after it is no quote to any server either.
struct QueryLexer {
    static let longest = 2000

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var tokens: [QueryToken] = []

    /// - Throws: ``AtlasError`` `invalid_argument`: too long, or a quote that does not end.
    static func tokens(of text: String) throws(AtlasError) -> [QueryToken] {
        let count = text.utf8.count <= longest ? 0 : text.unicodeScalars.count
        guard count <= longest else {
            throw .query("must have at most \(longest) characters, got \(count).")
        }
        var lexer = QueryLexer(scalars: Array(text.unicodeScalars))
        try lexer.run()
        return lexer.tokens
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private mutating func run() throws(AtlasError) {
        while index < scalars.count {
            let scalar = scalars[index]
            if scalar.isBlank {
                index += 1
            } else if let kind = Self.marks[scalar] {
                append(kind, length: 1)
            } else if let ends = Self.quotes[scalar] {
                try phrase(endingWith: ends)
            } else if isValue {
                word(asValue: true)
            } else if scalar == "-", index + 1 < scalars.count, !scalars[index + 1].isBlank {
                append(.minus, length: 1)
            } else {
                word(asValue: false)
            }
        }
    }

    private static let marks: [Unicode.Scalar: QueryToken.Kind] = [
        "(": .open, ")": .close, "{": .openBrace, "}": .closeBrace,
    ]

    /// Quotes by what ends them. Telephones and word processors write the curved ones.
    private static let quotes: [Unicode.Scalar: Set<Unicode.Scalar>] = [
        "\"": ["\""], "\u{201C}": ["\u{201D}", "\u{201C}"], "\u{201D}": ["\u{201D}"],
        "\u{201E}": ["\u{201C}", "\u{201D}"],
    ]

    /// Whether an operator stands directly before.
    private var isValue: Bool {
        guard let last = tokens.last, case .field = last.kind else { return false }
        return last.range.upperBound == index
    }

    private mutating func append(_ kind: QueryToken.Kind, length: Int) {
        let range = index..<index + length
        tokens.append(
            QueryToken(kind: kind, range: range, text: text(range), position: text(0..<index).count + 1))
        index += length
    }

    private func text(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[range])
        return String(view)
    }

    private mutating func phrase(endingWith ends: Set<Unicode.Scalar>) throws(AtlasError) {
        guard let end = scalars[(index + 1)...].firstIndex(where: ends.contains) else {
            append(.phrase(""), length: scalars.count - index)
            throw .query("the quote \(tokens[tokens.count - 1].place) is not closed. Put a \" where it ends.")
        }
        append(.phrase(text(index + 1..<end).cleaned()), length: end + 1 - index)
    }

    /// A word, or the operator it begins with.
    private mutating func word(asValue: Bool) {
        let rest = scalars[index...]
        let end =
            rest.firstIndex { $0.isBlank || Self.marks[$0] != nil || Self.quotes[$0] != nil } ?? scalars.count
        let written = text(index..<end)
        if asValue {
            append(.word(written.cleaned()), length: end - index)
        } else if let colon = scalars[index..<end].firstIndex(of: ":"), isField(index..<colon, upTo: end) {
            append(.field(text(index..<colon)), length: colon + 1 - index)
        } else {
            switch written {
            case "OR": append(.or, length: end - index)
            case "AND": append(.and, length: end - index)
            default: append(.word(written.cleaned()), length: end - index)
            }
        }
    }

    /// Whether what stands before a colon can only be meant as an operator: a word of letters, and no URL begins with it.
    private func isField(_ name: Range<Int>, upTo end: Int) -> Bool {
        guard let first = scalars[name].first, first.properties.isAlphabetic else { return false }
        let isWord = scalars[name].allSatisfy { $0.properties.isAlphabetic || $0 == "_" || $0 == "-" }
        let isURL = scalars[(name.upperBound + 1)..<end].starts(with: ["/", "/"])
        return isWord && !isURL
    }
}

extension Unicode.Scalar {
    /// What separates words: blanks and line ends, and control characters, which nobody means.
    fileprivate var isBlank: Bool { properties.isWhitespace || properties.generalCategory == .control }
}
