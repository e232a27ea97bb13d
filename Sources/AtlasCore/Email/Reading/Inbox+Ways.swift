extension Inbox {
    /// What a reader gave, and which.
    struct Served<Value: Sendable>: Sendable {
        let value: Value
        let provider: String
        let warnings: [String]
    }

    /// Asks the first way that works. With an `id`, only the way that gave it.
    func serve<Value: Sendable>(
        _ id: String? = nil, _ body: (any MailReader) async throws -> Value
    ) async throws -> Served<Value> {
        let ways = try candidates(for: id)
        var warnings: [String] = []
        for (index, way) in ways.enumerated() {
            do {
                return Served(
                    value: try await body(try way.reader.get()), provider: way.name, warnings: warnings)
            } catch let error as AtlasError where index + 1 < ways.count && Self.isOfTheWay(error) {
                warnings.append("\(way.title) did not serve, so \(ways[index + 1].title) did: \(error.message)")
                logger.notice(
                    "A mail account did not serve.", metadata: ["provider": "\(way.name)", "error": "\(error)"])
            }
        }
        throw Self.notConfigured
    }

    /// The reader that gave an id.
    func reader(_ way: Way) throws -> any MailReader { try way.reader.get() }

    /// Ids by the way that gave them, in the order of the ways.
    func grouped(_ ids: [String]) -> [(Way, [String])] {
        ways.compactMap { way in
            let own = ids.filter { way.gave($0) }
            return own.isEmpty ? nil : (way, own)
        }
    }

    private func candidates(for id: String?) throws -> [Way] {
        guard !ways.isEmpty else { throw Self.notConfigured }
        guard let id else { return ways }
        guard let way = ways.first(where: { $0.gave(id) }) else {
            throw AtlasError(
                .notFound, "This id is of an account that is not configured any more. List again for ids that hold.")
        }
        return [way]
    }

    /// Whether the account is to blame, and not the question.
    private static func isOfTheWay(_ error: AtlasError) -> Bool {
        [.notConfigured, .unauthenticated, .unavailable, .timeout].contains(error.code)
    }

    private static let notConfigured = AtlasError(
        .notConfigured,
        "No mail account is configured. Set \(ConfigurationKey.imapHost.name), \(ConfigurationKey.imapUsername.name) and "
            + "\(ConfigurationKey.imapPassword.name), or \(ConfigurationKey.gmailClientID.name), "
            + "\(ConfigurationKey.gmailClientSecret.name) and \(ConfigurationKey.gmailRefreshToken.name).")
}

extension Inbox.Way {
    /// The ids of the Gmail API begin with `g`, a message's and a conversation's; those of an IMAP server never do.
    func gave(_ id: String) -> Bool { (name == "gmail") == (id.hasPrefix("g.") || id.hasPrefix("gt.")) }

    var title: String { name == "imap" ? "IMAP" : "the Gmail API" }
}
