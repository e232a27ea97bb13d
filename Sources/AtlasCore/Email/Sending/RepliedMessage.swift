import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The message that a letter answers, as far as the answer needs it (RFC 5322, 3.6.4 and appendix A.2).
struct RepliedMessage: Sendable {
    var messageID: String?
    var references: [String]
    var subject: String
    var date: Date
    var from: [MailAddress]
    var replyTo: [MailAddress]
    var to: [MailAddress]
    var text: String
    /// Whether a program wrote it (RFC 3834, 5).
    var isAutomatic: Bool

    init(_ fetched: FetchedMessage) {
        let header = fetched.header
        messageID = header.messageID ?? fetched.summary.messageID
        references = header.references.isEmpty ? Array(header.inReplyTo.prefix(1)) : header.references
        subject = header.subject ?? fetched.summary.subject
        date = header.date ?? fetched.summary.date
        from = header.addresses("From")
        replyTo = header.addresses("Reply-To")
        to = header.addresses("To")
        text = fetched.text.text
        let submitted = header["Auto-Submitted"]?.lowercased().trimmed ?? "no"
        let precedence = header["Precedence"]?.lowercased().trimmed ?? ""
        isAutomatic = submitted != "no" || ["bulk", "junk", "auto_reply"].contains(precedence)
    }

    /// Whom an answer goes to: who asked for it, else who wrote, and where that was ourselves, whom we wrote to.
    func recipients(isOwn: (MailAddress) -> Bool) -> [MailAddress] {
        let asked = replyTo.isEmpty ? from : replyTo
        let others = asked.filter { !isOwn($0) }
        let found = others.isEmpty ? to.filter { !isOwn($0) } : others
        return (found.isEmpty ? asked : found).filter { EmailAddress($0.address) != nil }
    }

    /// `Re: …`, once, whatever language the last one answered in.
    var answeringSubject: String {
        var rest = subject.cleaned()
        while let colon = rest.firstIndex(where: { $0 == ":" || $0 == "：" }) {
            var word = rest[..<colon].lowercased().trimmed
            // `Re[2]:` and `Re (2):` count how often.
            if let bracket = word.firstIndex(where: { $0 == "[" || $0 == "(" }),
                word[bracket...].dropFirst().dropLast().allSatisfy(\.isNumber)
            {
                word = String(word[..<bracket]).trimmed
            }
            guard Self.answering.contains(word) else { break }
            rest = String(rest[rest.index(after: colon)...]).trimmed
        }
        return "Re: " + rest
    }

    private static let answering: Set<String> = [
        "re", "aw", "sv", "antw", "vs", "odp", "res", "rif", "ynt", "bls", "vá", "回复", "答复", "回覆",
    ]

    /// What goes into References: those of the message, then the message itself; the first and the last ones when there are many.
    var answeringReferences: [String] {
        guard let messageID else { return references }
        let all = references.filter { $0 != messageID } + [messageID]
        return all.count <= 30 ? all : Array(all.prefix(1)) + Array(all.suffix(29))
    }
}
