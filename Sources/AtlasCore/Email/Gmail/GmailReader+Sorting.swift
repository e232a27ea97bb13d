import JSON

extension GmailReader {
    func mark(_ ids: [String], _ change: MailMark) async throws -> [String] {
        let body: JSON =
            switch change {
            case .read: ["removeLabelIds": ["UNREAD"]]
            case .unread: ["addLabelIds": ["UNREAD"]]
            case .flagged: ["addLabelIds": ["STARRED"]]
            case .unflagged: ["removeLabelIds": ["STARRED"]]
            }
        return try await changed(ids) { raw in try await api.change("/messages/\(raw)/modify", body) != nil }
    }

    /// Ids stay what they are: a move is a change of labels.
    func move(_ ids: [String], to mailbox: String) async throws -> [String: String] {
        let place = try await place(mailbox)
        let body: JSON? =
            switch place {
            case .all: ["removeLabelIds": ["INBOX", "SPAM", "TRASH"]]
            case .label("TRASH"): nil
            case .label("SPAM"): ["addLabelIds": ["SPAM"], "removeLabelIds": ["INBOX", "TRASH"]]
            case .label("INBOX"): ["addLabelIds": ["INBOX"], "removeLabelIds": ["SPAM", "TRASH"]]
            case .label("STARRED"), .label("IMPORTANT"): ["addLabelIds": [.string(place.label ?? "")]]
            case .label("SENT"), .label("DRAFT"):
                throw AtlasError(
                    .invalidArgument,
                    "Gmail puts nothing into \(mailbox.cleaned().cutShort(at: 100)) but what is sent or written there.",
                    parameter: "mailbox")
            case .label(let id): ["addLabelIds": [.string(id)], "removeLabelIds": ["INBOX", "SPAM", "TRASH"]]
            }
        let moved = try await changed(ids) { raw in
            guard let body else { return try await api.change("/messages/\(raw)/trash", nil) != nil }
            return try await api.change("/messages/\(raw)/modify", body) != nil
        }
        return Dictionary(moved.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// One request for each, not `batchModify`: that does not tell which were there.
    private func changed(_ ids: [String], _ change: @escaping @Sendable (String) async throws -> Bool) async throws
        -> [String]
    {
        try await concurrently(ids, atMost: GmailAPI.mostAtOnce) { id -> String? in
            guard let raw = GmailID.rawMessage(id), try await change(raw) else { return nil }
            return id
        }
        .compactMap { $0 }
    }
}
