#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// An e-mail that left, or may have. One row of `sent_emails`.
public struct SentEmail: Codable, Sendable, Equatable, Identifiable {
    public var id: UUID
    public var fromAddress: String?
    public var toAddresses: [String]
    public var ccAddresses: [String]
    public var bccAddresses: [String]
    public var subject: String
    /// The beginning of its text.
    public var snippet: String
    /// One of ``LetterTemplate``, or what a reference server wrote.
    public var templateType: String
    /// `sent`, `sending` while it is on its way, `unknown` when nobody knows whether it left.
    public var status: String
    public var messageID: String?
    public var inReplyTo: String?
    public var provider: String?
    public var accepted: [String]
    public var rejected: [String]
    /// Names of files.
    public var attachments: [String]
    public var sentAt: Date

    enum CodingKeys: String, CodingKey {
        case id
        case fromAddress = "from_address"
        case toAddresses = "to_addresses"
        case ccAddresses = "cc_addresses"
        case bccAddresses = "bcc_addresses"
        case subject, snippet
        case templateType = "template_type"
        case status
        case messageID = "message_id"
        case inReplyTo = "in_reply_to"
        case provider, accepted, rejected, attachments
        case sentAt = "sent_at"
    }
}

extension SentEmail: Record {
    public init(row: Row) throws {
        func texts(_ column: String) throws -> [String] {
            (try row.get(column, as: [String?]?.self) ?? []).compactMap { $0?.cleaned() }
        }
        id = try row.get("id")
        fromAddress = try row.get("from_address")
        toAddresses = try texts("to_addresses")
        ccAddresses = try texts("cc_addresses")
        bccAddresses = try texts("bcc_addresses")
        subject = try row.get("subject", as: String.self).cleaned()
        snippet = try row.get("beginning", as: String.self).beginning(upTo: 200)
        templateType = try row.get("template_type")
        status = try row.get("status")
        messageID = try row.get("message_id")
        inReplyTo = try row.get("in_reply_to")
        provider = try row.get("provider")
        accepted = try texts("accepted")
        rejected = try texts("rejected")
        attachments = try texts("attachments")
        sentAt = try row.get("sent_at")
    }
}

extension SentEmail: SizedRow {
    var octets: Int {
        let lists = [toAddresses, ccAddresses, bccAddresses, accepted, rejected, attachments]
        let texts = [subject, snippet, templateType, fromAddress ?? "", messageID ?? "", inReplyTo ?? ""]
        return texts.reduce(500) { $0 + $1.jsonOctets } + lists.joined().reduce(0) { $0 + $1.jsonOctets + 4 }
    }

    var shortened: SentEmail {
        var email = self
        for list in [\SentEmail.toAddresses, \.ccAddresses, \.bccAddresses, \.accepted, \.rejected, \.attachments] {
            email[keyPath: list] = email[keyPath: list].prefix(20).map { $0.cutShort(at: 200) }
        }
        email.subject = subject.cutShort(at: 998)
        return email
    }
}
