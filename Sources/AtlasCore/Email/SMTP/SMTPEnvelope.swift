import MIME

/// From whom a message comes and to whom it goes, as the server is told (RFC 5321, 2.3.1), which no header needs to say.
struct SMTPEnvelope: Sendable {
    struct Recipient: Sendable, Equatable {
        /// As the caller gave it.
        let address: String
        /// As the server is told.
        let transmitted: String
    }

    let sender: String
    let recipients: [Recipient]

    init(of mail: OutgoingMail) throws(CompositionError) {
        sender = try mail.from.transmitted(as: .from)
        var recipients: [Recipient] = []
        var seen: Set<String> = []
        let lists: [([MailAddress], CompositionError.Part)] = [(mail.to, .to), (mail.cc, .cc), (mail.bcc, .bcc)]
        for (addresses, part) in lists {
            for address in addresses where seen.insert(address.address.lowercased()).inserted {
                recipients.append(Recipient(address: address.address, transmitted: try address.transmitted(as: part)))
            }
        }
        self.recipients = recipients
    }
}
