import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension IMAPSession {
    /// The query in IMAP's words; in Gmail's where that server would leave something to decide here, which its own search knows.
    func compiled(_ query: MailQuery) throws -> IMAPSearch {
        var search = IMAPSearch(query)
        if capabilities.isGmail, search.residual != .always, let own = try? GmailQuery(query) {
            search = IMAPSearch(own)
        }
        // What is marked as deleted is gone for its reader, though servers keep it until somebody expunges it.
        search.criteria.insert(.atom("UNDELETED"), at: 0)
        search.certain?.insert(.atom("UNDELETED"), at: 0)
        return search
    }

    /// The newest that `keys` find: by their own dates where the server sorts, else those that came last.
    ///
    /// Mail that was moved here from elsewhere has high UIDs and old dates; only sorting tells.
    func find(_ keys: [IMAPSearch.Piece], in mailbox: Mailbox, limit: Int) async throws -> FoundUIDs {
        let replies = try await run([finding(keys, limit: limit)], in: mailbox.wireName)
        guard let reply = replies.first else { throw IMAPFailure.lost }
        return FoundUIDs(reply, limit: limit)
    }

    /// How many messages the server cannot decide about are looked at, the newest first.
    private static let mostCandidates = 2000
    private static let candidatesAtOnce = 500

    /// As above for a search that leaves something to decide here: about messages it is not certain of, by facts fetched for them.
    func find(_ search: IMAPSearch, in mailbox: Mailbox, limit: Int) async throws -> FoundUIDs {
        let parts = search.parts.map { searching(search.criteria + $0) }
        let certain = search.certain.map { [searching($0)] } ?? []
        let replies = try await run([finding(search.criteria, limit: nil)] + certain + parts, in: mailbox.wireName)
        guard replies.count == 1 + certain.count + parts.count else { throw IMAPFailure.lost }
        let sets = replies.dropFirst().map { IMAPSet(FoundUIDs($0, limit: .max).newest) }
        let sure = certain.isEmpty ? IMAPSet([]) : sets[0]
        let matching = sets.dropFirst(certain.count)
        let candidates = FoundUIDs(replies[0], limit: .max)
        let open = candidates.newest.filter { !sure.contains($0) }
        let facts = try await facts(Array(open.prefix(Self.mostCandidates)), for: search.residual)
        let found = candidates.newest.filter { uid in
            sure.contains(uid)
                || facts[uid].map { facts in
                    search.residual.holds(for: facts) { matching[matching.startIndex + $0].contains(uid) }
                } ?? false
        }
        return FoundUIDs(
            newest: Array(found.prefix(limit)), total: found.count,
            isTotalLowerBound: open.count > Self.mostCandidates)
    }

    private func facts(
        _ uids: [UInt32], for residual: IMAPSearch.Residual
    ) async throws -> [UInt32: IMAPSearch.Facts] {
        let items = "(UID INTERNALDATE\(residual.needsAttachments ? " BODYSTRUCTURE" : ""))"
        var facts: [UInt32: IMAPSearch.Facts] = [:]
        for start in stride(from: 0, to: uids.count, by: Self.candidatesAtOnce) {
            let some = IMAPSet(uids[start..<min(start + Self.candidatesAtOnce, uids.count)])
            for reply in try await pipeline(IMAPCommand.fetch(some, items)) where reply.status.kind == .ok {
                for (uid, items) in FetchedItems.all(reply) {
                    facts[uid] = IMAPSearch.Facts(
                        arrival: items.arrival ?? Date(timeIntervalSince1970: 0),
                        hasAttachment: !(items.structure?.attachedFiles.isEmpty ?? true))
                }
            }
        }
        return facts
    }

    /// - Parameter limit: nil for all that are found.
    private func finding(_ keys: [IMAPSearch.Piece], limit: Int?) -> IMAPCommand {
        guard capabilities.hasSort else { return searching(keys) }
        var command = IMAPCommand("UID SORT", "")
        if capabilities.hasPartialSort, let limit { command.add(" RETURN (COUNT PARTIAL 1:\(limit))") }
        command.add(" (REVERSE DATE) UTF-8 ")
        command.add(keys)
        return command
    }

    private func searching(_ keys: [IMAPSearch.Piece]) -> IMAPCommand {
        let isExtended = capabilities.hasESearch
        var command = IMAPCommand("UID SEARCH", isExtended ? "RETURN (ALL COUNT) " : "")
        if !isExtended { command.add(" ") }
        if keys.needUTF8 { command.add("CHARSET UTF-8 ") }
        command.add(keys)
        return command
    }
}

extension [IMAPSearch.Piece] {
    /// Whether a text has other characters than ASCII's, which a search must announce (RFC 3501, 6.4.4).
    fileprivate var needUTF8: Bool {
        contains { piece in
            switch piece {
            case .atom: false
            case .string(let text): text.utf8.contains { $0 >= 0x80 }
            case .list(let pieces): pieces.needUTF8
            }
        }
    }
}
