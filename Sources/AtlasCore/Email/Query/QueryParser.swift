#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Puts tokens together. It calls itself for groups, at most 16 deep: people write two or three.
struct QueryParser {
    static let deepest = 16
    static let mostTerms = 100

    let tokens: [QueryToken]
    let time: BusinessTime
    let now: Date
    var index = 0
    var terms = 0
    var depth = 0
    /// The operator whose value is in the parentheses that are open.
    var field: (operator: QueryOperator, token: QueryToken)?
    /// The `in:` that there was.
    var inToken: QueryToken?
    var mailbox: String?

    init(tokens: [QueryToken], time: BusinessTime, now: Date) {
        self.tokens = tokens
        self.time = time
        self.now = now
    }

    var next: QueryToken? { index < tokens.count ? tokens[index] : nil }

    mutating func query() throws(AtlasError) -> MailQuery {
        let tree = tokens.isEmpty ? .all : try conjunction()
        if let next { throw .query("\(next.place) closes nothing. Remove it, or open it before.") }
        return tree
    }

    /// Terms side by side, up to the end or to what closes the group.
    mutating func conjunction() throws(AtlasError) -> MailQuery {
        var members = [try alternatives()]
        while let token = next, token.kind != .close, token.kind != .closeBrace {
            if token.kind == .and { index += 1 }
            members.append(try alternatives())
        }
        return members.count == 1 ? members[0] : .and(members)
    }

    /// Terms with `OR` between them.
    mutating func alternatives() throws(AtlasError) -> MailQuery {
        let before = inToken
        var members = [try term()]
        while next?.kind == .or {
            index += 1
            members.append(try term())
        }
        if members.count > 1 { try checkMailbox(before, "OR") }
        return members.count == 1 ? members[0] : .or(members)
    }

    private mutating func term() throws(AtlasError) -> MailQuery {
        let before = inToken
        var isNegated = false
        var hasMinus = false
        while next?.kind == .minus {
            isNegated.toggle()
            hasMinus = true
            index += 1
        }
        let positive = try primary()
        if hasMinus { try checkMailbox(before, "-") }
        return isNegated ? .not(positive) : positive
    }

    private mutating func primary() throws(AtlasError) -> MailQuery {
        guard let token = next else { throw missingTerm() }
        switch token.kind {
        case .close, .closeBrace, .and, .or, .minus: throw missingTerm()
        case .open, .openBrace: return try group()
        case .phrase(let text):
            index += 1
            return try textTest(text, isQuoted: true, token)
        case .word("NOT"):
            throw .query(
                "\(token.place) is not understood. Write - directly before what must not be there, like -from:ann.")
        case .word(let text):
            index += 1
            return try textTest(text, isQuoted: false, token)
        case .field(let name):
            index += 1
            return try fieldTest(name, token)
        }
    }
}
