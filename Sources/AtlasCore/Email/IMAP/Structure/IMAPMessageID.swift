/// A message of an IMAP server: `i.<uidvalidity>.<uid>.<mailbox>`. It is a caller's before it is ours, so reading it trusts nothing.
///
/// A UID alone would name another message when the mailbox was made anew (RFC 3501, 2.3.1.1).
struct IMAPMessageID: Sendable, Hashable {
    /// As a person reads it, not in modified UTF-7.
    var mailbox: String
    var uidValidity: UInt32
    var uid: UInt32

    init(mailbox: String, uidValidity: UInt32, uid: UInt32) {
        self.mailbox = mailbox
        self.uidValidity = uidValidity
        self.uid = uid
    }

    /// - Returns: nil for anything that ``text`` would not have written.
    init?(_ text: String) {
        guard text.utf8.count <= 4200 else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "i", let uidValidity = Self.number(parts[1]),
            let uid = Self.number(parts[2]),
            let mailbox = OpaqueText.decode(parts[3]), !mailbox.isEmpty
        else { return nil }
        self.init(mailbox: mailbox, uidValidity: uidValidity, uid: uid)
    }

    /// An nz-number of RFC 3501, 9.
    private static func number(_ text: Substring) -> UInt32? {
        guard text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), text.utf8.first != 0x30 else { return nil }
        return UInt32(text)
    }

    var text: String { "i.\(uidValidity).\(uid).\(OpaqueText.encode(mailbox))" }
}
