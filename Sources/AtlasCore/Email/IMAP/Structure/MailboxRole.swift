/// What a mailbox is for (RFC 6154).
enum MailboxRole: String, Sendable, CaseIterable {
    case inbox, sent, drafts, trash, junk, archive, all, flagged

    /// From the attributes of LIST, in any case: `\Sent`. Gmail's own from before RFC 6154 count too.
    init?(attributes: [String]) {
        for attribute in attributes {
            switch attribute.lowercased() {
            case "\\inbox": self = .inbox
            case "\\sent": self = .sent
            case "\\drafts": self = .drafts
            case "\\trash": self = .trash
            case "\\junk", "\\spam": self = .junk
            case "\\archive": self = .archive
            case "\\all", "\\allmail": self = .all
            case "\\flagged", "\\starred": self = .flagged
            default: continue
            }
            return
        }
        return nil
    }

    /// From a role as a caller says it: `sent`, and Gmail's words `spam`, `bin`, `starred`, `anywhere`.
    init?(named name: String) {
        switch name.lowercased() {
        case "inbox": self = .inbox
        case "sent": self = .sent
        case "draft", "drafts": self = .drafts
        case "trash", "bin": self = .trash
        case "junk", "spam": self = .junk
        case "archive": self = .archive
        case "all", "anywhere": self = .all
        case "flagged", "starred": self = .flagged
        default: return nil
        }
    }

    /// From the name of a mailbox, in the languages that mail programs name them in. Only for servers that say no attributes.
    ///
    /// - Parameter delimiter: what separates levels. A name counts at the top, below INBOX and below Gmail's folder.
    init?(mailbox: String, delimiter: String?) {
        if mailbox.uppercased() == "INBOX" {
            self = .inbox
            return
        }
        var name = mailbox[...]
        if let delimiter, !delimiter.isEmpty {
            for above in ["INBOX", "[Gmail]", "[Google Mail]"] {
                let prefix = above + delimiter
                if name.count > prefix.count, name.prefix(prefix.count).uppercased() == prefix.uppercased() {
                    name = name.dropFirst(prefix.count)
                    break
                }
            }
            guard !name.contains(delimiter) else { return nil }
        }
        guard let role = Self.names[String(name).folded] else { return nil }
        self = role
    }

    /// The mailbox for each role. Attributes count before names, and among equals the first.
    static func mailboxes(
        of folders: [(name: String, attributes: [String], delimiter: String?)]
    ) -> [MailboxRole: String] {
        var mailboxes: [MailboxRole: String] = [:]
        for folder in folders {
            if let role = MailboxRole(attributes: folder.attributes), mailboxes[role] == nil {
                mailboxes[role] = folder.name
            }
        }
        for folder in folders where !folder.attributes.contains(where: { $0.lowercased() == "\\noselect" }) {
            if let role = MailboxRole(mailbox: folder.name, delimiter: folder.delimiter), mailboxes[role] == nil {
                mailboxes[role] = folder.name
            }
        }
        return mailboxes
    }
}
