import JSON
import Logging
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A server of the Model Context Protocol over standard input and output, for clients of all revisions at once.
///
/// ```swift
/// let server = Server(
///     ServerDescription(name: "atlas-crm", title: "Atlas CRM", version: "1.0.0"),
///     tools: [SearchContacts.self, GetContact.self], services: crm, logger: logger)
/// await server.run()
/// ```
///
/// Requests are served concurrently, each in a task of its own; a slow one delays nobody.
public struct Server<Services: Sendable>: Sendable {
    /// The tools that are registered, for tests and for those who look at them from outside.
    package let toolbox: Toolbox<Services>
    private let catalog: Catalog
    private let seal: StateSeal
    private let executor: (any TaskExecutor)?
    private let patience: Duration

    /// - Parameters:
    ///   - description: who the server is.
    ///   - tools: in the order clients list them.
    ///   - toolsets: which of their toolsets are registered.
    ///   - readOnly: whether only tools that change nothing are.
    ///   - resources: what clients can read; with ``ResourceChanges``, they can subscribe to it.
    ///   - prompts: in the order clients list them.
    ///   - services: what tools, resources and prompts are lent.
    ///   - executor: where they run; `nil` for the usual one, on which nothing may block.
    ///   - failure: turns the business's errors into failures that a client may read; `nil` for what is unexpected.
    ///   - offset: seconds east of UTC in which results tell a date.
    ///   - rateLimit: how often a tool with such hints may be called.
    ///   - stateKey: the secret that seals what clients carry between the two halves of a call that asks its user; at least 32
    ///     octets, the same in every process that may get the second half. Called when first needed. Without one, each process
    ///     has its own.
    ///   - gate: stands between the clients and the tools.
    ///   - patience: how long a user may take to answer a question.
    ///   - logger: hears what a developer should know; it must not write to standard output.
    public init(
        _ description: ServerDescription,
        tools: [any Tool<Services>.Type],
        toolsets: ToolsetSelection = .default,
        readOnly: Bool = false,
        resources: Resources<Services> = .none,
        prompts: [Prompt<Services>] = [],
        services: Services,
        executor: (any TaskExecutor)? = nil,
        failure: @escaping @Sendable (any Error) -> ToolFailure? = { _ in nil },
        offset: @escaping ZoneOffset = { _ in 0 },
        rateLimit: @Sendable (ToolHints) -> RateLimit = RateLimit.standard,
        stateKey: (@Sendable () -> [UInt8])? = nil,
        gate: (any ToolGate)? = nil,
        patience: Duration = .seconds(300),
        logger: Logger
    ) {
        let toolbox = Toolbox(
            tools, selection: toolsets, readOnly: readOnly, failure: failure, offset: offset, rateLimit: rateLimit,
            gate: gate, logger: logger)
        self.toolbox = toolbox
        catalog = Catalog(
            description: description,
            tools: Catalog.Tools(
                listing: { toolbox.listing($0) },
                contains: { toolbox.contains($0) },
                call: { name, arguments, client in
                    try await toolbox.call(name, arguments, with: services, for: client)
                },
                isEmpty: tools.isEmpty),
            resources: resources.lent(services),
            prompts: prompts.map { $0.lent(services) },
            failure: failure, offset: offset, logger: logger)
        seal = StateSeal(key: Once(stateKey ?? Self.randomKey).value)
        self.executor = executor
        self.patience = patience
    }

    /// Serves standard input and output until the input ends, SIGTERM or SIGINT comes, or nobody reads the output any more.
    /// Everything has been answered or cancelled then; the caller closes its services and exits with 0.
    ///
    /// From here on, standard output belongs to the protocol: what is printed goes to standard error.
    public func run() async {
        await withCheckedContinuation { continuation in
            startThread {
                self.serve()
                continuation.resume()
            }
        }
    }

    /// The same as ``run()``, on the calling thread, which becomes the one that reads.
    public func serve() { serve(on: .claimingStandardStreams(), watchingSignals: true) }

    /// Serves two file descriptors, on the calling thread.
    package func serve(on wire: Wire, watchingSignals: Bool = false) {
        let conversation = Conversation(
            catalog, seal: seal, executor: executor, patience: patience, output: wire.output)
        conversation.run(input: wire.input, watchingSignals: watchingSignals)
    }

    /// Says that a resource has changed, or has gone; the same as telling the ``ResourceChanges`` of ``Resources``.
    public func resourceChanged(_ uri: String) { catalog.resources.changes?.changed(uri) }

    /// Says that the list of resources has become another one.
    public func resourceListChanged() { catalog.resources.changes?.listChanged() }

    private static var randomKey: @Sendable () -> [UInt8] {
        {
            var generator = SystemRandomNumberGenerator()
            return (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        }
    }
}

/// A value that is made when it is first needed, and kept.
private final class Once<Value: Sendable>: Sendable {
    private let made = Mutex<Value?>(nil)
    private let make: @Sendable () -> Value

    init(_ make: @escaping @Sendable () -> Value) { self.make = make }

    @Sendable func value() -> Value {
        made.withLock { made in
            if let made { return made }
            let value = make()
            made = value
            return value
        }
    }
}
