/// What an SMTP server says to a command (RFC 5321, 4.2).
struct SMTPReply: Sendable, Equatable {
    enum Kind: Sendable {
        /// 2yz
        case done
        /// 3yz: go on
        case intermediate
        /// 4yz: not now
        case temporary
        /// 5yz: no
        case refused
    }

    /// 200 to 599.
    let code: Int
    /// The text of each line, as it came.
    let lines: [String]

    var kind: Kind {
        switch code {
        case ..<300: .done
        case ..<400: .intermediate
        case ..<500: .temporary
        default: .refused
        }
    }

    /// Whether the server says that it closes the connection (RFC 5321, 3.8).
    var isClosing: Bool { code == 421 }

    /// `5.1.1` (RFC 2034), where the text begins with one that agrees with the code.
    var status: String? {
        guard let first = lines.first?.split(separator: " ", maxSplits: 1).first else { return nil }
        let numbers = first.split(separator: ".", omittingEmptySubsequences: false)
        guard numbers.count == 3, numbers[0] == "\(code / 100)",
            numbers.allSatisfy({ (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        return String(first)
    }

    /// Whether the status is about this subject, as `1` (addresses) or `7.8` are.
    func isAbout(_ subject: String) -> Bool {
        guard let status else { return false }
        let said = status.dropFirst(2)
        return said == subject || said.hasPrefix(subject + ".")
    }

    /// The whole in one line for people: code and text, cleaned and short. It is a stranger's.
    var words: String {
        let text = lines.filter { !$0.isEmpty }.joined(separator: " ").cleaned().cutShort(at: 300)
        return text.isEmpty ? "\(code)" : "\(code) \(text)"
    }
}
