/// A piece of a query as it was written.
struct QueryToken: Sendable, Equatable {
    enum Kind: Sendable, Equatable {
        case open, close, openBrace, closeBrace
        case minus
        case and, or
        case word(String)
        /// What stood in quotes: always text, never an operator.
        case phrase(String)
        /// What stands before a colon. Its value follows at once, if it has one.
        case field(String)
    }

    let kind: Kind
    /// Where it is among the scalars of the query.
    let range: Range<Int>
    /// As written.
    let text: String
    /// Where it begins, counted in characters from 1.
    let position: Int

    /// The token in the words of a complaint.
    var place: String { "\"\(text.cleaned().cutShort(at: 40))\" at position \(position)" }
}

extension AtlasError {
    /// A complaint about the query of a search.
    static func query(_ message: String) -> AtlasError {
        AtlasError(.invalidArgument, "query: \(message)", parameter: "query")
    }
}
