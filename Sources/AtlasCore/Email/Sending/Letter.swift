import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A letter that is ready to leave.
struct Letter: Sendable {
    var from: MailAddress
    var replyTo: [MailAddress] = []
    var recipients: Recipients
    var subject: String
    var text: String
    var html: String?
    var attachments: [OutgoingMail.Attachment] = []
    var inReplyTo: String?
    var references: [String] = []
    var template = LetterTemplate.generic
    /// What its caller is told about a letter made from a template.
    var made: Made?
    /// What the caller should know of its making.
    var warnings: [String] = []

    struct Made: Sendable {
        /// `estimate_business`
        let template: String
        var isPDFAttached: Bool?
        /// `Estimate of $150.00`, as the history of the contact says it.
        let title: String
    }

    /// The same for each attempt to send it, so that two copies of it can be known for one (RFC 5322, 3.6.4).
    func messageID(_ id: UUID) -> String {
        let domain = from.domain.lowercased()
        let isPlain = domain.utf8.allSatisfy { $0 < 0x80 }
        return "\(id.uuidString.lowercased())@\(isPlain ? domain : "localhost")"
    }

    func mail(messageID: String, time: BusinessTime, date: Date = Date()) -> OutgoingMail {
        var mail = OutgoingMail(
            from: from, subject: subject, text: text, date: date, utcOffset: time.offset(at: date),
            messageID: messageID)
        mail.replyTo = replyTo
        mail.to = recipients.to
        mail.cc = recipients.cc
        mail.bcc = recipients.bcc
        mail.html = html
        mail.attachments = attachments
        mail.inReplyTo = inReplyTo
        mail.references = references
        return mail
    }
}
