/// What became of a letter.
public struct SentLetter: Codable, Sendable, Equatable {
    /// Without angle brackets.
    public var messageID: String
    /// Which provider served: `smtp`, `gmail` or `resend`.
    public var provider: String
    public var accepted: [String]
    public var rejected: [String]
    /// Why those were rejected.
    public var rejections: [RejectedRecipient]
    public var sentEmailID: String
    /// What else the caller should know: which provider failed before, who was not reached.
    public var warnings: [String]
    /// The provider's own id for it, if it gave one.
    public var reference: String?
    /// The template it was made from, like `estimate_business`.
    public var template: String?
    /// Whether the proposal's PDF went along.
    public var pdfAttached: Bool?
    /// What happened, in a sentence.
    public var message: String?

    enum CodingKeys: String, CodingKey {
        case messageID = "message_id"
        case provider, accepted, rejected, rejections
        case sentEmailID = "sent_email_id"
        case warnings
        case reference = "provider_message_id"
        case template
        case pdfAttached = "pdf_attached"
        case message
    }
}
