import JSON

// The era of the handshake: 2024-11-05 to 2025-11-25.
extension Session {
    /// Agrees on a revision: the one asked for, or else the newest we have. A second handshake begins a new session.
    mutating func initialize(_ message: Message) -> Decision {
        let parameters = message.params ?? [:]
        var missing: [String] = []
        if parameters["protocolVersion"]?.text == nil { missing.append("protocolVersion") }
        if parameters["capabilities"]?.object == nil { missing.append("capabilities") }
        if parameters["clientInfo"]?["name"]?.text == nil { missing.append("clientInfo.name") }
        if parameters["clientInfo"]?["version"]?.text == nil { missing.append("clientInfo.version") }
        guard missing.isEmpty, let asked = parameters["protocolVersion"]?.text else {
            return .error(.badParameters("initialize needs \(missing.joined(separator: ", "))"))
        }
        let known = Revision(rawValue: asked)
        let revision = known.flatMap { $0.isModern ? nil : $0 } ?? .newestLegacy
        begin(
            Legacy(
                revision: revision,
                client: ClientCapabilities(parameters["capabilities"]?.object ?? [:], revision),
                peer: Client.Peer(parameters["clientInfo"])))

        var body = ResultBody()
        body.member("protocolVersion", .string(revision.rawValue))
        body.member("capabilities", catalog.capabilities(revision))
        body.member("serverInfo", catalog.description.implementation(revision))
        if let instructions = catalog.description.instructions { body.member("instructions", .string(instructions)) }
        return .reply(.result(body), revision)
    }

    func legacy(_ method: String, _ message: Message, _ terms: Terms) -> Decision {
        let parameters = message.params ?? [:]
        do {
            switch method {
            case "ping": return .reply(.result(.empty), terms.revision)
            case "resources/subscribe" where catalog.resources.changes != nil:
                let uri = try catalog.subscribable(parameters, terms.revision)
                guard subscriptions.subscribe(uri) else { throw ProtocolError.badParameters("Too many subscriptions") }
                return .reply(.result(.empty), terms.revision)
            case "resources/unsubscribe" where catalog.resources.changes != nil:
                guard let uri = parameters["uri"]?.text else {
                    throw ProtocolError.badParameters("uri must be a string")
                }
                subscriptions.unsubscribe(uri)
                return .reply(.result(.empty), terms.revision)
            default: return try catalog.decide(method, parameters, terms)
            }
        } catch {
            return .error(error as? ProtocolError ?? .internal, terms.revision)
        }
    }
}
