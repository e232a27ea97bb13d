import JSON
import Logging

/// Everything a server offers, with its services already lent: what a session needs to know, whatever the services are.
struct Catalog: Sendable {
    struct Tools: Sendable {
        let listing: @Sendable (ListingDetail) -> [UInt8]
        let contains: @Sendable (String) -> Bool
        let call: @Sendable (String, JSON.Object, Client) async throws -> CallResult
        let isEmpty: Bool
    }

    let description: ServerDescription
    let tools: Tools
    let resources: Resources<Lent>
    let prompts: [Prompt<Lent>]
    /// Turns the business's errors into failures that a client may read.
    let failure: @Sendable (any Error) -> ToolFailure?
    let offset: ZoneOffset
    let logger: Logger
    let completions = RateLimiter(RateLimit(burst: 200, perSecond: 50))

    var hasCompletions: Bool {
        resources.templates.contains { $0.complete != nil }
            || prompts.contains { $0.arguments.contains { $0.complete != nil } }
    }

    /// What the server can do: all of it works, and nothing else is answered.
    func capabilities(_ revision: Revision) -> JSON {
        var capabilities = JSON.Object()
        if !tools.isEmpty { capabilities.append("tools", [:]) }
        if !resources.isEmpty {
            let changes = resources.changes != nil
            capabilities.append("resources", changes ? ["subscribe": true, "listChanged": true] : [:])
        }
        if !prompts.isEmpty { capabilities.append("prompts", [:]) }
        if hasCompletions, revision.hasCompletionCapability { capabilities.append("completions", [:]) }
        return .object(capabilities)
    }
}

/// Stands for services that are part of the closures already.
struct Lent: Sendable {}

extension Resources {
    func lent(_ services: Services) -> Resources<Lent> {
        var lentList: Resources<Lent>.List?
        if let list { lentList = { _, from in try await list(services, from) } }
        return Resources<Lent>(templates: templates.map { $0.lent(services) }, list: lentList, changes: changes)
    }
}

extension ResourceTemplate {
    fileprivate func lent(_ services: Services) -> ResourceTemplate<Lent> {
        let read = self.read
        var lentComplete: ResourceTemplate<Lent>.Complete?
        if let complete {
            lentComplete = { _, variable, text, context in try await complete(services, variable, text, context) }
        }
        return ResourceTemplate<Lent>(
            uri.text, name: name, title: title, description: description, mimeType: mimeType,
            read: { _, variables in try await read(services, variables) }, complete: lentComplete)
    }
}

extension Prompt {
    func lent(_ services: Services) -> Prompt<Lent> {
        let get = self.get
        return Prompt<Lent>(
            name, title: title, description: description, arguments: arguments.map { $0.lent(services) },
            get: { _, arguments in try await get(services, arguments) })
    }
}

extension PromptArgument {
    fileprivate func lent(_ services: Services) -> PromptArgument<Lent> {
        var lentComplete: PromptArgument<Lent>.Complete?
        if let complete { lentComplete = { _, text, context in try await complete(services, text, context) } }
        return PromptArgument<Lent>(
            name, title: title, description: description, isRequired: isRequired, complete: lentComplete)
    }
}
