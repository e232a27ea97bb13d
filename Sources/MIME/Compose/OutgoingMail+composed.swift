extension OutgoingMail {
    /// The message as it is transmitted: RFC 5322 and MIME, lines that end with CRLF and have at most 998 octets, 7bit throughout.
    ///
    /// What people wrote cannot get out of its place: line breaks and other controls in header text are spaces, and an address
    /// that is none is refused. The same message always gives the same octets.
    ///
    /// - Parameter withBcc: whether the Bcc field is written, as it is in a draft; what is sent has none.
    /// - Throws: ``CompositionError`` when an address or the message id cannot be written.
    public func composed(withBcc: Bool = false) throws(CompositionError) -> [UInt8] {
        let body = MIMEBody(of: self)
        var header = HeaderWriter()
        header.date(date, utcOffset: utcOffset)
        try header.addresses("From", [from], as: .from)
        try header.addresses("Reply-To", replyTo, as: .replyTo)
        try header.addresses("To", to, as: .to)
        try header.addresses("Cc", cc, as: .cc)
        if withBcc {
            try header.addresses("Bcc", bcc, as: .bcc)
        } else if to.isEmpty, cc.isEmpty, !bcc.isEmpty {
            // Some servers take a message that is to nobody for a broken one.
            header.raw("To", "undisclosed-recipients:;")
        }
        header.text("Subject", subject)
        guard let id = MessageIdentifier(messageID) else {
            throw CompositionError(
                part: .messageID, message: "The message id must look like part@domain, in ASCII and without spaces.")
        }
        header.identifiers("Message-ID", [id])
        header.identifiers("In-Reply-To", [inReplyTo].compactMap { $0.flatMap(MessageIdentifier.init) })
        header.identifiers("References", Self.bounded(references.compactMap(MessageIdentifier.init)))
        header.raw("MIME-Version", "1.0")

        var octets = header.octets
        octets.reserveCapacity(octets.count + body.estimatedSize)
        body.write(to: &octets)
        return octets
    }

    /// A conversation may be long; its beginning and its end are what threads are made of.
    private static func bounded(_ references: [MessageIdentifier]) -> [MessageIdentifier] {
        references.count <= 21 ? references : references.prefix(1) + references.suffix(20)
    }
}
