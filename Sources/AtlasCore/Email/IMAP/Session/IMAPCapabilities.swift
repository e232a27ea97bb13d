/// What a server says that it can do (RFC 3501, 7.2.1).
struct IMAPCapabilities: Sendable, Equatable {
    private let names: Set<String>

    init(_ values: [IMAPValue]) { names = Set(values.prefix(300).compactMap { $0.text?.uppercased() }) }

    /// Those of the verdict on a log-in, where a server tells them: that saves asking. Lines before it were perhaps not secured.
    init?(verdict line: String) {
        guard let start = line.range(of: "[CAPABILITY ") else { return nil }
        let words = line[start.upperBound...].prefix { $0 != "]" }
        guard words.endIndex < line.endIndex else { return nil }
        self.init(words.split(separator: " ").map { .atom(String($0)) })
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
    /// RFC 5256, 3
    var hasThreads: Bool { has("THREAD=REFERENCES") || has("THREAD=REFS") }
    /// RFC 9051
    private var isRevision2: Bool { has("IMAP4REV2") && !has("IMAP4REV1") }

    /// Whether a literal of this size may be sent without waiting to be asked for it (RFC 7888).
    func allowsUnasked(literal count: Int) -> Bool {
        has("LITERAL+") || (count <= 4096 && (has("LITERAL-") || isRevision2))
    }
}
