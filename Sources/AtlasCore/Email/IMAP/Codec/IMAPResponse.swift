/// One response of a server.
enum IMAPResponse: Sendable, Equatable {
    /// `+`: the server waits for more of the command.
    case continuation
    /// The end of the command with this tag.
    case tagged(String, IMAPStatus)
    /// `* OK`, `* NO`, `* BAD`, `* BYE`, `* PREAUTH`
    case status(IMAPStatus)
    /// `* 12 FETCH (…)`, `* SEARCH 1 2 3`: its name in upper case, the number before it, the values after it.
    case data(String, number: Int?, [IMAPValue])

    /// Reads a whole response.
    init(parsing octets: [UInt8], limits: IMAPLimits = IMAPLimits()) throws(IMAPProtocolError) {
        let first = octets.prefix { $0 != 0x20 }
        if first.elementsEqual([UInt8(ascii: "+")]) {
            self = .continuation
            return
        }
        guard first.elementsEqual([UInt8(ascii: "*")]) else {
            let tag = String(decoding: first, as: UTF8.self)
            guard let status = IMAPStatus(parsing: octets, from: first.endIndex + 1, limits: limits) else {
                throw .malformed
            }
            self = .tagged(tag, status)
            return
        }
        if let status = IMAPStatus(parsing: octets, from: 2, limits: limits) {
            self = .status(status)
            return
        }
        var tokens = IMAPTokenizer(octets, from: min(2, octets.count), limits: limits)
        var values = try tokens.values()[...]
        var number: Int?
        if case .atom = values.first, let count = values.first?.number {
            number = count
            values = values.dropFirst()
        }
        guard case .atom(let name) = values.first else { throw .malformed }
        self = .data(name.uppercased(), number: number, Array(values.dropFirst()))
    }
}

/// A server's verdict (RFC 3501, 7.1).
struct IMAPStatus: Sendable, Equatable {
    enum Kind: String, Sendable {
        case ok = "OK"
        case no = "NO"
        case bad = "BAD"
        case bye = "BYE"
        case preauth = "PREAUTH"

        init?(word: some Collection<UInt8>) {
            guard word.count <= 7 else { return nil }
            self.init(rawValue: String(decoding: word, as: UTF8.self).uppercased())
        }
    }

    let kind: Kind
    /// What stands in brackets (RFC 3501, 7.1; RFC 5530), its name in upper case.
    let code: String?
    let arguments: [IMAPValue]
    /// For people. A stranger's words: ``String/cleaned(keepingLines:)`` before they are shown.
    let text: String

    init(_ kind: Kind, code: String? = nil, arguments: [IMAPValue] = [], text: String = "") {
        self.kind = kind
        self.code = code
        self.arguments = arguments
        self.text = text
    }

    /// Reads a verdict that begins at `start`; nil when there is none.
    init?(parsing octets: [UInt8], from start: Int, limits: IMAPLimits) {
        guard start < octets.count else { return nil }
        let word = octets[start...].prefix { $0 != 0x20 }
        guard let kind = Kind(word: word) else { return nil }
        var rest = octets[word.endIndex...].drop { $0 == 0x20 }
        var code: String?
        var arguments: [IMAPValue] = []
        if rest.first == UInt8(ascii: "[") {
            var tokens = IMAPTokenizer(octets, from: rest.startIndex + 1, limits: limits)
            // A code that is none is text like the rest.
            if let values = try? tokens.values(upTo: UInt8(ascii: "]")), case .atom(let name) = values.first {
                code = name.uppercased()
                arguments = Array(values.dropFirst())
                rest = octets[tokens.position...].drop { $0 == 0x20 }
            }
        }
        self.init(kind, code: code, arguments: arguments, text: String(decoding: rest.prefix(2000), as: UTF8.self))
    }
}
