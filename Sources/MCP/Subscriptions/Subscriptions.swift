import JSON
import Synchronization

/// Who wants to hear of changes: the legacy session, by URI, and the listeners of the modern era, each with its own filter.
final class Subscriptions: Sendable {
    /// How many URIs one client, and how many listeners one process, may have.
    static let most = 1000

    private struct State {
        var writer: Writer?
        /// `nil` until a legacy client has said that it is ready.
        var session: Set<String>?
        var listeners: [String: Listener] = [:]
    }

    /// One `subscriptions/listen` that is open.
    private struct Listener {
        let id: RequestID
        let filter: Filter
        let serverInfo: [UInt8]
    }

    /// What a listener wants to hear of.
    struct Filter: Sendable, Equatable {
        var resourceList = false
        var resources: Set<String> = []

        func hears(_ uri: String) -> Bool { resources.contains { Subscriptions.covers($0, uri) } }
    }

    private let state = Mutex(State())

    func open(_ writer: Writer) { state.withLock { $0 = State(writer: writer) } }

    // MARK: - Legacy

    /// A handshake begins a new session, which has asked for nothing yet.
    func resetSession() { state.withLock { $0.session = nil } }

    func sessionIsReady() { state.withLock { $0.session = $0.session ?? [] } }

    /// - Returns: whether there was room.
    func subscribe(_ uri: String) -> Bool {
        state.withLock { state in
            guard state.session?.count ?? 0 < Self.most else { return false }
            state.session = (state.session ?? []).union([uri])
            return true
        }
    }

    func unsubscribe(_ uri: String) { state.withLock { _ = $0.session?.remove(uri) } }

    // MARK: - Modern

    /// Opens a listener and acknowledges it before anything else is said under its id.
    ///
    /// - Returns: whether the id was free and there was room.
    func listen(_ id: RequestID, _ filter: Filter, serverInfo: [UInt8], acknowledging kinds: JSON.Object) -> Bool {
        state.withLock { state in
            guard state.listeners[id.key] == nil, state.listeners.count < Self.most else { return false }
            state.listeners[id.key] = Listener(id: id, filter: filter, serverInfo: serverInfo)
            var json = Self.begin("notifications/subscriptions/acknowledged", id)
            json.raw(#","notifications":"#)
            json.write(kinds)
            json.raw("}}")
            state.writer?.write(json.bytes)
            return true
        }
    }

    /// The client closes a listener: nothing more is said to it.
    func cancel(_ id: RequestID) { state.withLock { _ = $0.listeners.removeValue(forKey: id.key) } }

    /// The server closes all listeners: each hears that it ended well, and that it ended.
    func close(tellingListeners: Bool) {
        state.withLock { state in
            let listeners = tellingListeners ? state.listeners.values.sorted { $0.id.key < $1.id.key } : []
            for listener in listeners {
                var json = JSONWriter()
                json.raw(#"{"jsonrpc":"2.0","id":"#)
                json.raw(listener.id.token)
                json.raw(#","result":{"resultType":"complete","_meta":{"io.modelcontextprotocol/subscriptionId":"#)
                json.raw(listener.id.token)
                json.raw(#","io.modelcontextprotocol/serverInfo":"#)
                json.raw(listener.serverInfo)
                json.raw("}}}")
                state.writer?.write(json.bytes)
                json = JSONWriter()
                json.raw(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"#)
                json.raw(listener.id.token)
                json.raw("}}")
                state.writer?.write(json.bytes)
            }
            state = State()
        }
    }

    // MARK: - Changes

    func resourceChanged(_ uri: String) {
        state.withLock { state in
            if state.session?.contains(where: { Self.covers($0, uri) }) ?? false {
                var json = JSONWriter()
                json.raw(#"{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"#)
                json.write(uri)
                json.raw("}}")
                state.writer?.write(json.bytes)
            }
            for listener in state.listeners.values where listener.filter.hears(uri) {
                var json = Self.begin("notifications/resources/updated", listener.id)
                json.raw(#","uri":"#)
                json.write(uri)
                json.raw("}}")
                state.writer?.write(json.bytes)
            }
        }
    }

    func listChanged() {
        state.withLock { state in
            if state.session != nil {
                state.writer?.write(Array(#"{"jsonrpc":"2.0","method":"notifications/resources/list_changed"}"#.utf8))
            }
            for listener in state.listeners.values where listener.filter.resourceList {
                var json = Self.begin("notifications/resources/list_changed", listener.id)
                json.raw("}}")
                state.writer?.write(json.bytes)
            }
        }
    }

    /// Whether who asked for one resource wants to hear of another: the same, or one inside it.
    private static func covers(_ asked: String, _ changed: String) -> Bool {
        changed == asked || changed.hasPrefix(asked.hasSuffix("/") ? asked : asked + "/")
    }

    /// A notification up to its `_meta`, which says for whom it is.
    private static func begin(_ method: StaticString, _ id: RequestID) -> JSONWriter {
        var json = JSONWriter()
        json.raw(#"{"jsonrpc":"2.0","method":""#)
        json.raw(method)
        json.raw(#"","params":{"_meta":{"io.modelcontextprotocol/subscriptionId":"#)
        json.raw(id.token)
        json.raw("}")
        return json
    }
}
