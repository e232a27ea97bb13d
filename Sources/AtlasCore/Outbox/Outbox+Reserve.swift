#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

extension Outbox {
    /// The row of a dispatch that may go.
    struct Reservation: Sendable {
        let id: UUID
        let dispatch: Dispatch
        /// Whose history it belongs to.
        let contact: UUID?
    }

    enum Turn: Sendable {
        case go(Reservation)
        /// What the first call with the same key answered.
        case replay(JSON)
    }

    private enum Look: Sendable {
        case turn(Turn)
        /// The first call with the same key has not ended yet.
        case running
    }

    /// Lets a dispatch go, or gives the outcome of the one that went with the same key; waits for one that is on its way.
    func turn(of dispatch: Dispatch) async throws -> Turn {
        let id = UUID.timeOrdered()
        var pause = Duration.milliseconds(50)
        let end = ContinuousClock.now + .seconds(40)
        while true {
            let found = try await database.change { transaction in try look(dispatch, id: id, in: transaction) }
            if case .turn(let turn) = found { return turn }
            guard ContinuousClock.now < end else {
                throw conflict(
                    dispatch, "is still on its way. Wait, and call again with the same key to hear what became of it")
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .seconds(1))
        }
    }

    private func look(_ dispatch: Dispatch, id: UUID, in transaction: Transaction) throws -> Look {
        let hash: Query = "encode(sha256(convert_to(\(dispatch.arguments.description), 'UTF8')), 'hex')"
        var queries = [earlier(dispatch, hash), recipients(of: dispatch)]
        if let limit = dispatch.limit {
            // One at a time, so that two cannot both be the last one of the day.
            queries.append("SELECT pg_advisory_xact_lock(1096043605, hashtext(\(dispatch.channel.rawValue)))")
            queries.append(
                """
                SELECT count(*) FROM outbox
                WHERE channel = \(dispatch.channel.rawValue) AND created_at >= \(limit.since) AND status <> 'failed'
                """)
        }
        let rows = try transaction.pipeline(queries)

        var again: UUID?
        if let row = rows[0].first {
            let known = try Earlier(row)
            switch known.standing {
            case .other: throw conflict(dispatch, "was for other arguments. Use a new key for a new call")
            case .sent(let outcome): return .turn(.replay(outcome))
            case .running: return .running
            case .unknown:
                if known.hasDied {
                    try transaction.commit(with: [
                        "UPDATE outbox SET status = 'unknown', settled_at = now() WHERE id = \(known.id) AND status = 'sending'"
                    ])
                }
                throw conflict(
                    dispatch,
                    "did not end in a way we know of: it may or may not have happened. Look at the recipient's history before you "
                        + "do it again with a new key")
            case .failed: again = known.id
            }
        }
        let people = try rows[1].map(Recipient.init)
        if people.contains(where: \.wantsNoContact) {
            throw AtlasError(
                .permissionDenied,
                "A contact with this number or address has the tag do-not-contact; nothing was sent. Ask the operator.",
                parameter: "to")
        }
        if let limit = dispatch.limit, let today: Int = try rows[3].first?.get(0), today >= limit.most {
            throw AtlasError(
                .permissionDenied,
                "The limit of \(limit.most) \(dispatch.channel.plural) a day (\(limit.setting)) is reached; nothing was sent. Try "
                    + "again tomorrow, or ask the operator.")
        }
        let contact = Recipient.contact(among: people, businessContextID: businessContextID)
        try transaction.commit(with: [
            again.map { reopen($0, dispatch, contact) } ?? open(id, dispatch, hash, contact)
        ])
        return .turn(.go(Reservation(id: again ?? id, dispatch: dispatch, contact: contact)))
    }

    private func conflict(_ dispatch: Dispatch, _ words: String) -> AtlasError {
        AtlasError(
            .conflict, "The call with idempotency_key \"\(dispatch.idempotencyKey ?? "")\" \(words).",
            parameter: "idempotency_key")
    }

    private func open(_ id: UUID, _ dispatch: Dispatch, _ hash: Query, _ contact: UUID?) -> Query {
        """
        INSERT INTO outbox (id, channel, tool, recipients, idempotency_key, arguments_hash, provider, contact_id)
        VALUES (\(id), \(dispatch.channel.rawValue), \(dispatch.tool), \(dispatch.recipients),
            \(dispatch.idempotencyKey), \(hash), \(dispatch.provider), \(contact))
        """
    }

    /// The first attempt is known to have sent nothing, so the next one may.
    private func reopen(_ id: UUID, _ dispatch: Dispatch, _ contact: UUID?) -> Query {
        """
        UPDATE outbox SET status = 'sending', provider = \(dispatch.provider), contact_id = \(contact), error = NULL,
            created_at = now(), settled_at = NULL
        WHERE id = \(id)
        """
    }

    private func earlier(_ dispatch: Dispatch, _ hash: Query) -> Query {
        """
        SELECT id, arguments_hash = \(hash) AS same, status, outcome,
            created_at < now() - make_interval(secs => \(Double(Dispatch.longestSending))) AS died
        FROM outbox WHERE tool = \(dispatch.tool) AND idempotency_key = \(dispatch.idempotencyKey)
        FOR UPDATE
        """
    }

    /// The contacts that have the number or an address: the same look as an upsert's.
    private func recipients(of dispatch: Dispatch) -> Query {
        let columns: Query = "SELECT c.id, c.business_context_id, c.tags, i.identifies FROM contact_identities i"
        let join: Query = "JOIN contacts c ON c.id = i.contact_id"
        guard dispatch.channel != .email else {
            return "\(columns) \(join) WHERE i.kind = 'email' AND i.value = ANY(\(dispatch.recipients))"
        }
        let number = dispatch.recipients.first
        return """
            \(columns) \(join)
            WHERE i.kind = 'phone' AND right(i.value, 7) = right(\(number)::text, 7)
                AND (i.value = \(number) OR NOT i.identifies AND right(i.value, 10) = right(\(number)::text, 10))
            """
    }
}

/// An earlier call with the same key.
private struct Earlier {
    enum Standing {
        case other, running, unknown, failed
        case sent(JSON)
    }

    let id: UUID
    let standing: Standing
    /// Whether its row says that it is on its way, and its server must be gone.
    let hasDied: Bool

    init(_ row: Row) throws {
        id = try row.get("id")
        let status: String = try row.get("status")
        let died: Bool = try row.get("died")
        hasDied = status == "sending" && died
        if try !row.get("same", as: Bool.self) {
            standing = .other
            return
        }
        switch (status, try row.get("outcome", as: JSON?.self)) {
        case ("sent", let outcome?): standing = .sent(outcome)
        case ("failed", _): standing = .failed
        case ("sending", _) where !died: standing = .running
        default: standing = .unknown
        }
    }
}

/// A contact that a dispatch goes to.
private struct Recipient {
    let id: UUID
    let businessContextID: String?
    let wantsNoContact: Bool
    let isIdentified: Bool

    init(_ row: Row) throws {
        id = try row.get("id")
        businessContextID = try row.get("business_context_id")
        let tags = (try row.get("tags", as: [String?]?.self) ?? []).compactMap(\.self)
        wantsNoContact = tags.contains { $0.lowercased().replacing("_", with: "-") == "do-not-contact" }
        isIdentified = try row.get("identifies")
    }

    /// Whose history it belongs to: the one of our business, else the one of none, else the only one there is.
    static func contact(among people: [Recipient], businessContextID: String?) -> UUID? {
        let known = people.filter(\.isIdentified)
        let own =
            known.first { $0.businessContextID == businessContextID } ?? known.first { $0.businessContextID == nil }
        if let own { return own.id }
        return businessContextID == nil && known.count == 1 ? known.first?.id : nil
    }
}
