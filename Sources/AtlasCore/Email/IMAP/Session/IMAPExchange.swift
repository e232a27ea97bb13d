/// Commands under way, and what has come for them.
///
/// A server answers commands in their order where the order matters (RFC 3501, 5.5), so data without a tag belongs to the first that
/// has not ended.
struct IMAPExchange {
    let commands: [(tag: String, command: IMAPCommand)]
    private var verdicts: [String: IMAPReply] = [:]
    private var responses: [IMAPResponse] = []
    /// How often the server asked for more.
    private(set) var continuations = 0
    /// Octets and number of all responses.
    private(set) var octets = 0
    private(set) var count = 0
    /// UIDVALIDITY, as it was told last.
    private(set) var validity: UInt32 = 0
    /// The server's goodbye.
    private(set) var bye: IMAPStatus?

    init(commands: [(String, IMAPCommand)]) { self.commands = commands.map { (tag: $0.0, command: $0.1) } }

    var isOver: Bool { verdicts.count == commands.count }

    func hasEnded(_ tag: String) -> Bool { verdicts[tag] != nil }

    func command(_ tag: String) -> IMAPCommand? { commands.first { $0.tag == tag }?.command }

    /// In the order of the commands, once all have ended.
    var replies: [IMAPReply] { commands.compactMap { verdicts[$0.tag] } }

    mutating func take(_ response: IMAPResponse, octets: Int) throws(IMAPProtocolError) {
        self.octets += octets
        count += 1
        switch response {
        case .continuation: continuations += 1
        case .tagged(let tag, let status):
            guard let command = command(tag), verdicts[tag] == nil else { throw .unknownTag }
            verdicts[tag] = IMAPReply(status: status, responses: responses)
            // Dovecot puts the end of a NOOP off until it has answered what was sent right behind it.
            if command.name != "NOOP" { responses = [] }
        case .status(let status):
            if status.kind == .bye { bye = status }
            if status.code == "UIDVALIDITY", let number = status.arguments.first?.number {
                validity = UInt32(clamping: number)
            }
            responses.append(response)
        case .data: responses.append(response)
        }
    }
}
