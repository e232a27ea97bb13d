/// Commands under way, and what has come for them.
///
/// A server may begin a command before the one before it has ended, as long as nobody can mistake what belongs to which (RFC 3501,
/// 5.5): Dovecot answers a search before the NOOP that it was sent with. So data without a tag goes to the first command that asks for
/// such data, and only what nobody asked for to the first that has not ended.
struct IMAPExchange {
    let commands: [(tag: String, command: IMAPCommand)]
    private var verdicts: [String: IMAPStatus] = [:]
    private var responses: [String: [IMAPResponse]] = [:]
    /// How often the server asked for more.
    private(set) var continuations = 0
    /// Octets and number of all responses.
    private(set) var octets = 0
    private(set) var count = 0
    /// UIDVALIDITY, as it was told last.
    private(set) var validity: UInt32 = 0
    /// The server's goodbye.
    private(set) var bye: IMAPStatus?
    /// Whether the server told of other messages in the mailbox than were known, or of other flags.
    private(set) var hasNews = false

    init(commands: [(String, IMAPCommand)]) { self.commands = commands.map { (tag: $0.0, command: $0.1) } }

    var isOver: Bool { verdicts.count == commands.count }

    func hasEnded(_ tag: String) -> Bool { verdicts[tag] != nil }

    func command(_ tag: String) -> IMAPCommand? { commands.first { $0.tag == tag }?.command }

    /// In the order of the commands, once all have ended.
    var replies: [IMAPReply] {
        commands.compactMap { tag, _ in
            verdicts[tag].map { IMAPReply(status: $0, responses: responses[tag] ?? []) }
        }
    }

    mutating func take(_ response: IMAPResponse, octets: Int) throws(IMAPProtocolError) {
        self.octets += octets
        count += 1
        switch response {
        case .continuation: continuations += 1
        case .tagged(let tag, let status):
            guard command(tag) != nil, verdicts[tag] == nil else { throw .unknownTag }
            verdicts[tag] = status
        case .status(let status):
            if status.kind == .bye { bye = status }
            if status.code == "UIDVALIDITY", let number = status.arguments.first?.number {
                validity = UInt32(clamping: number)
            }
            keep(response, for: firstOpen { _ in true })
        case .data(let name, _, let values):
            let asking = values.correlator ?? firstOpen { $0.asks(for: name) }
            if asking == nil, ["EXISTS", "EXPUNGE", "VANISHED", "FETCH"].contains(name) { hasNews = true }
            keep(response, for: asking ?? firstOpen { _ in true })
        }
    }

    private mutating func keep(_ response: IMAPResponse, for tag: String?) {
        guard let tag, command(tag) != nil else { return }
        responses[tag, default: []].append(response)
    }

    private func firstOpen(where isWanted: (IMAPCommand) -> Bool) -> String? {
        commands.first { verdicts[$0.tag] == nil && isWanted($0.command) }?.tag
    }
}

extension IMAPCommand {
    /// Whether its answer has data of this name.
    fileprivate func asks(for data: String) -> Bool {
        switch data {
        case "SEARCH": name == "UID SEARCH"
        case "SORT": name == "UID SORT"
        case "ESEARCH": name == "UID SEARCH" || name == "UID SORT"
        case "FETCH": name == "UID FETCH" || name == "UID STORE"
        case "EXISTS": openedMailbox != nil
        case "LIST": name == "LIST"
        case "STATUS": name == "STATUS" || name == "LIST"
        default: false
        }
    }
}

extension [IMAPValue] {
    /// The tag of the command that an extended search belongs to (RFC 4466, 2.6.2): `(TAG "A1")`.
    fileprivate var correlator: String? {
        guard let pair = first?.list, pair.count == 2, pair[0].isAtom("TAG") else { return nil }
        return pair[1].text
    }
}
