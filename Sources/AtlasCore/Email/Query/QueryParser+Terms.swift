extension QueryParser {
    /// What is in parentheses; in braces any of it.
    mutating func group() throws(AtlasError) -> MailQuery {
        let opening = tokens[index]
        let isAny = opening.kind == .openBrace
        let mark = isAny ? "}" : ")"
        index += 1
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw .query(
                "groups stand in each other more than \(Self.deepest) deep at \(opening.place). Write it simpler.")
        }
        let closing: QueryToken.Kind = isAny ? .closeBrace : .close
        if next?.kind == closing {
            throw .query("nothing stands in \"\(opening.text)\(mark)\" at position \(opening.position).")
        }
        guard next != nil else { throw unclosed(opening, mark) }
        let tree = isAny ? try any(of: opening) : try conjunction()
        guard let end = next else { throw unclosed(opening, mark) }
        guard end.kind == closing else {
            throw .query("\(end.place) does not close \(opening.place). Put \(mark) there.")
        }
        index += 1
        return tree
    }

    private func unclosed(_ opening: QueryToken, _ mark: String) -> AtlasError {
        .query("\(opening.place) is not closed. Put \(mark) where it ends.")
    }

    private mutating func any(of opening: QueryToken) throws(AtlasError) -> MailQuery {
        let before = inToken
        var members: [MailQuery] = []
        while let token = next, token.kind != .close, token.kind != .closeBrace {
            if token.kind == .and {
                throw .query("\(token.place) stands in braces, where any is enough. Use ( ) for it.")
            }
            members.append(try alternatives())
        }
        if members.count > 1 { try checkMailbox(before, "{ }") }
        return members.count == 1 ? members[0] : .or(members)
    }

    /// An operator with its value.
    mutating func fieldTest(_ name: String, _ token: QueryToken) throws(AtlasError) -> MailQuery {
        let known = try QueryOperator(name, at: token)
        if let outer = field?.token {
            throw .query(
                "\(token.place) stands in the parentheses of \(outer.place). Close them before it, or put it in quotes as text."
            )
        }
        guard let value = next, value.range.lowerBound == token.range.upperBound else {
            throw .query("\(token.place) has no value. Write it right after the colon, like \(known.example).")
        }
        switch value.kind {
        case .open, .openBrace:
            guard known.isText else {
                throw .query("\(token.place) takes one value, not several in \(value.text). Write \(known.example).")
            }
            field = (known, token)
            defer { field = nil }
            return try group()
        case .word(let text):
            index += 1
            return try test(known, text, isQuoted: false, token, value)
        case .phrase(let text):
            index += 1
            return try test(known, text, isQuoted: true, token, value)
        default:
            throw .query("\(token.place) has no value. Write it right after the colon, like \(known.example).")
        }
    }

    /// A word or a phrase that stands by itself, or in the parentheses of an operator.
    mutating func textTest(_ text: String, isQuoted: Bool, _ token: QueryToken) throws(AtlasError) -> MailQuery {
        if let field { return try test(field.operator, text, isQuoted: isQuoted, token, token) }
        guard !text.isEmpty else { throw .query("nothing that can be searched for stands in \(token.place).") }
        try count(token)
        return .text(text)
    }

    private mutating func test(
        _ known: QueryOperator, _ text: String, isQuoted: Bool, _ first: QueryToken, _ last: QueryToken
    ) throws(AtlasError) -> MailQuery {
        try count(first)
        let written = first == last ? first.text : first.text + last.text
        let token = QueryToken(
            kind: first.kind, range: first.range.lowerBound..<last.range.upperBound, text: written,
            position: first.position)
        let test = try QueryValue(field: known, token: token, time: time, now: now).test(text, isQuoted: isQuoted)
        if known == .in {
            if let inToken {
                throw .query("\(token.place): the mailbox was named already, by \(inToken.place). Name one.")
            }
            inToken = token
            mailbox = ["anywhere", "all"].contains(text.lowercased()) ? "all" : text
        }
        return test
    }

    private mutating func count(_ token: QueryToken) throws(AtlasError) {
        terms += 1
        guard terms <= Self.mostTerms else {
            throw .query("more than \(Self.mostTerms) terms; the first too many is \(token.place).")
        }
    }

    /// A search is made in one mailbox, so `in:` can only stand where it holds for all that is found.
    func checkMailbox(_ before: QueryToken?, _ mark: String) throws(AtlasError) {
        guard let inToken, before == nil else { return }
        throw .query(
            "\(inToken.place) cannot stand under \(mark): a search is made in one mailbox. Put it beside the other terms, once."
        )
    }

    /// What to say where a term should stand.
    func missingTerm() -> AtlasError {
        let before = index > 0 ? tokens[index - 1] : nil
        guard let token = next else {
            return .query(
                "a term is missing after \(before?.place ?? "the beginning"). Add it, or put \"…\" around text.")
        }
        if token.kind == .close || token.kind == .closeBrace {
            return before == nil
                ? .query("\(token.place) closes nothing. Remove it, or open it before.")
                : .query("a term is missing before \(token.place).")
        }
        return .query("a term is missing before \(token.place). To search for the word itself, put it in quotes.")
    }
}
