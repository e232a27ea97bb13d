import MIME

extension IMAPReader {
    func message(_ id: String, in mailbox: String?) async throws -> FetchedMessage? {
        guard let wanted = try await locate(id, in: mailbox) else { return nil }
        return try await inside(wanted.mailbox) { session in
            let message = try await session.messages([wanted.uid], in: wanted.mailbox).first
            return wanted.isMeant(in: session) ? message : nil
        }
    }

    func attachment(
        _ attachmentID: String, of messageID: String, in mailbox: String?, limit: Int
    ) async throws -> (file: AttachedFile, octets: [UInt8])? {
        guard let wanted = try await locate(messageID, in: mailbox), attachmentID.isSection else { return nil }
        return try await inside(wanted.mailbox) { session in
            try await session.attachment(attachmentID, of: wanted, limit: limit)
        }
    }

    /// Where a message is.
    struct Location: Sendable {
        let mailbox: Mailbox
        /// nil when the caller knows only the UID.
        let validity: UInt32?
        let uid: UInt32

        /// Whether the mailbox that is open is still the one that the id was given out for.
        func isMeant(in session: IMAPSession) -> Bool { validity == nil || validity == session.validity }
    }

    /// Reads an id: one of ours, or a bare UID in the mailbox named beside it. nil for what can be no message's.
    func locate(_ id: String, in mailbox: String?) async throws -> Location? {
        if let id = IMAPMessageID(id) {
            return Location(mailbox: self.mailbox(of: id), validity: id.uidValidity, uid: id.uid)
        }
        guard let uid = UInt32(id), uid > 0, "\(uid)" == id else { return nil }
        return try await Location(mailbox: resolve(mailbox), validity: nil, uid: uid)
    }
}

extension String {
    /// Whether it is a section as we give it out: it goes into a command.
    fileprivate var isSection: Bool {
        (1...200).contains(utf8.count) && utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
    }
}
