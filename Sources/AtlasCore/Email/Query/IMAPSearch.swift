#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A query as what an IMAP server is asked (RFC 3501, 6.4.4), and what is left to decide here.
///
/// A server knows no attachments, and knows the day of arrival only, in a zone that it does not say. So `criteria` may find more
/// than was asked for, never less, and `residual` decides about each message that they found.
struct IMAPSearch: Sendable, Equatable {
    /// A search key is a list of pieces, which stand with blanks between them.
    indirect enum Piece: Sendable, Equatable {
        case atom(String)
        /// Other people's text: to be sent as a quoted string or a literal, never as it is.
        case string(String)
        case list([Piece])
    }

    var criteria: [Piece]
    /// A search that finds no message which was not asked for, so that nobody need look at what it finds; it may find fewer. nil when
    /// nothing is certain, or when all that `criteria` finds is.
    var certain: [Piece]?
    /// Further searches, which ``Residual/matches(_:)`` counts from 0. There are some only when a test that the server cannot make
    /// stands under OR beside one that it can.
    var parts: [[Piece]]
    /// What a message that `criteria` found must be besides; ``Residual/always`` when nothing.
    var residual: Residual

    /// What is known of a message without asking the server to search.
    struct Facts: Sendable, Equatable {
        /// INTERNALDATE.
        var arrival: Date
        var hasAttachment: Bool
    }

    /// What the server cannot decide.
    indirect enum Residual: Sendable, Equatable {
        case always, never
        case hasAttachment(Bool)
        case since(Date), before(Date)
        /// The search with this number among ``IMAPSearch/parts`` found the message.
        case matches(Int)
        case and([Residual]), or([Residual])
    }

    /// Whether a text of the search needs `CHARSET UTF-8`.
    var needsUTF8: Bool { ([criteria, certain ?? []] + parts).contains { $0.contains(where: \.needsUTF8) } }
}

extension IMAPSearch.Piece {
    fileprivate var needsUTF8: Bool {
        switch self {
        case .atom: false
        case .string(let text): text.utf8.contains { $0 >= 0x80 }
        case .list(let pieces): pieces.contains(where: \.needsUTF8)
        }
    }
}

extension IMAPSearch.Residual {
    /// - Parameter matching: whether the search with a number among the parts found the message.
    func holds(for facts: IMAPSearch.Facts, matching: (Int) -> Bool = { _ in false }) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .hasAttachment(let wanted): facts.hasAttachment == wanted
        case .since(let moment): facts.arrival >= moment
        case .before(let moment): facts.arrival < moment
        case .matches(let number): matching(number)
        case .and(let all): all.allSatisfy { $0.holds(for: facts, matching: matching) }
        case .or(let any): any.contains { $0.holds(for: facts, matching: matching) }
        }
    }

    /// Whether the structure of the messages must be fetched for it.
    var needsAttachments: Bool {
        switch self {
        case .and(let members), .or(let members): members.contains(where: \.needsAttachments)
        case .hasAttachment: true
        default: false
        }
    }
}
