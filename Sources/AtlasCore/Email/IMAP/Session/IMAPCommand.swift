/// A command for an IMAP server, without its tag (RFC 3501, 6).
struct IMAPCommand: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case text([UInt8])
        case literal([UInt8])
    }

    private(set) var pieces: [Piece] = []
    /// For errors: `UID FETCH`.
    let name: String
    /// The mailbox that it opens, as the server writes it.
    private(set) var openedMailbox: String?

    /// - Parameter text: our own words only.
    init(_ name: String, _ text: String = "") {
        self.name = name
        add(text.isEmpty ? name : "\(name) \(text)")
    }

    /// Opens a mailbox (RFC 3501, 6.3.1 and 6.3.2). With `isReadOnly`, nothing that follows can change it.
    init(opening mailbox: String, isReadOnly: Bool) {
        self.init(isReadOnly ? "EXAMINE" : "SELECT", "")
        add(" ")
        add(string: mailbox)
        openedMailbox = mailbox
    }

    /// Adds our own words.
    mutating func add(_ text: String) {
        if case .text(let before) = pieces.last {
            pieces[pieces.count - 1] = .text(before + text.utf8)
        } else {
            pieces.append(.text(Array(text.utf8)))
        }
    }

    /// Adds text from anywhere as a string (RFC 3501, 4.3): quoted, or as a literal where quotes do not hold it.
    mutating func add(string: String) {
        let octets = Array(string.utf8)
        guard octets.count <= 1000, octets.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else { return add(literal: octets) }
        add("\"" + string.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\"")
    }

    mutating func add(literal octets: [UInt8]) { pieces.append(.literal(octets)) }

    /// Adds a search (RFC 3501, 6.4.4).
    mutating func add(_ keys: [IMAPSearch.Piece]) {
        for (index, key) in keys.enumerated() {
            if index > 0 { add(" ") }
            switch key {
            case .atom(let word): add(word)
            case .string(let text): add(string: text)
            case .list(let inner):
                add("(")
                add(inner)
                add(")")
            }
        }
    }
}

/// What a command brought.
struct IMAPReply: Sendable {
    let status: IMAPStatus
    /// Untagged data and verdicts that came before its end, in order.
    let responses: [IMAPResponse]

    /// The values of the responses called `name`.
    func data(_ name: String) -> [(number: Int?, values: [IMAPValue])] {
        responses.compactMap { response in
            if case .data(name, let number, let values) = response { (number, values) } else { nil }
        }
    }

    /// The arguments of a response code, wherever it stands.
    func code(_ name: String) -> [IMAPValue]? {
        if status.code == name { return status.arguments }
        for case .status(let status) in responses where status.code == name { return status.arguments }
        return nil
    }
}
