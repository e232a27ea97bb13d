import JSON
import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The row of `sent_emails` that a letter has: there before it leaves, with the id of its row of the outbox.
struct SentEmailRow: DispatchCompanion {
    private let letter: Letter
    private let attachments: [String]
    private let metadata: JSON.Object
    private let businessContextID: String?

    init(_ letter: Letter, tool: String, businessContextID: String?) {
        attachments = letter.attachments.map(\.filename)
        // The files have left our hands; their names are enough.
        var letter = letter
        letter.attachments = []
        self.letter = letter
        self.businessContextID = businessContextID
        metadata = ["tool": .string(tool)]
    }

    /// Written anew when an attempt that sent nothing is repeated.
    func opening(_ id: UUID) -> [Query] {
        let people = letter.recipients
        let replyTo = letter.replyTo.isEmpty ? nil : letter.replyTo.map(\.address).joined(separator: ", ")
        return [
            """
            INSERT INTO sent_emails (id, to_addresses, cc_addresses, bcc_addresses, subject, body, template_type, attachments,
                metadata, status, message_id, from_address, reply_to, in_reply_to, business_context_id)
            VALUES (\(id), \(people.to.map(\.key)), \(people.cc.map(\.key)), \(people.bcc.map(\.key)),
                \(letter.subject), \(letter.text), \(letter.template.rawValue), \(attachments), \(metadata), 'sending',
                \(letter.messageID(id)), \(letter.from.key), \(replyTo), \(letter.inReplyTo), \(businessContextID))
            ON CONFLICT (id) DO UPDATE SET
                (to_addresses, cc_addresses, bcc_addresses, subject, body, template_type, attachments, metadata, status,
                    message_id, from_address, reply_to, in_reply_to, business_context_id, sent_at, settled_at, error)
                = (excluded.to_addresses, excluded.cc_addresses, excluded.bcc_addresses, excluded.subject, excluded.body,
                    excluded.template_type, excluded.attachments, excluded.metadata, excluded.status, excluded.message_id,
                    excluded.from_address, excluded.reply_to, excluded.in_reply_to, excluded.business_context_id, now(),
                    NULL, NULL)
            """
        ]
    }

    func settling(_ id: UUID, _ end: DispatchEnd) -> [Query] {
        switch end {
        case .sent(let outcome):
            func texts(_ name: String) -> [String] { (outcome[name]?.items ?? []).compactMap(\.text) }
            let provider = outcome[SentLetter.CodingKeys.provider.rawValue]?.text
            let reference = outcome[SentLetter.CodingKeys.reference.rawValue]?.text?.cutShort(at: 128)
            let resendID = provider == "resend" ? reference : nil
            return [
                """
                UPDATE sent_emails SET status = 'sent', provider = \(provider),
                    accepted = \(texts(SentLetter.CodingKeys.accepted.rawValue)),
                    rejected = \(texts(SentLetter.CodingKeys.rejected.rawValue)), resend_message_id = \(resendID),
                    sent_at = now(), settled_at = now(), error = NULL
                WHERE id = \(id)
                """
            ]
        case .failed(let error):
            return [
                "UPDATE sent_emails SET status = 'failed', error = \(error), settled_at = now() WHERE id = \(id)"
            ]
        case .unknown(let error):
            return [
                "UPDATE sent_emails SET status = 'unknown', error = \(error), settled_at = now() WHERE id = \(id)"
            ]
        }
    }
}
