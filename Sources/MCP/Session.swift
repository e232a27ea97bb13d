import JSON
import Logging

/// Decides what to do about each message. The only place that knows revisions and eras.
///
/// Both eras live in one process: a request that carries its revision in `_meta` stands for itself, whatever was said before;
/// `initialize` begins a legacy session, which no modern request sees. A value without I/O; the reader's thread owns it.
struct Session {
    /// What `initialize` agreed on.
    struct Legacy: Sendable {
        let revision: Revision
        let client: ClientCapabilities
        var peer: Client.Peer?
    }

    let catalog: Catalog
    let subscriptions: Subscriptions
    var legacy: Legacy?
    /// Whether any client has ever shaken hands in this process: without one, it serves a pipe.
    private(set) var hasShakenHands = false
    private var hasServedBareRequest = false

    init(_ catalog: Catalog, _ subscriptions: Subscriptions) {
        self.catalog = catalog
        self.subscriptions = subscriptions
    }

    /// Whether the client may send several messages in one line.
    var takesBatches: Bool { legacy?.revision.hasBatches ?? false }

    mutating func decide(_ message: Message, isInBatch: Bool = false) -> Decision {
        if message.isResponse { return .response }
        if let flaw = message.flaw { return .error(.invalidRequest(flaw), legacy?.revision ?? .newestLegacy) }
        guard let method = message.method else { return .ignore }
        guard !message.isNotification else { return notice(method, message) }

        let envelope = Envelope(message)
        if envelope.isPresent {
            if isInBatch { return .error(.invalidRequest("\(Revision.modern.rawValue) has no batches"), .modern) }
            return modern(method, message, envelope)
        }
        if method == "server/discover" || method == "subscriptions/listen" {
            return .error(
                .badParameters("params._meta is missing \(Envelope.required.joined(separator: " and "))"), .modern)
        }
        if method == "initialize" {
            if isInBatch { return .error(.invalidRequest("initialize cannot be part of a batch")) }
            return initialize(message)
        }
        guard let legacy else { return bare(method, message) }
        let terms = Terms(revision: legacy.revision, standing: .session, client: legacy.client, peer: legacy.peer)
        return self.legacy(method, message, terms)
    }

    /// Notifications are never answered, not even the ones that we do not understand.
    private func notice(_ method: String, _ message: Message) -> Decision {
        switch method {
        case "notifications/cancelled": return message.cancelled.map { .cancel($0) } ?? .ignore
        case "notifications/initialized":
            if legacy != nil { subscriptions.sessionIsReady() }
            return .ignore
        default:
            catalog.logger.debug("A notification was ignored", metadata: ["method": "\(method.quotable)"])
            return .ignore
        }
    }

    /// A request from a developer's pipe: no handshake, no `_meta`. It gets what the newest legacy revision would say.
    private mutating func bare(_ method: String, _ message: Message) -> Decision {
        if !hasServedBareRequest, method != "ping" {
            hasServedBareRequest = true
            catalog.logger.info("A request came without initialize or _meta and is served as a one-off")
        }
        switch method {
        case "resources/subscribe", "resources/unsubscribe":
            guard catalog.resources.changes != nil else { return .error(.unknownMethod(method)) }
            return .error(.invalidRequest("\(method) needs a session; send initialize first"))
        default: return legacy(method, message, .bare)
        }
    }

    mutating func begin(_ legacy: Legacy) {
        self.legacy = legacy
        hasShakenHands = true
        subscriptions.resetSession()
    }
}
