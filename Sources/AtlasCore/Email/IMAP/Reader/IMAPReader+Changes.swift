extension IMAPReader {
    func mark(_ ids: [String], _ change: MailMark) async throws -> [String] {
        var marked: Set<String> = []
        for (mailbox, group) in try await grouped(ids) {
            marked.formUnion(
                try await inside(mailbox, isChange: true) { session in
                    let there = try await session.existing(group, in: mailbox)
                    guard !there.isEmpty else { return [String]() }
                    for set in IMAPSet(there.map(\.uid)).texts() {
                        _ = try await session.run(IMAPCommand("UID STORE", "\(set) \(change.store)"))
                    }
                    return there.map(\.id)
                })
        }
        return ids.filter(marked.contains)
    }

    func move(_ ids: [String], to destination: String) async throws -> [String: String] {
        let target = try await resolve(destination)
        var moved: [String: String] = [:]
        for (mailbox, group) in try await grouped(ids) where mailbox.wireName != target.wireName {
            let renamed = try await inside(mailbox, isChange: true) { session in
                let there = try await session.existing(group, in: mailbox)
                guard !there.isEmpty else { return [String: String]() }
                let new = try await session.move(there.map(\.uid), to: target.wireName)
                return there.reduce(into: [:]) { renamed, message in
                    guard let uid = new.uids[message.uid] else { return }
                    renamed[message.id] =
                        IMAPMessageID(mailbox: target.name, uidValidity: new.validity, uid: uid).text
                }
            }
            moved.merge(renamed) { first, _ in first }
        }
        return moved
    }

    /// A message that something is to be done to.
    struct Target: Sendable {
        let id: String
        let validity: UInt32?
        let uid: UInt32
    }

    /// The messages by the mailboxes that they are in. What is no id is nowhere.
    private func grouped(_ ids: [String]) async throws -> [(Mailbox, [Target])] {
        var groups: [(Mailbox, [Target])] = []
        for id in ids {
            guard let place = try await locate(id, in: nil) else { continue }
            let target = Target(id: id, validity: place.validity, uid: place.uid)
            if let index = groups.firstIndex(where: { $0.0.wireName == place.mailbox.wireName }) {
                groups[index].1.append(target)
            } else {
                groups.append((place.mailbox, [target]))
            }
        }
        return groups
    }
}

extension IMAPSession {
    /// Opens a mailbox for changes, and says which of the messages are there. An id of another UIDVALIDITY names none.
    fileprivate func existing(_ targets: [IMAPReader.Target], in mailbox: Mailbox) async throws -> [IMAPReader.Target] {
        let validity = try await open(mailbox.wireName, isReadOnly: false)
        let named = targets.filter { $0.validity == nil || $0.validity == validity }
        guard !named.isEmpty else { return [] }
        var there = Set<UInt32>()
        for set in IMAPSet(named.map(\.uid)).texts() {
            let reply = try await run(IMAPCommand("UID SEARCH", "UID \(set)"))
            there.formUnion(FoundUIDs(reply, limit: .max).newest)
        }
        return named.filter { there.contains($0.uid) }
    }

    /// Moves messages of the mailbox that is open (RFC 6851).
    ///
    /// - Returns: their new UIDs by the old ones and the UIDVALIDITY there, where the server says them (RFC 4315).
    fileprivate func move(_ uids: [UInt32], to mailbox: String) async throws -> (
        validity: UInt32, uids: [UInt32: UInt32]
    ) {
        var result: (validity: UInt32, uids: [UInt32: UInt32]) = (0, [:])
        for set in IMAPSet(uids).texts() {
            var command = IMAPCommand(capabilities.hasMove ? "UID MOVE" : "UID COPY", "\(set) ")
            command.add(string: mailbox)
            let reply = try await run(command)
            if let copied = reply.copied {
                result.validity = copied.validity
                result.uids.merge(copied.uids) { first, _ in first }
            }
            guard !capabilities.hasMove else { continue }
            _ = try await run(IMAPCommand("UID STORE", "\(set) +FLAGS.SILENT (\\Deleted)"))
            // Without UIDPLUS an expunge would take what others marked as well; the mark is all that can be done then.
            if capabilities.hasUIDPlus { _ = try await run(IMAPCommand("UID EXPUNGE", set)) }
        }
        return result
    }
}

extension IMAPReply {
    /// COPYUID: the two sets name the messages in the same order.
    fileprivate var copied: (validity: UInt32, uids: [UInt32: UInt32])? {
        guard let values = code("COPYUID"), values.count == 3, let validity = values[0].number,
            let old = values[1].text.flatMap({ IMAPSet.ordered($0) }),
            let new = values[2].text.flatMap({ IMAPSet.ordered($0) })
        else { return nil }
        let most = 100_000
        let pairs = zip(old.lazy.joined().prefix(most), new.lazy.joined().prefix(most))
        return (UInt32(clamping: validity), Dictionary(pairs.map { ($0, $1) }, uniquingKeysWith: { first, _ in first }))
    }
}

extension MailMark {
    fileprivate var store: String {
        switch self {
        case .read: "+FLAGS.SILENT (\\Seen)"
        case .unread: "-FLAGS.SILENT (\\Seen)"
        case .flagged: "+FLAGS.SILENT (\\Flagged)"
        case .unflagged: "-FLAGS.SILENT (\\Flagged)"
        }
    }
}
