import JSON

/// The labels of an account, which are what other mail has mailboxes for.
struct GmailLabels: Sendable {
    struct Label: Sendable {
        let id: String
        let name: String
        let isSystem: Bool
    }

    /// A mailbox by a label; nil is all mail, which no label says.
    enum Place: Sendable, Equatable {
        case label(String)
        case all

        var label: String? { if case .label(let id) = self { id } else { nil } }
    }

    let labels: [Label]

    init(_ json: JSON) throws {
        guard let items = json["labels"]?.items else { throw GoogleService.gmail.garbled }
        labels = items.compactMap { item in
            guard let id = item["id"]?.text, let name = item["name"]?.text else { return nil }
            return Label(id: id, name: name, isSystem: item["type"]?.text == "system")
        }
    }

    /// The places that are in every account, by the words that people have for them (RFC 6154 has some).
    static func known(_ name: String) -> Place? {
        switch name.lowercased() {
        case "inbox": .label("INBOX")
        case "sent", "sent mail", "[gmail]/sent mail": .label("SENT")
        case "drafts", "draft", "[gmail]/drafts": .label("DRAFT")
        case "trash", "bin", "[gmail]/trash": .label("TRASH")
        case "junk", "spam", "[gmail]/spam": .label("SPAM")
        case "flagged", "starred", "[gmail]/starred": .label("STARRED")
        case "important", "[gmail]/important": .label("IMPORTANT")
        case "all", "archive", "all mail", "anywhere", "[gmail]/all mail": .all
        default: nil
        }
    }

    /// A label by its id or by its name, case aside.
    subscript(_ name: String) -> Label? {
        let lower = name.lowercased()
        return labels.first { $0.name == name || $0.id == name } ?? labels.first { $0.name.lowercased() == lower }
    }

    /// Whether a mail program would show it as a mailbox; other system labels are flags and tabs.
    static func isMailbox(_ label: Label) -> Bool {
        !label.isSystem || ["INBOX", "SENT", "DRAFT", "TRASH", "SPAM", "STARRED", "IMPORTANT"].contains(label.id)
    }

    static func role(of id: String) -> String? {
        switch id {
        case "INBOX": "inbox"
        case "SENT": "sent"
        case "DRAFT": "drafts"
        case "TRASH": "trash"
        case "SPAM": "junk"
        case "STARRED": "flagged"
        default: nil
        }
    }
}
