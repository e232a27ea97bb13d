extension SMTPReply {
    /// The server's name for a message it has taken, where it gives one as most do: Postfix, Exim, Sendmail, Exchange.
    ///
    /// What is found goes into records, so it is short and of few characters; a secret it is not.
    var queueID: String? {
        guard let text = lines.last else { return nil }
        let lower = text.lowercased()
        guard lower.utf8.count == text.utf8.count else { return nil }
        let words = text.split(separator: " ")
        for (index, word) in lower.split(separator: " ").enumerated() {
            if word.hasPrefix("id=") { return Self.identifier(words[index].dropFirst(3)) }
            if word == "as", index > 0, lower.contains("queued as"), index + 1 < words.count {
                return Self.identifier(words[index + 1])
            }
        }
        return nil
    }

    private static func identifier(_ word: Substring) -> String? {
        let id = word.prefix { character in
            guard let octet = character.asciiValue else { return false }
            switch octet {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                return true
            default: return false
            }
        }
        return (1...100).contains(id.utf8.count) ? String(id) : nil
    }
}
