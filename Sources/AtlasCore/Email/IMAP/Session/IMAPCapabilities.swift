/// What a server says that it can do (RFC 3501, 7.2.1).
struct IMAPCapabilities: Sendable, Equatable {
    private let names: Set<String>

    init(_ values: [IMAPValue]) { names = Set(values.prefix(300).compactMap { $0.text?.uppercased() }) }

    /// Those that a server told when it let us in, in its verdict or right before it: that saves asking. What it said earlier is not
    /// taken, since it was perhaps not secured, and there is more after log-in.
    init?(logInLines lines: [String]) {
        guard let verdict = lines.last, !verdict.hasPrefix("* ") else { return nil }
        if let start = verdict.firstRange(of: "[CAPABILITY ") {
            let words = verdict[start.upperBound...].prefix { $0 != "]" }
            guard words.endIndex < verdict.endIndex else { return nil }
            self.init(words.split(separator: " ").map { .atom(String($0)) })
            return
        }
        let before = lines.dropLast().reversed().prefix { $0.hasPrefix("* ") }
        guard let told = before.first(where: { $0.uppercased().hasPrefix("* CAPABILITY ") }) else { return nil }
        self.init(told.split(separator: " ").dropFirst(2).map { .atom(String($0)) })
    }

    func has(_ name: String) -> Bool { names.contains(name) }

    /// RFC 4731
    var hasESearch: Bool { has("ESEARCH") || isRevision2 }
    /// RFC 5256
    var hasSort: Bool { has("SORT") }
    /// RFC 5267: a part of a sorted result.
    var hasPartialSort: Bool { has("ESORT") && has("CONTEXT=SORT") }
    /// RFC 6851
    var hasMove: Bool { has("MOVE") || isRevision2 }
    /// RFC 4315
    var hasUIDPlus: Bool { has("UIDPLUS") || isRevision2 }
    /// RFC 5819
    var hasListStatus: Bool { has("LIST-STATUS") || isRevision2 }
    /// RFC 6154
    var hasSpecialUse: Bool { has("SPECIAL-USE") || isRevision2 }
    /// Gmail's extensions: X-GM-RAW, X-GM-MSGID, X-GM-THRID.
    var isGmail: Bool { has("X-GM-EXT-1") }
    /// RFC 9051
    private var isRevision2: Bool { has("IMAP4REV2") && !has("IMAP4REV1") }

    /// Whether a literal of this size may be sent without waiting to be asked for it (RFC 7888).
    func allowsUnasked(literal count: Int) -> Bool {
        has("LITERAL+") || (count <= 4096 && (has("LITERAL-") || isRevision2))
    }
}
