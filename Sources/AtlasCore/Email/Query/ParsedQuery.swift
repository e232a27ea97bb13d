#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A query with the mailbox it names.
struct ParsedQuery: Sendable, Equatable {
    var tree: MailQuery
    /// A name or a role (`sent`); `all` for `in:anywhere`; nil when the query names none.
    var mailbox: String?
}

extension MailQuery {
    /// Reads Gmail's query language: `from: to: cc: subject: body: is: has: newer_than: older_than: after: before: larger: smaller:
    /// in:`, words, "phrases", `-` before what must not be, `OR`, `( )`, and `{ }` for any of what is in it.
    ///
    /// As with Gmail, `OR` joins its two neighbours before all is joined by and: `a b OR c` is `a (b OR c)`. Blank text is all mail.
    /// - Parameters:
    ///   - time: whose days `after:` and `before:` name.
    ///   - now: what `newer_than:` counts from.
    /// - Throws: ``AtlasError`` `invalid_argument` that quotes what is wrong and says where it is.
    static func parse(_ text: String, time: BusinessTime, now: Date = Date()) throws(AtlasError) -> ParsedQuery {
        var parser = QueryParser(tokens: try QueryLexer.tokens(of: text), time: time, now: now)
        let tree = try parser.query()
        return ParsedQuery(tree: tree.normalized, mailbox: parser.mailbox)
    }
}
