import JSON

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// What a call has learnt before its question went out. The client carries it, sealed, and hands it back with the answer.
struct RequestState: Sendable, Equatable {
    struct Answer: Sendable, Equatable {
        /// A digest of the question, so that an answer never counts for another one.
        let question: String
        let result: JSON
    }

    var answers: [Answer] = []
    /// The digest of the question that is out.
    var open: String?
}

/// Seals what clients carry: they can read it, but neither change it, nor use it for another call or after ten minutes.
struct StateSeal: Sendable {
    /// How long a user may think, in seconds.
    static let lifetime = 600

    private let key: @Sendable () -> [UInt8]
    private let now: @Sendable () -> Int

    /// - Parameter key: called when a seal is first needed; the same key must come every time, also after a restart if calls
    ///   are to survive one.
    init(key: @escaping @Sendable () -> [UInt8], now: @escaping @Sendable () -> Int = { time(nil) }) {
        self.key = key
        self.now = now
    }

    /// The sealed form: version, content and code, separated by dots.
    ///
    /// - Parameter purpose: identifies the call; see ``purpose(_:_:)``.
    func seal(_ state: RequestState, for purpose: [UInt8]) -> String {
        let answers = state.answers.map { JSON.object(["q": .string($0.question), "r": $0.result]) }
        var content: JSON.Object = ["until": .integer(now() + Self.lifetime), "answers": .array(answers)]
        if let open = state.open { content.append("open", .string(open)) }
        // No two rounds look the same, even if nothing was learnt between them.
        content.append("round", .string(String(UInt64.random(in: .min ... .max), radix: 36)))
        let octets = JSON.object(content).bytes
        let code = SHA256.code(for: purpose + octets, key: key())
        return "v1.\(Base64.encodeForURL(octets)).\(Base64.encodeForURL(code))"
    }

    /// Reads what a client handed back.
    ///
    /// - Throws: ``ProtocolError`` for whatever we did not seal for this call less than ten minutes ago.
    func open(_ text: String, for purpose: [UInt8]) throws(ProtocolError) -> RequestState {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "v1", let octets = Base64.decodeFromURL(parts[1]),
            let code = Base64.decodeFromURL(parts[2]), code.isEqual(to: SHA256.code(for: purpose + octets, key: key())),
            let content = try? JSON(parsing: octets), let until = content["until"]?.integer
        else { throw .badParameters("Invalid requestState") }
        guard now() <= until else { throw .badParameters("requestState has expired; make the call again without it") }
        var state = RequestState(open: content["open"]?.text)
        for answer in content["answers"]?.items ?? [] {
            state.answers.append(.init(question: answer["q"]?.text ?? "", result: answer["r"] ?? nil))
        }
        return state
    }

    /// Identifies a call by its method and everything the client asks of it, whatever the order of names.
    static func purpose(_ method: String, _ parameters: JSON.Object) -> [UInt8] {
        var parameters = parameters
        for name in ["_meta", "inputResponses", "requestState"] { parameters[name] = nil }
        return SHA256.hash(Array("mcp-request-state\n\(method)\n".utf8) + JSON.object(parameters).sorted.bytes)
    }
}

extension [UInt8] {
    /// Compares in a time that says nothing about where the difference is.
    fileprivate func isEqual(to other: [UInt8]) -> Bool {
        count == other.count && zip(self, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension JSON {
    /// The same value with the names of all its objects in order.
    fileprivate var sorted: JSON {
        switch self {
        case .object(let object):
            .object(
                Object(
                    members: object.members.sorted { $0.name < $1.name }
                        .map { Object.Member(name: $0.name, value: $0.value.sorted) }))
        case .array(let items): .array(items.map(\.sorted))
        default: self
        }
    }
}
