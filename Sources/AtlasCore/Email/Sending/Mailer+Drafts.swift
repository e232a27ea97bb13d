import MIME

/// A letter that was put into the drafts.
public struct SavedDraft: Sendable, Equatable {
    /// nil when the server does not tell it.
    public var id: String?
    public var provider: String
    public var to: [String]
    public var subject: String
    public var warnings: [String]
}

extension Mailer {
    /// Puts a letter into the drafts of the mailbox, beside the message it answers.
    ///
    /// - Throws: as ``send(_:tool:template:idempotencyKey:)``, but drafts need no recipients.
    public func saveDraft(_ request: LetterRequest, in inbox: Inbox) async throws -> SavedDraft {
        let mail = try await draft(request)
        let octets: [UInt8]
        do {
            // A draft keeps whom nobody else is to see: it is sent from there.
            octets = try mail.composed(withBcc: true)
        } catch {
            throw AtlasError(error)
        }
        let saved = try await inbox.saveDraft(octets, answering: request.replyToMessageID)
        return SavedDraft(
            id: saved.value, provider: saved.provider, to: mail.to.map { $0.text.cleaned() }, subject: mail.subject,
            warnings: saved.warnings)
    }
}
