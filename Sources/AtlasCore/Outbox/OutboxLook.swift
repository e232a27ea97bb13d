#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif
import JSON

/// The look before something leaves: whether it has left already, to whom it goes, and how much has left today.
struct OutboxLook {
    let dispatch: Dispatch

    init(_ dispatch: Dispatch) { self.dispatch = dispatch }

    /// What makes two calls the same, as the database keeps it.
    var hash: Query { "encode(sha256(convert_to(\(dispatch.arguments.description), 'UTF8')), 'hex')" }

    /// The earlier call with the key, the recipients; with a limit also its lock and the count, which needs a snapshot taken after
    /// the lock.
    var queries: [Query] {
        guard let limit = dispatch.limit else { return [earlier, recipients] }
        return [
            earlier, recipients,
            // One at a time, so that two cannot both be the last one of the day.
            "SELECT pg_advisory_xact_lock(1096043605, hashtext(\(dispatch.channel.rawValue)))",
            """
            SELECT count(*) FROM outbox
            WHERE channel = \(dispatch.channel.rawValue) AND created_at >= \(limit.since) AND status <> 'failed'
            """,
        ]
    }

    var earlier: Query {
        """
        SELECT id, arguments_hash = \(hash) AS same, status, outcome,
            created_at < now() - make_interval(secs => \(Double(dispatch.channel.longestSending))) AS died
        FROM outbox WHERE tool = \(dispatch.tool) AND idempotency_key = \(dispatch.idempotencyKey)
        FOR UPDATE
        """
    }

    /// The contacts that have the number or an address: the same look as an upsert's.
    private var recipients: Query {
        let columns: Query =
            "SELECT c.id, c.business_context_id, c.tags, i.identifies, i.value FROM contact_identities i"
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

extension OutboxLook {
    /// An earlier call with the same key.
    struct Earlier {
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
    struct Recipient {
        let id: UUID
        let businessContextID: String?
        let wantsNoContact: Bool
        let isIdentified: Bool
        /// The number or address that it was found by.
        let value: String

        init(_ row: Row) throws {
            id = try row.get("id")
            businessContextID = try row.get("business_context_id")
            let tags = (try row.get("tags", as: [String?]?.self) ?? []).compactMap(\.self)
            wantsNoContact = tags.contains { $0.lowercased().replacing("_", with: "-") == "do-not-contact" }
            isIdentified = try row.get("identifies")
            value = try row.get("value")
        }

        /// In whose histories a dispatch belongs, in the order of its recipients: at most one contact for each of them.
        static func contacts(
            among people: [Recipient], of dispatch: Dispatch, businessContextID: String?
        ) -> [Outbox.Reached] {
            guard dispatch.channel == .email else {
                let found = contact(among: people, businessContextID: businessContextID)
                return found.map { [Outbox.Reached(contact: $0, by: dispatch.recipients)] } ?? []
            }
            let groups = Dictionary(grouping: people, by: \.value)
            var reached: [Outbox.Reached] = []
            for address in dispatch.recipients {
                guard let found = contact(among: groups[address] ?? [], businessContextID: businessContextID) else {
                    continue
                }
                if let index = reached.firstIndex(where: { $0.contact == found }) {
                    reached[index].recipients.append(address)
                } else {
                    reached.append(Outbox.Reached(contact: found, by: [address]))
                }
            }
            return reached
        }

        /// Whose history it belongs to: the one of our business, else the one of none, else the only one there is.
        private static func contact(among people: [Recipient], businessContextID: String?) -> UUID? {
            let known = people.filter(\.isIdentified)
            let own =
                known.first { $0.businessContextID == businessContextID } ?? known.first { $0.businessContextID == nil }
            if let own { return own.id }
            return businessContextID == nil && known.count == 1 ? known.first?.id : nil
        }
    }
}
