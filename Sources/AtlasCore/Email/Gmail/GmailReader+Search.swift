import JSON

extension GmailReader {
    /// How many ids are asked for at once, and how often, to tell how many a query finds. Beyond that it is Gmail's estimate.
    private static let pageSize = 500
    private static let mostPages = 6

    /// What a list shows of a message: all but its content. `format=metadata` would say nothing of attachments, so it is the full
    /// form without its bodies (Gmail API, "Partial response").
    private static let summaryFields =
        "id,threadId,labelIds,snippet,internalDate,payload(\(partFields),parts(\(partFields),parts(\(partFields),parts(\(partFields),parts(\(partFields))))))"
    private static let partFields = "partId,mimeType,filename,headers,body(attachmentId,size)"

    func search(_ query: MailQuery, in mailbox: String?, limit: Int) async throws -> FoundMessages {
        let place = try await place(mailbox ?? "INBOX")
        var asked: [(String, String?)] = [("maxResults", String(Self.pageSize))]
        let text = try GmailQuery(query).text
        if !text.isEmpty { asked.append(("q", text)) }
        if case .label(let id) = place {
            asked.append(("labelIds", id))
            // Gmail leaves them out otherwise, even where the label asks for them.
            if id == "TRASH" || id == "SPAM" { asked.append(("includeSpamTrash", "true")) }
        }
        let first = try await page(asked)
        async let total = count(from: first, asked)
        let shown = try await concurrently(Array(first.ids.prefix(limit)), atMost: GmailAPI.mostAtOnce) {
            try await summary($0)
        }
        return try await FoundMessages(messages: shown.compactMap { $0 }, total: total)
    }

    private struct Page: Sendable {
        let ids: [String]
        let next: String?
        let estimate: Int
    }

    private func page(_ query: [(String, String?)]) async throws -> Page {
        let fields = [("fields", Optional("messages/id,nextPageToken,resultSizeEstimate"))]
        guard let json = try await api.read("/messages", query + fields), json.object != nil else {
            throw GoogleService.gmail.garbled
        }
        let ids = (json["messages"]?.items ?? []).compactMap { $0["id"]?.text }.filter { GmailID.isRaw($0) }
        return Page(
            ids: ids, next: json["nextPageToken"]?.text.flatMap { $0.isEmpty ? nil : $0 },
            estimate: json["resultSizeEstimate"]?.wholeNumber ?? 0)
    }

    private func count(from first: Page, _ query: [(String, String?)]) async throws -> Int {
        var page = first
        var count = first.ids.count
        var pages = 1
        while let next = page.next {
            guard pages < Self.mostPages else { return max(count + 1, page.estimate) }
            page = try await self.page(query + [("pageToken", next)])
            count += page.ids.count
            pages += 1
        }
        return count
    }

    /// - Returns: nil when the message is gone since it was listed.
    private func summary(_ raw: String) async throws -> MessageSummary? {
        let query = [("format", Optional("full")), ("fields", Self.summaryFields)]
        return try await api.read("/messages/\(raw)", query).flatMap(GmailMessage.init)?.summary
    }

    /// - Throws: ``AtlasError`` `not_found` for a mailbox that is not there.
    func place(_ mailbox: String) async throws -> GmailLabels.Place {
        if let known = GmailLabels.known(mailbox) { return known }
        let labels = try await labels()
        guard let label = labels[mailbox] else {
            let names = labels.labels.filter { !$0.isSystem }.prefix(20).map { $0.name.cleaned().cutShort(at: 60) }
            let others = names.isEmpty ? "" : ", or one of these labels: \(names.joined(separator: ", "))"
            throw AtlasError(
                .notFound,
                "Gmail has no label \(mailbox.cleaned().cutShort(at: 100)). Name inbox, sent, drafts, trash, junk or all\(others).",
                parameter: "mailbox")
        }
        return .label(label.id)
    }

    func labels() async throws -> GmailLabels {
        guard let json = try await api.read("/labels") else { throw GoogleService.gmail.garbled }
        return try GmailLabels(json)
    }

    private static let mostFolders = 200

    func folders() async throws -> [MailFolder] {
        let mailboxes = try await labels().labels.filter { GmailLabels.isMailbox($0) }.prefix(Self.mostFolders)
        async let profile = api.read("/profile")
        // The list itself has no counts.
        let counted = try await concurrently(Array(mailboxes), atMost: GmailAPI.mostAtOnce) { label in
            let json = try await api.read("/labels/\(FormEncoding.step(label.id))")
            return MailFolder(
                name: label.name.cleaned(), role: GmailLabels.role(of: label.id),
                total: json?["messagesTotal"]?.wholeNumber,
                unread: json?["messagesUnread"]?.wholeNumber, selectable: true)
        }
        let all = MailFolder(
            name: "ALL", role: "all", total: try await profile?["messagesTotal"]?.wholeNumber, unread: nil,
            selectable: true)
        return counted + [all]
    }
}
