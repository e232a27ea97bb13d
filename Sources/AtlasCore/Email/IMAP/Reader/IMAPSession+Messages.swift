import MIME

extension IMAPSession {
    /// Octets of a message that come at first. Most messages end before, and need nothing more; of longer ones the text is fetched
    /// by itself, and never what is attached.
    static let firstOctets = 1 << 20
    /// Texts of a long message, and octets of each.
    private static let mostTexts = 8
    private static let longestText = 2 << 20

    /// Whole messages of a mailbox, which is opened for it, in the order of `uids`; those that are gone are left out.
    ///
    /// - Parameter first: octets of each that come at first.
    func messages(
        _ uids: [UInt32], in mailbox: Mailbox, first: Int = firstOctets
    ) async throws -> [FetchedMessage] {
        guard !uids.isEmpty else { return [] }
        let commands = IMAPCommand.fetch(IMAPSet(uids), FetchItems.message(capabilities, octets: first))
        var found: [UInt32: FetchedItems] = [:]
        for reply in try await run(commands, in: mailbox.wireName) {
            found.merge(FetchedItems.all(reply)) { first, _ in first }
        }
        var messages: [FetchedMessage] = []
        for uid in uids {
            guard let items = found.removeValue(forKey: uid) else { continue }
            messages.append(try await message(items, in: mailbox, first: first))
        }
        return messages
    }

    private func message(_ items: FetchedItems, in mailbox: Mailbox, first: Int) async throws -> FetchedMessage {
        let octets = items.contents["BODY[]<0>"] ?? items.contents["BODY[]"] ?? []
        let parsed = MailMessage(parsing: Array(octets))
        // RFC822.SIZE may be wrong with some servers, so what came counts too.
        let isWhole = octets.count < first && octets.count >= min(items.size ?? 0, first - 1)
        guard !isWhole, let structure = items.structure, !octets.isEmpty else {
            // The server's numbers of the parts fetch them later.
            var files = (items.structure ?? parsed.root).attachedFiles
            if isWhole {
                // What is here has been counted; the server tells only what is transferred.
                let counted = Dictionary(parsed.root.attachedFiles.map { ($0.section, $0) }) { first, _ in first }
                for index in files.indices {
                    guard let file = counted[files[index].section], file.contentType == files[index].contentType else {
                        continue
                    }
                    files[index].size = file.size
                }
            }
            return record(items, parsed, text: parsed.root.readableText(), files: files, in: mailbox)
        }
        var message = MailMessage(root: structure)
        message.root.header = parsed.header
        let sections = Array(structure.textSections.prefix(Self.mostTexts))
        let texts = try await contents(sections, of: items.uid)
        message.root.fill(texts)
        for (section, text) in texts where text.count >= Self.longestText {
            message.problems.append("The text in part \(section) is longer than what was read of it.")
        }
        return record(
            items, message, text: message.root.readableText(), files: structure.attachedFiles, in: mailbox)
    }

    private func record(
        _ items: FetchedItems, _ message: MailMessage, text: ReadableText, files: [AttachedFile], in mailbox: Mailbox
    ) -> FetchedMessage {
        let summary = MessageSummary(
            items, header: message.header, text: text, mailbox: mailbox, validity: validity, attachments: files)
        return FetchedMessage(
            summary: summary, header: message.header, text: text, attachments: files,
            problems: message.problems + text.problems)
    }

    /// The beginnings of parts, still transfer-encoded.
    private func contents(_ sections: [String], of uid: UInt32) async throws -> [String: ArraySlice<UInt8>] {
        guard !sections.isEmpty else { return [:] }
        let items = sections.map { "BODY.PEEK[\($0)]<0.\(Self.longestText)>" }.joined(separator: " ")
        let reply = try await run(IMAPCommand("UID FETCH", "\(uid) (UID \(items))"))
        let contents = FetchedItems.all(reply)[uid]?.contents ?? [:]
        return sections.reduce(into: [:]) { found, section in
            found[section] = contents["BODY[\(section)]<0>"] ?? contents["BODY[\(section)]"]
        }
    }
}

extension MIMEPart {
    /// Puts contents into the parts of these sections.
    fileprivate mutating func fill(_ contents: [String: ArraySlice<UInt8>]) {
        if let content = contents[section] {
            self.content = content
            return
        }
        // As deep as structures are read, which is bounded.
        for index in children.indices { children[index].fill(contents) }
    }
}
