#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What messages to find: Gmail's query language as a tree.
indirect enum MailQuery: Sendable, Equatable {
    /// Every message.
    case all
    case from(String), to(String), cc(String), subject(String), body(String)
    /// In the header or the body.
    case text(String)
    case read, unread, starred, answered
    case hasAttachment
    /// Arrived at this moment or after it.
    case since(Date)
    case before(Date)
    /// More octets than these, or fewer.
    case larger(Int), smaller(Int)
    case not(MailQuery)
    /// All of these; every message when there are none.
    case and([MailQuery])
    /// Any of these; no message when there are none.
    case or([MailQuery])
}

extension MailQuery {
    /// No message.
    static let none = MailQuery.or([])

    /// The same question with each negation at a single test, where "not read" is "unread" and "not before" is "since".
    ///
    /// Widening a test to what a server can decide is sound only where nothing negates the result; here nothing does.
    /// Conjunctions and disjunctions are flat, have at least two members, and no member twice.
    var normalized: MailQuery { normalized(negated: false) }

    private func normalized(negated: Bool) -> MailQuery {
        switch self {
        case .not(let query): query.normalized(negated: !negated)
        case .and(let queries): Self.joined(queries, isConjunction: !negated, negated: negated)
        case .or(let queries): Self.joined(queries, isConjunction: negated, negated: negated)
        case _ where !negated: self
        case .all: .none
        case .read: .unread
        case .unread: .read
        case .since(let moment): .before(moment)
        case .before(let moment): .since(moment)
        case .larger(let size) where size < .max: .smaller(size + 1)
        case .smaller(let size) where size > .min: .larger(size - 1)
        default: .not(self)
        }
    }

    private static func joined(_ queries: [MailQuery], isConjunction: Bool, negated: Bool) -> MailQuery {
        // What a member that decides everything makes of the whole, and what a member that decides nothing is.
        let (absorbing, neutral): (MailQuery, MailQuery) = isConjunction ? (.none, .all) : (.all, .none)
        var members: [MailQuery] = []
        for query in queries {
            let member = query.normalized(negated: negated)
            if member == absorbing { return absorbing }
            if member == neutral { continue }
            switch member {
            case .and(let inner) where isConjunction: members += inner.filter { !members.contains($0) }
            case .or(let inner) where !isConjunction: members += inner.filter { !members.contains($0) }
            default: if !members.contains(member) { members.append(member) }
            }
        }
        switch members.count {
        case 0: return neutral
        case 1: return members[0]
        default: return isConjunction ? .and(members) : .or(members)
        }
    }
}
