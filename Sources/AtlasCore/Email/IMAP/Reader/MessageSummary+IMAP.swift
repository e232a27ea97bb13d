import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension MessageSummary {
    /// - Parameters:
    ///   - header: its header, or those fields of it that are shown.
    ///   - text: what is known of its text.
    init(
        _ items: FetchedItems, header: MailHeader, text: ReadableText, mailbox: Mailbox, validity: UInt32,
        attachments: [AttachedFile]
    ) {
        let id = IMAPMessageID(mailbox: mailbox.name, uidValidity: validity, uid: items.uid)
        let thread =
            items.gmailThread.map(IMAPThreadID.gmail)
            ?? IMAPThreadID(
                messageID: header.messageID, references: header.references, inReplyTo: header.inReplyTo, id: id)
        self.init(
            id: id.text, threadID: thread.text, mailbox: mailbox.name.cleaned(),
            from: Self.people(header.addresses("From")).first, to: Self.people(header.addresses("To")),
            cc: Self.people(header.addresses("Cc")), subject: (header.subject ?? "").cleaned().cutShort(at: 1000),
            date: header.date ?? items.arrival ?? Date(timeIntervalSince1970: 0),
            messageID: header.messageID?.cleaned().cutShort(at: 1000),
            inReplyTo: header.inReplyTo.first?.cleaned().cutShort(at: 1000),
            unread: !items.flags.contains("\\seen"), flagged: items.flags.contains("\\flagged"),
            hasAttachments: !attachments.isEmpty, snippet: Self.snippet(text))
    }

    private static let mostPeople = 100
    private static let longestSnippet = 200

    private static func people(_ addresses: [MailAddress]) -> [String] {
        addresses.prefix(mostPeople).map { $0.text.cleaned().cutShort(at: 500) }
    }

    /// The beginning of what was newly written, in one line.
    private static func snippet(_ text: ReadableText) -> String {
        (text.newText.isEmpty ? text.text : text.newText).beginning(upTo: longestSnippet)
    }
}
