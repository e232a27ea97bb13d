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
    /// Octets.
    case larger(Int), smaller(Int)
    case not(MailQuery)
    case and([MailQuery])
    case or([MailQuery])
}
