import MIME

extension IMAPReader {
    /// How often is looked for further messages, how many there may be, and how many names are asked for at once.
    private static let mostRounds = 3
    private static let mostMessages = 50
    private static let mostNames = 20
    /// Octets of each that come at first: a conversation may have fifty.
    private static let firstOctets = 192 << 10

    func thread(_ id: String, in mailbox: String?) async throws -> [FetchedMessage] {
        guard let conversation = try await threadID(id, in: mailbox) else { return [] }
        switch conversation {
        case .gmail: return try await gmailThread(conversation, in: mailbox)
        case .root(let messageID): return try await thread(of: messageID, in: mailbox)
        case .message(let message): return try await self.message(message.text, in: mailbox).map { [$0] } ?? []
        }
    }

    /// The conversation with an id, or that of the message with it.
    private func threadID(_ id: String, in mailbox: String?) async throws -> IMAPThreadID? {
        if let thread = IMAPThreadID(id) {
            guard case .message = thread else { return thread }
        }
        guard let place = try await locate(id, in: mailbox) else { return nil }
        return try await inside(place.mailbox) { session in
            let gmail = session.capabilities.isGmail ? " X-GM-THRID" : ""
            let command = IMAPCommand("UID FETCH", "\(place.uid) (UID\(gmail) \(FetchItems.threadFields))")
            let replies = try await session.run([command], in: place.mailbox.wireName)
            guard place.isMeant(in: session), let reply = replies.first,
                let items = FetchedItems.all(reply)[place.uid]
            else { return nil }
            if let number = items.gmailThread { return .gmail(number) }
            let header = MailHeader(parsing: items.header ?? [])
            return IMAPThreadID(
                messageID: header.messageID, references: header.references, inReplyTo: header.inReplyTo,
                id: IMAPMessageID(mailbox: place.mailbox.name, uidValidity: session.validity, uid: place.uid))
        }
    }

    private func gmailThread(_ thread: IMAPThreadID, in mailbox: String?) async throws -> [FetchedMessage] {
        var target = try await self.mailbox(for: .all)
        if target == nil { target = try await resolve(mailbox) }
        guard let target, let criteria = thread.criteria else { return [] }
        return try await inside(target) { session in
            let found = try await session.find(criteria, in: target, limit: Self.mostMessages)
            return try await session.messages(found.newest, in: target, first: Self.firstOctets).oldestFirst
        }
    }

    /// Everything that hangs together with a message by Message-ID, References and In-Reply-To (RFC 5322, 3.6.4), in the mailbox, the
    /// inbox and the sent mail, which are looked through side by side.
    private func thread(of messageID: String, in mailbox: String?) async throws -> [FetchedMessage] {
        var places = [try await resolve(mailbox)]
        for further in [Mailbox.inbox, try await self.mailbox(for: .sent)].compactMap(\.self)
        where !places.contains(where: { $0.wireName == further.wireName }) {
            places.append(further)
        }
        var relatives = Relatives(messageID)
        for _ in 0..<Self.mostRounds {
            let names = relatives.takeNames(Self.mostNames)
            if names.isEmpty || relatives.count >= Self.mostMessages { break }
            let found = try await inEach(places) { place, session in
                try await session.mentions(of: names, in: place, limit: Self.mostMessages)
            }
            relatives.add(found)
        }
        let members = relatives
        let messages = try await inEach(places) { place, session in
            let wanted = members.uids(in: place)
            if wanted.isEmpty { return [FetchedMessage]() }
            let messages = try await session.messages(wanted, in: place, first: Self.firstOctets)
            return session.validity == members.validity(of: place) ? messages : []
        }
        let id = IMAPThreadID.root(messageID).text
        let whole = Conversation(id: id, messages: messages.flatMap(\.1)).messages
        return Array(whole.suffix(Self.mostMessages))
    }

    private func inEach<R: Sendable>(
        _ places: [Mailbox], _ body: @escaping @Sendable (Mailbox, IMAPSession) async throws -> R
    ) async throws -> [(Mailbox, R)] {
        try await withThrowingTaskGroup(of: (Int, R).self) { group in
            for (index, place) in places.enumerated() {
                group.addTask { (index, try await inside(place) { try await body(place, $0) }) }
            }
            let results = try await group.reduce(into: [(Int, R)]()) { $0.append($1) }
            return results.sorted { $0.0 < $1.0 }.map { (places[$0.0], $0.1) }
        }
    }
}

extension [FetchedMessage] {
    fileprivate var oldestFirst: [FetchedMessage] { sorted { $0.summary.date < $1.summary.date } }
}
