import JSON

/// What the client says it can do, as far as we make use of it.
struct ClientCapabilities: Sendable, Equatable {
    /// Whether it shows its user a form when we ask.
    var fillsForms = false

    static let none = ClientCapabilities()

    init() {}

    /// Reads the `capabilities` of `initialize` or the ones a modern request carries. Unknown keys are fine.
    init(_ object: JSON.Object, _ revision: Revision) {
        guard revision.hasElicitation, case .object(let elicitation)? = object["elicitation"] else { return }
        // `{}` means forms; so did any value before the other mode, URLs, was invented.
        fillsForms = revision == .june2025 || elicitation["form"]?.object != nil || elicitation["url"] == nil
    }
}

/// Under which rules one request is served.
struct Terms: Sendable {
    enum Standing: Sendable {
        /// A client that shook hands. It can be asked by a request of our own.
        case session
        /// A line without handshake or `_meta`, from a developer's pipe. Nobody can be asked.
        case bare
        /// A modern request, which stands for itself. Questions travel in the result.
        case stateless
    }

    let revision: Revision
    let standing: Standing
    var client = ClientCapabilities.none
    /// Who the client says it is.
    var peer: Client.Peer?

    static let bare = Terms(revision: .newestLegacy, standing: .bare)
}
