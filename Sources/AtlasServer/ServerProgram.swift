import AtlasCore
import Logging
import MCP

/// What makes one server: its name, what it offers, and what it lends its tools.
public struct ServerProgram<Services: Sendable>: Sendable {
    let name: String
    let title: String
    let product: String
    let instructions: String
    let tools: [any Tool<Services>.Type]
    let templates: [ResourceTemplate<Services>]
    let prompts: [Prompt<Services>]
    let services: @Sendable (Atlas) -> Services

    /// - Parameters:
    ///   - name: the name for programs, `atlas-crm`.
    ///   - title: the name for people.
    ///   - product: the executable.
    ///   - instructions: what a model should know to use the server well.
    ///   - tools: in the order clients list them.
    ///   - services: makes what the tools are lent; it must open nothing.
    public init(
        name: String, title: String, product: String, instructions: String, tools: [any Tool<Services>.Type],
        resources: [ResourceTemplate<Services>] = [], prompts: [Prompt<Services>] = [],
        services: @escaping @Sendable (Atlas) -> Services
    ) {
        self.name = name
        self.title = title
        self.product = product
        self.instructions = instructions
        self.tools = tools
        self.templates = resources
        self.prompts = prompts
        self.services = services
    }

    /// The server and the business it stands on, neither of which has opened anything yet.
    ///
    /// - Throws: ``AtlasError`` or ``UnknownToolset`` when a setting that matters at start is wrong.
    func assemble(_ choices: Choices) throws -> (server: Server<Services>, atlas: Atlas) {
        let configuration = try Configuration.load(file: choices.config)
        let logger = try logger(choices, configuration)
        let changes = ResourceChanges()
        let atlas = Atlas(configuration: configuration, logger: logger) { contact in
            changes.changed(ContactURI.of(contact))
        }
        let server = Server(
            ServerDescription(name: name, title: title, version: atlasVersion, instructions: instructions),
            tools: tools,
            toolsets: try ToolsetSelection(choices.toolsets ?? configuration[.toolsets] ?? "", of: tools),
            readOnly: try choices.readOnly || configuration.flag(.readOnly) ?? false,
            resources: Resources(templates: templates, changes: changes),
            prompts: prompts,
            services: services(atlas),
            executor: atlas.workers,
            failure: { ToolFailure($0) },
            offset: { (try? atlas.time)?.offset(at: $0) ?? 0 },
            rateLimit: try rateLimit(configuration),
            stateKey: { atlas.home.stateKey() },
            gate: try Supervision(server: name, atlas: atlas, logger: logger),
            logger: logger)
        return (server, atlas)
    }

    private func logger(_ choices: Choices, _ configuration: Configuration) throws -> Logger {
        var logger = Logger(label: name) { StreamLogHandler.standardError(label: $0) }
        let named = try configuration[.logLevel].map { text in
            guard let level = Logger.Level(rawValue: text.lowercased()) else {
                throw AtlasError(
                    .notConfigured,
                    "\(ConfigurationKey.logLevel.name) must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))."
                )
            }
            return level
        }
        logger.logLevel = choices.logLevel ?? named ?? .notice
        return logger
    }

    private func rateLimit(_ configuration: Configuration) throws -> @Sendable (ToolHints) -> RateLimit {
        guard let limit = try configuration.integer(.rateLimit, in: 0...1_000_000) else { return RateLimit.standard }
        let perSecond = limit == 0 ? 1_000_000_000 : limit
        return { _ in RateLimit(burst: perSecond, perSecond: perSecond) }
    }
}
