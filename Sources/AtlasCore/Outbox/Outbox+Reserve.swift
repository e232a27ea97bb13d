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
        /// In whose histories it belongs.
        let contacts: [Reached]
    }

    /// A contact that a dispatch goes to, and the recipients that are it.
    struct Reached: Sendable {
        let contact: UUID
        var recipients: [String]

        init(contact: UUID, by recipients: [String]) {
            self.contact = contact
            self.recipients = recipients
        }
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
        let look = OutboxLook(dispatch)
        let rows = try transaction.pipeline(look.queries)

        var again: UUID?
        if let row = rows[0].first {
            let known = try OutboxLook.Earlier(row)
            switch known.standing {
            case .other: throw conflict(dispatch, "was for other arguments. Use a new key for a new call")
            case .sent(let outcome): return .turn(.replay(outcome))
            case .running: return .running
            case .unknown:
                if known.hasDied {
                    let companions =
                        dispatch.companion?.settling(known.id, .unknown("its server ended meanwhile")) ?? []
                    try transaction.commit(
                        with: [
                            """
                            UPDATE outbox SET status = 'unknown', settled_at = now()
                            WHERE id = \(known.id) AND status = 'sending'
                            """
                        ] + companions)
                }
                throw conflict(
                    dispatch,
                    "did not end in a way we know of: it may or may not have happened. Look at the recipient's history before you "
                        + "do it again with a new key")
            case .failed: again = known.id
            }
        }
        let people = try rows[1].map(OutboxLook.Recipient.init)
        if let silent = people.first(where: \.wantsNoContact) {
            let which = dispatch.recipients.count > 1 ? "the address \(silent.value)" : "this number or address"
            throw AtlasError(
                .permissionDenied,
                "A contact with \(which) has the tag do-not-contact; nothing was sent. Ask the operator.",
                parameter: "to")
        }
        if let limit = dispatch.limit, let today: Int = try rows[3].first?.get(0), today >= limit.most {
            throw AtlasError(
                .permissionDenied,
                "The limit of \(limit.most) \(dispatch.channel.plural) a day (\(limit.setting)) is reached; nothing was sent. Try "
                    + "again tomorrow, or ask the operator.")
        }
        let contacts = OutboxLook.Recipient.contacts(
            among: people, of: dispatch, businessContextID: businessContextID)
        let first = contacts.first?.contact
        let row = again.map { reopen($0, dispatch, first) } ?? open(id, dispatch, look.hash, first)
        let companions = dispatch.companion?.opening(again ?? id) ?? []
        try transaction.commit(with: [row] + companions)
        return .turn(.go(Reservation(id: again ?? id, dispatch: dispatch, contacts: contacts)))
    }

    private func conflict(_ dispatch: Dispatch, _ words: String) -> AtlasError {
        Self.conflict(dispatch.idempotencyKey ?? "", words)
    }

    static func conflict(_ key: String, _ words: String) -> AtlasError {
        AtlasError(
            .conflict, "The call with idempotency_key \"\(key)\" \(words).", parameter: "idempotency_key")
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
}
