import MIME

/// What belongs to a conversation, as far as it is known.
struct Relatives: Sendable {
    /// A message by what its header names.
    struct Member: Sendable {
        let uid: UInt32
        /// Its own Message-ID, and those that it answers.
        let names: [String]
    }

    private struct Place: Sendable {
        let mailbox: Mailbox
        let validity: UInt32
        var members: [UInt32: Member] = [:]
    }

    private var known: Set<String>
    private var unasked: [String]
    private var places: [String: Place] = [:]

    init(_ messageID: String) {
        known = [messageID]
        unasked = [messageID]
    }

    var count: Int { places.values.reduce(0) { $0 + $1.members.count } }

    /// Names that were not asked for yet.
    mutating func takeNames(_ limit: Int) -> [String] {
        let names = Array(unasked.prefix(limit))
        unasked.removeFirst(names.count)
        return names
    }

    /// Adds messages that name what is known. A server finds more: it looks for parts of words.
    mutating func add(_ found: [(Mailbox, (validity: UInt32, members: [Member]))]) {
        for (mailbox, (validity, members)) in found {
            for member in members where member.names.contains(where: known.contains) {
                places[mailbox.wireName, default: Place(mailbox: mailbox, validity: validity)]
                    .members[member.uid] = member
                for name in member.names where known.count < 1000 && known.insert(name).inserted {
                    unasked.append(name)
                }
            }
        }
    }

    func uids(in mailbox: Mailbox) -> [UInt32] { places[mailbox.wireName]?.members.keys.sorted() ?? [] }

    func validity(of mailbox: Mailbox) -> UInt32? { places[mailbox.wireName]?.validity }
}

extension IMAPSession {
    /// The messages whose headers name any of these.
    func mentions(
        of names: [String], in mailbox: Mailbox, limit: Int
    ) async throws -> (validity: UInt32, members: [Relatives.Member]) {
        let keys = names.flatMap { name in
            ["MESSAGE-ID", "REFERENCES", "IN-REPLY-TO"].map { field in
                [[IMAPSearch.Piece.atom("HEADER"), .atom(field), .text(name)]]
            }
        }
        let found = try await find(SearchKeys.any(keys).flatMap(\.self), in: mailbox, limit: limit)
        guard !found.newest.isEmpty else { return (validity, []) }
        var members: [Relatives.Member] = []
        for command in IMAPCommand.fetch(IMAPSet(found.newest), "(UID \(FetchItems.threadFields))") {
            for items in FetchedItems.all(try await run(command)).values {
                let header = MailHeader(parsing: items.header ?? [])
                let names = [header.messageID].compactMap(\.self) + header.inReplyTo + header.references
                members.append(Relatives.Member(uid: items.uid, names: Array(names.prefix(200))))
            }
        }
        return (validity, members)
    }
}
