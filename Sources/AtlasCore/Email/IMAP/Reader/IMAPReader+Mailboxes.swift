extension IMAPReader {
    func folders() async throws -> [MailFolder] {
        let mailboxes = try await with(nil) { try await directory.load($0, counting: true) }
        return mailboxes.map { mailbox in
            MailFolder(
                name: mailbox.name.cleaned(), role: mailbox.role?.rawValue, total: mailbox.total,
                unread: mailbox.unread, selectable: mailbox.isSelectable)
        }
    }

    /// The mailbox that a caller names, the configured one when there is no name.
    func resolve(_ name: String?) async throws -> Mailbox {
        let name = name ?? mailbox
        if name.uppercased() == "INBOX" { return .inbox }
        if let known = directory.mailboxes?.named(name), known.isSelectable { return known }
        let mailboxes = try await with(nil) { try await directory.load($0) }
        if let found = mailboxes.named(name), found.isSelectable { return found }
        throw Self.unknown(name, among: mailboxes)
    }

    /// The mailbox with a role; nil when there is none.
    func mailbox(for role: MailboxRole) async throws -> Mailbox? {
        if let known = directory.mailboxes { return known.first { $0.role == role && $0.isSelectable } }
        let mailboxes = try await with(nil) { try await directory.load($0) }
        return mailboxes.first { $0.role == role && $0.isSelectable }
    }

    /// The mailbox that an id names, which need not be looked up.
    func mailbox(of id: IMAPMessageID) -> Mailbox {
        if id.mailbox.uppercased() == "INBOX" { return .inbox }
        return directory.mailboxes?.first { $0.name == id.mailbox }
            ?? Mailbox(name: id.mailbox, wireName: ModifiedUTF7.encode(id.mailbox))
    }

    static func unknown(_ name: String, among mailboxes: [Mailbox]) -> AtlasError {
        let names = mailboxes.filter(\.isSelectable).prefix(8).map { $0.name.cleaned().cutShort(at: 60) }
        let there = names.isEmpty ? "" : " There are: \(names.joined(separator: ", "))."
        return AtlasError(
            .notFound, "There is no mailbox “\(name.cleaned().cutShort(at: 80))”.\(there)", parameter: "mailbox")
    }

    /// As ``with(_:isChange:_:)`` in a mailbox, whose absence is told as such.
    func inside<R: Sendable>(
        _ mailbox: Mailbox, isChange: Bool = false, _ body: (IMAPSession) async throws -> R
    ) async throws -> R {
        try await with(mailbox.wireName, isChange: isChange) { session in
            do { return try await body(session) } catch IMAPFailure.refused(let status, let command) {
                guard ["EXAMINE", "SELECT"].contains(command), status.kind == .no, status.isAboutName else {
                    throw IMAPFailure.refused(status, command: command)
                }
                directory.forget()
                throw Self.unknown(mailbox.name, among: directory.mailboxes ?? [])
            }
        }
    }
}

extension IMAPStatus {
    /// Whether a mailbox was refused because it is not there: that is so unless the server gives another reason.
    fileprivate var isAboutName: Bool { code == nil || ["NONEXISTENT", "TRYCREATE", "CANNOT"].contains(code) }
}
