/// A conversation on an IMAP server.
enum IMAPThreadID: Sendable, Hashable {
    /// `t.<Message-ID>`: of the message that began it, without angle brackets.
    case root(String)
    /// `g.<number>`: Gmail's own (`X-GM-THRID`).
    case gmail(UInt64)
    /// `i.…`: a message that names neither itself nor another.
    case message(IMAPMessageID)

    /// The conversation that a message belongs to by what its header says. RFC 5322, 3.6.4: References begins with the first message.
    ///
    /// - Parameter id: what it is called when the header names nothing.
    init(messageID: String?, references: [String], inReplyTo: [String], id: IMAPMessageID) {
        let named = [references.first, inReplyTo.first, messageID].compactMap(\.self).first(where: Self.isUsable)
        self = named.map(Self.root) ?? .message(id)
    }

    /// RFC 5322 allows lines of 998 characters; what is longer, or no text, identifies nothing.
    private static func isUsable(_ messageID: String) -> Bool {
        !messageID.isEmpty && messageID.utf8.count <= 998
            && messageID.unicodeScalars.allSatisfy {
                !$0.properties.isWhitespace && $0.properties.generalCategory != .control
            }
    }

    /// - Returns: nil for anything that ``text`` would not have written.
    init?(_ text: String) {
        guard text.utf8.count <= 4200 else { return nil }
        if text.hasPrefix("t."), let root = OpaqueText.decode(text.dropFirst(2)), Self.isUsable(root) {
            self = .root(root)
        } else if text.hasPrefix("g."), let number = UInt64(text.dropFirst(2)), "g.\(number)" == text {
            self = .gmail(number)
        } else if let message = IMAPMessageID(text) {
            self = .message(message)
        } else {
            return nil
        }
    }

    var text: String {
        switch self {
        case .root(let messageID): "t.\(OpaqueText.encode(messageID))"
        case .gmail(let number): "g.\(number)"
        case .message(let id): id.text
        }
    }

    /// What finds its messages and perhaps others, as HEADER looks for parts of words: ``init(messageID:references:inReplyTo:id:)`` of
    /// each tells. nil for a single message.
    var criteria: [IMAPSearch.Piece]? {
        switch self {
        case .root(let messageID):
            let keys = ["MESSAGE-ID", "REFERENCES", "IN-REPLY-TO"].map { field in
                [[IMAPSearch.Piece.atom("HEADER"), .atom(field), .text(messageID)]]
            }
            return SearchKeys.any(keys).flatMap(\.self)
        case .gmail(let number): return [.atom("X-GM-THRID"), .atom(String(number))]
        case .message: return nil
        }
    }
}
