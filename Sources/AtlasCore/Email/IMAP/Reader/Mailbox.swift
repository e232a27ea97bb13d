/// A mailbox as LIST tells it (RFC 3501, 7.2.2).
struct Mailbox: Sendable, Equatable {
    /// As a person reads it.
    var name: String
    /// As the server writes it: modified UTF-7.
    var wireName: String
    var attributes: [String] = []
    var delimiter: String?
    var role: MailboxRole?
    var total: Int?
    var unread: Int?

    var isSelectable: Bool {
        !attributes.contains { ["\\noselect", "\\nonexistent"].contains($0.lowercased()) }
    }

    /// The one that every account has (RFC 3501, 5.1).
    static let inbox = Mailbox(name: "INBOX", wireName: "INBOX", role: .inbox)

    init(name: String, wireName: String, attributes: [String] = [], delimiter: String? = nil, role: MailboxRole? = nil)
    {
        self.name = name
        self.wireName = wireName
        self.attributes = attributes
        self.delimiter = delimiter
        self.role = role
    }

    /// From the values of a LIST response; nil when they are not what they should be.
    init?(listed values: [IMAPValue]) {
        guard values.count >= 3, let attributes = values[0].list, let octets = values[2].octets,
            let wireName = String(validating: octets, as: UTF8.self), !wireName.isEmpty
        else { return nil }
        let isInbox = wireName.uppercased() == "INBOX"
        self.init(
            name: isInbox ? "INBOX" : ModifiedUTF7.decode(octets), wireName: isInbox ? "INBOX" : wireName,
            attributes: attributes.compactMap(\.text), delimiter: values[1].text)
    }
}
