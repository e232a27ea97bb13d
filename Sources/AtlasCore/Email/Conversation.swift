import MIME

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A conversation: its messages, oldest first.
struct Conversation: Sendable {
    let id: String
    let messages: [FetchedMessage]

    /// - Parameter messages: in any order; of those with one Message-ID (the copy in the sent mail and the one that came back) the
    ///   first counts.
    init(id: String, messages: [FetchedMessage]) {
        self.id = id
        var seen: Set<String> = []
        self.messages =
            messages
            .filter { message in message.summary.messageID.map { seen.insert($0).inserted } ?? true }
            .sorted { ($0.summary.date, $0.summary.id) < ($1.summary.date, $1.summary.id) }
    }

    /// What the first message is about, without `Re:` and `Fwd:`, so that it stays the same whatever is answered.
    var subject: String {
        let subjects = messages.lazy.map { ReplySubject.base($0.summary.subject) }
        return subjects.first { !$0.isEmpty } ?? ""
    }

    /// Everybody who wrote or was written to, each address once, in order of appearance and with the first name that it came with.
    var participants: [String] {
        var order: [String] = []
        var texts: [String: String] = [:]
        for summary in messages.lazy.map(\.summary) {
            for text in [summary.from].compactMap(\.self) + summary.to + summary.cc {
                let address = Self.address(in: text)
                if texts[address] == nil { order.append(address) }
                // A name says more than an address alone.
                if texts[address].map({ !$0.contains("<") }) ?? true { texts[address] = text }
            }
        }
        return order.compactMap { texts[$0] }
    }

    /// `Maria <maria@example.com>` is maria@example.com.
    private static func address(in text: String) -> String {
        guard let open = text.lastIndex(of: "<") else { return text.lowercased() }
        return text[text.index(after: open)...].prefix { $0 != ">" }.lowercased()
    }
}

/// Subjects of answers.
enum ReplySubject {
    /// What programs put before a subject when they answer or forward, in several languages.
    private static let prefixes: Set<String> = [
        "re", "fw", "fwd", "aw", "wg", "sv", "vs", "vb", "antw", "antwort", "doorst", "tr", "rv", "rif", "r", "res",
        "enc", "odp",
        "pd", "ynt", "ilt", "ref", "回复", "答复", "转发", "回覆", "轉寄", "返信", "転送",
    ]

    /// The subject without them, in the sense of RFC 5256, 2.1: `Re: AW: Fwd[2]: Estimate (fwd)` is `Estimate`.
    static func base(_ subject: String) -> String {
        var rest = Substring(subject.cleaned())
        for _ in 0..<32 {
            guard let colon = rest.prefix(24).firstIndex(where: { $0 == ":" || $0 == "：" }) else { break }
            // `Re[2]`, `Re (3)`, `Re^2`.
            let word = rest[..<colon].prefix { !"[(^ ".contains($0) }
            let counter = rest[word.endIndex..<colon]
            guard prefixes.contains(word.lowercased()), counter.allSatisfy({ "[]()^ 0123456789".contains($0) }) else {
                break
            }
            rest = rest[rest.index(after: colon)...].drop { $0.isWhitespace }
        }
        while rest.lowercased().hasSuffix("(fwd)") { rest = rest.dropLast(5) }
        return String(rest).trimmed
    }
}
