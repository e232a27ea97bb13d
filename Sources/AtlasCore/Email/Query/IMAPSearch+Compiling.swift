extension IMAPSearch {
    /// Compiles a query. No recursion is deeper than the tree, which the parser bounds.
    init(_ query: MailQuery) {
        let search = SearchPlan(query.normalized)
        criteria = Self.criteria(search.keys)
        parts = []
        residual = .always
        residual = search.rest.resolved(&parts)
        certain = residual == .always ? nil : search.certain.map(Self.criteria)
    }

    /// Gmail's own search, for servers with the capability `X-GM-EXT-1`.
    init(_ query: GmailQuery) {
        criteria = query.text.isEmpty ? [.atom("ALL")] : [.atom("X-GM-RAW"), .text(query.text)]
        parts = []
        residual = .always
    }

    private static func criteria(_ keys: [SearchPlan.Key]) -> [Piece] {
        keys.isEmpty ? [.atom("ALL")] : keys.flatMap(\.self)
    }
}

/// How one part of a query is searched for.
///
/// Its keys find at least what it asks for, and two conditions make that exact: `rest` for messages that the keys found, `whole` by
/// itself. Under OR only `whole` can stand, since another alternative may have found the message.
private struct SearchPlan {
    /// One search key of RFC 3501.
    typealias Key = [IMAPSearch.Piece]

    /// A condition that knows the searches it depends on, not yet their numbers: most are never made.
    indirect enum Condition {
        case fact(IMAPSearch.Residual)
        case found([Key])
        case and([Condition]), or([Condition])
    }

    /// All must match; none for every message.
    var keys: [Key]
    /// As `keys`, but they find at most what is asked for; nil when that is nothing.
    var certain: [Key]?
    var rest: Condition
    var whole: Condition

    /// Whether the keys alone are exact.
    var isExact: Bool {
        if case .found = whole { true } else { false }
    }

    /// A test that the server makes.
    init(exactly keys: [Key]) {
        self.keys = keys
        certain = keys
        rest = .fact(.always)
        whole = .found(keys)
    }

    /// A test on a fact.
    init(_ fact: IMAPSearch.Residual, keys: [Key], certain: [Key]?) {
        self.keys = keys
        self.certain = certain
        rest = .fact(fact)
        whole = .fact(fact)
    }

    init(_ query: MailQuery) {
        switch query {
        case .all: self.init(exactly: [])
        case .from(let text): self.init(exactly: [[.atom("FROM"), .text(text)]])
        case .to(let text): self.init(exactly: [[.atom("TO"), .text(text)]])
        case .cc(let text): self.init(exactly: [[.atom("CC"), .text(text)]])
        case .subject(let text): self.init(exactly: [[.atom("SUBJECT"), .text(text)]])
        case .body(let text): self.init(exactly: [[.atom("BODY"), .text(text)]])
        case .text(let text): self.init(exactly: [[.atom("TEXT"), .text(text)]])
        case .read: self.init(exactly: [[.atom("SEEN")]])
        case .unread: self.init(exactly: [[.atom("UNSEEN")]])
        case .starred: self.init(exactly: [[.atom("FLAGGED")]])
        case .answered: self.init(exactly: [[.atom("ANSWERED")]])
        case .larger(let size): self.init(exactly: SearchKeys.larger(size))
        case .smaller(let size): self.init(exactly: SearchKeys.smaller(size))
        case .hasAttachment: self.init(.hasAttachment(true), keys: [], certain: nil)
        case .not(.hasAttachment): self.init(.hasAttachment(false), keys: [], certain: nil)
        case .since(let moment):
            self.init(
                .since(moment), keys: SearchKeys.possiblySince(moment), certain: SearchKeys.certainlySince(moment))
        case .before(let moment):
            self.init(
                .before(moment), keys: SearchKeys.possiblyBefore(moment), certain: SearchKeys.certainlyBefore(moment))
        // In a normalized query only single tests are negated, and what is left of those the server decides.
        case .not(let test): self.init(exactly: [SearchKeys.negated(SearchPlan(test).keys)])
        case .and(let queries): self.init(all: queries.map(SearchPlan.init))
        case .or(let queries): self.init(any: queries.map(SearchPlan.init))
        }
    }

    private init(all plans: [SearchPlan]) {
        keys = plans.flatMap(\.keys)
        let exact = plans.filter(\.isExact).flatMap(\.keys)
        let inexact = plans.filter { !$0.isExact }
        certain = inexact.contains { $0.certain == nil } ? nil : plans.flatMap { $0.certain ?? [] }
        rest = inexact.isEmpty ? .fact(.always) : .and(inexact.map(\.rest))
        whole = inexact.isEmpty ? .found(exact) : .and(inexact.map(\.whole) + (exact.isEmpty ? [] : [.found(exact)]))
    }

    private init(any plans: [SearchPlan]) {
        keys = SearchKeys.any(plans.map(\.keys))
        let exact = plans.filter(\.isExact).map(\.keys)
        let inexact = plans.filter { !$0.isExact }
        let certain = plans.compactMap(\.certain)
        self.certain = certain.isEmpty ? nil : SearchKeys.any(certain)
        let found = exact.isEmpty ? [] : [Condition.found(SearchKeys.any(exact))]
        whole = inexact.isEmpty ? .found(keys) : .or(inexact.map(\.whole) + found)
        rest = inexact.isEmpty ? .fact(.always) : whole
    }
}

extension SearchPlan.Condition {
    /// The condition with its searches among the parts, each once.
    func resolved(_ parts: inout [[IMAPSearch.Piece]]) -> IMAPSearch.Residual {
        switch self {
        case .fact(let fact): return fact
        case .found(let keys):
            let part = keys.flatMap(\.self)
            if part.isEmpty { return .always }
            if let known = parts.firstIndex(of: part) { return .matches(known) }
            parts.append(part)
            return .matches(parts.count - 1)
        case .and(let members):
            let resolved = members.map { $0.resolved(&parts) }
            return resolved.count == 1 ? resolved[0] : .and(resolved)
        case .or(let members):
            let resolved = members.map { $0.resolved(&parts) }
            return resolved.count == 1 ? resolved[0] : .or(resolved)
        }
    }
}
