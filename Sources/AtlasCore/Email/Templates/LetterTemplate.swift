/// What kind of letter it is, as `sent_emails.template_type` says it.
public enum LetterTemplate: String, Codable, CaseIterable, Sendable {
    case generic, estimate, proposal
}

/// Whether a client is a business or a household: they are written to differently.
public enum ClientType: String, Codable, CaseIterable, Sendable {
    case business, residential
}
