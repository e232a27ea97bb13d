import JSON

/// What a modern request says about itself, in `params._meta`.
struct Envelope {
    private static let prefix = "io.modelcontextprotocol/"
    static let required = [prefix + "protocolVersion", prefix + "clientCapabilities"]

    let version: JSON?
    let capabilities: JSON?
    let logLevel: JSON?
    let clientInfo: JSON?
    let isPresent: Bool

    init(_ message: Message) {
        guard let meta = message.meta else {
            (version, capabilities, logLevel, clientInfo, isPresent) = (nil, nil, nil, nil, false)
            return
        }
        version = meta[Self.prefix + "protocolVersion"]
        capabilities = meta[Self.prefix + "clientCapabilities"]
        logLevel = meta[Self.prefix + "logLevel"]
        clientInfo = meta[Self.prefix + "clientInfo"]
        isPresent = version != nil || capabilities != nil || logLevel != nil || clientInfo != nil
    }

    /// The terms that the request asks for.
    func terms() throws(ProtocolError) -> Terms {
        var missing: [String] = []
        if version?.text == nil { missing.append(Self.required[0]) }
        if capabilities?.object == nil { missing.append(Self.required[1]) }
        guard missing.isEmpty, let version = version?.text, let capabilities = capabilities?.object else {
            throw .badParameters("params._meta is missing \(missing.joined(separator: " and "))")
        }
        guard version == Revision.modern.rawValue else { throw .unsupportedVersion(version) }
        if let logLevel, !Self.logLevels.contains(logLevel.text ?? "") {
            throw .badParameters("params._meta has an unknown \(Self.prefix)logLevel")
        }
        return Terms(
            revision: .modern, standing: .stateless, client: ClientCapabilities(capabilities, .modern),
            peer: Client.Peer(clientInfo))
    }

    private static let logLevels = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"]
}

// The era in which each request stands for itself: 2026-07-28.
extension Session {
    func modern(_ method: String, _ message: Message, _ envelope: Envelope) -> Decision {
        do {
            let terms = try envelope.terms()
            let parameters = message.params ?? [:]
            switch method {
            case "server/discover": return .reply(.result(discovery), .modern)
            case "subscriptions/listen": return try listen(parameters)
            // These belong to the handshake.
            case "initialize", "ping", "resources/subscribe", "resources/unsubscribe":
                throw ProtocolError.unknownMethod(method)
            default: return try catalog.decide(method, parameters, terms)
            }
        } catch {
            return .error(error as? ProtocolError ?? .internal, .modern)
        }
    }

    private var discovery: ResultBody {
        var body = ResultBody.cacheable()
        body.member("supportedVersions", Revision.supported)
        body.member("capabilities", catalog.capabilities(.modern))
        if let instructions = catalog.description.instructions { body.member("instructions", .string(instructions)) }
        return body
    }

    /// Honours what we can tell of; the acknowledgement says which part of the wish that is.
    private func listen(_ parameters: JSON.Object) throws(ProtocolError) -> Decision {
        guard catalog.resources.changes != nil else { throw .unknownMethod("subscriptions/listen") }
        guard let wish = parameters["notifications"]?.object else {
            throw .badParameters("subscriptions/listen needs notifications, an object")
        }
        var filter = Subscriptions.Filter()
        var kinds = JSON.Object()
        for kind in ["toolsListChanged", "promptsListChanged", "resourcesListChanged"] {
            guard let value = wish[kind], !value.isNull else { continue }
            guard let flag = value.flag else { throw .badParameters("notifications.\(kind) must be true or false") }
            if kind == "resourcesListChanged", flag {
                filter.resourceList = true
                kinds.append(kind, true)
            }
        }
        if let value = wish["resourceSubscriptions"], !value.isNull {
            guard let items = value.items, items.allSatisfy({ $0.text != nil }) else {
                throw .badParameters("notifications.resourceSubscriptions must be a list of URIs")
            }
            guard items.count <= Subscriptions.most else { throw .badParameters("Too many subscriptions") }
            let uris = items.compactMap(\.text).filter(catalog.isSubscribable)
            filter.resources = Set(uris)
            if !uris.isEmpty { kinds.append("resourceSubscriptions", .array(uris.map { .string($0) })) }
        }
        return .listen(filter, kinds: kinds)
    }
}
