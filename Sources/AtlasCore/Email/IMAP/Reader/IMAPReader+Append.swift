extension IMAPReader {
    /// Providers whose SMTP servers keep what they sent: another copy would be one too many.
    private static let keepingSentMail = ["gmail.com", "googlemail.com", "outlook.com", "office365.com"]

    func saveDraft(_ message: [UInt8], threadID: String?) async throws -> String? {
        try await append(message, to: .drafts, else: "Drafts", flags: "(\\Draft \\Seen)")?.text
    }

    func saveSent(_ message: [UInt8]) async throws {
        let host = account.host.lowercased()
        guard !Self.keepingSentMail.contains(where: { host == $0 || host.hasSuffix("." + $0) }) else { return }
        _ = try await append(message, to: .sent, else: "Sent", flags: "(\\Seen)")
    }

    /// - Parameter name: what the mailbox is called where there is none for the role yet.
    /// - Returns: the message's id, where the server says it (RFC 4315).
    private func append(
        _ message: [UInt8], to role: MailboxRole, else name: String, flags: String
    ) async throws -> IMAPMessageID? {
        let known = try await mailbox(for: role)
        let target = known ?? Mailbox(name: name, wireName: name)
        return try await with(nil, isChange: true) { session in
            if known == nil {
                var creation = IMAPCommand("CREATE", "")
                creation.add(" ")
                creation.add(string: target.wireName)
                // One that is there already, without the attributes that would have told, is as good.
                let reply = try await session.pipeline([creation])
                if reply.first?.status.kind == .ok { directory.forget() }
            }
            var command = IMAPCommand("APPEND", "")
            command.add(" ")
            command.add(string: target.wireName)
            command.add(" \(flags) ")
            command.add(literal: message)
            // As much longer as the message takes on a slow line.
            let reply = try await session.run(
                command, patience: IMAPSession.patience + .seconds(message.count / 50_000))
            guard let code = reply.code("APPENDUID"), code.count == 2, let validity = code[0].number,
                let uid = code[1].number.flatMap({ UInt32(exactly: $0) }), uid > 0, validity > 0
            else { return nil }
            return IMAPMessageID(mailbox: target.name, uidValidity: UInt32(clamping: validity), uid: uid)
        }
    }
}
