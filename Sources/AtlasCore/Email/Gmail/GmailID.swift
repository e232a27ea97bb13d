/// An id of Gmail's as others know it: `g.` and the id for a message, `gt.` and the id for a conversation.
///
/// Ids come from callers, and become part of a URL only if they have their shape.
enum GmailID {
    static func message(_ raw: String) -> String { "g." + raw }
    static func thread(_ raw: String) -> String { "gt." + raw }

    /// Gmail's own id; nil when it is no message's.
    static func rawMessage(_ id: String) -> String? { raw(id, "g.") }

    /// Gmail's own id; nil when it is no conversation's.
    static func rawThread(_ id: String) -> String? { raw(id, "gt.") }

    private static func raw(_ id: String, _ prefix: String) -> String? {
        guard id.hasPrefix(prefix) else { return nil }
        let raw = id.dropFirst(prefix.count)
        return isRaw(raw) ? String(raw) : nil
    }

    /// Hexadecimal digits, as all ids of messages and conversations are.
    static func isRaw(_ text: some StringProtocol) -> Bool {
        (1...32).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
