import Foundation

@testable import AtlasCore

/// What an IMAP server does with a search (RFC 3501, 6.4.4), for one message. It reads the keys one after the other, as a server does.
struct SearchServer {
    let message: QueryMessage
    /// Seconds east of Greenwich of the zone whose days the server means.
    var offset = 0

    struct NotASearch: Error {}

    func finds(_ pieces: [IMAPSearch.Piece]) throws -> Bool {
        var rest = pieces[...]
        var found = true
        guard !rest.isEmpty else { throw NotASearch() }
        while !rest.isEmpty { found = try key(&rest) && found }
        return found
    }

    private func key(_ rest: inout ArraySlice<IMAPSearch.Piece>) throws -> Bool {
        switch rest.popFirst() {
        case .list(let inner): return try finds(inner)
        case .atom("ALL"): return true
        case .atom("FROM"): return message.from.contains(try text(&rest))
        case .atom("TO"): return message.to.contains(try text(&rest))
        case .atom("CC"): return message.cc.contains(try text(&rest))
        case .atom("SUBJECT"): return message.subject.contains(try text(&rest))
        case .atom("BODY"): return message.body.contains(try text(&rest))
        case .atom("TEXT"): return message.has(try text(&rest))
        case .atom("SEEN"): return message.isRead
        case .atom("UNSEEN"): return !message.isRead
        case .atom("FLAGGED"): return message.isStarred
        case .atom("ANSWERED"): return message.isAnswered
        case .atom("LARGER"): return message.size > (try number(&rest))
        case .atom("SMALLER"): return message.size < (try number(&rest))
        case .atom("SINCE"): return day >= (try date(&rest))
        case .atom("BEFORE"): return day < (try date(&rest))
        case .atom("NOT"): return try !key(&rest)
        case .atom("OR"):
            let first = try key(&rest)
            return try key(&rest) || first
        default: throw NotASearch()
        }
    }

    /// The day it arrived, in the server's zone.
    private var day: Int { Int(((message.arrival.timeIntervalSince1970 + Double(offset)) / 86400).rounded(.down)) }

    private func text(_ rest: inout ArraySlice<IMAPSearch.Piece>) throws -> String {
        guard case .string(let text)? = rest.popFirst() else { throw NotASearch() }
        return text
    }

    private func number(_ rest: inout ArraySlice<IMAPSearch.Piece>) throws -> Int {
        guard case .atom(let word)? = rest.popFirst(), let number = UInt32(word) else { throw NotASearch() }
        return Int(number)
    }

    private func date(_ rest: inout ArraySlice<IMAPSearch.Piece>) throws -> Int {
        guard case .atom(let word)? = rest.popFirst(), let date = IMAPDate.read("\(word) 00:00:00") else {
            throw NotASearch()
        }
        return Int(date.timeIntervalSince1970) / 86400
    }
}

extension IMAPSearch {
    /// The whole search, as a reader makes it: criteria, and the residual about what they found.
    func finds(_ server: SearchServer) throws -> (criteria: Bool, certain: Bool, answer: Bool) {
        let message = server.message
        let facts = Facts(arrival: message.arrival, hasAttachment: message.hasAttachment)
        let found = try server.finds(criteria)
        let matching = try parts.map { try server.finds($0) }
        return (
            found, try certain.map { try server.finds($0) } ?? false,
            found && residual.holds(for: facts) { matching[$0] }
        )
    }
}
