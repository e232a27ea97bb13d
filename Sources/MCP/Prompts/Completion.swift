import JSON

extension Catalog {
    /// How many suggestions one answer may have.
    private static var mostSuggestions: Int { 100 }

    func complete(_ parameters: JSON.Object, _ terms: Terms) throws -> Work {
        guard let reference = parameters["ref"]?.object, let kind = reference["type"]?.text else {
            throw ProtocolError.badParameters("completion/complete needs ref, an object with a type")
        }
        guard let name = parameters["argument"]?["name"]?.text, let text = parameters["argument"]?["value"]?.text else {
            throw ProtocolError.badParameters("argument must have a name and a value, both strings")
        }
        let isKnown = terms.revision.hasCompletionContext
        let context = isKnown ? try parameters["context"]?["arguments"]?.texts("context.arguments") ?? [:] : [:]
        let suggest = try suggestions(reference, kind, name, context)
        return Work(method: "completion/complete", terms: terms, parameters: parameters) { _ in
            do {
                // Who types faster than anybody can gets no suggestions for a moment.
                let isTooFast = completions.admit(at: RateLimiter.now) != nil
                let values = isTooFast ? [] : try await suggest(text)
                var body = ResultBody()
                body.member(
                    "completion",
                    [
                        "values": .array(values.prefix(Self.mostSuggestions).map { .string($0) }),
                        "total": .integer(values.count), "hasMore": .bool(values.count > Self.mostSuggestions),
                    ])
                return body
            } catch let error where !(error is CancellationError || Task.isCancelled) {
                throw protocolError(error, terms.revision)
            }
        }
    }

    private func suggestions(
        _ reference: JSON.Object, _ kind: String, _ name: String, _ context: [String: String]
    ) throws -> @Sendable (String) async throws -> [String] {
        switch kind {
        case "ref/prompt":
            guard let prompt = prompts.first(where: { .string($0.name) == reference["name"] }) else {
                throw ProtocolError.badParameters("Unknown prompt: \((reference["name"]?.text ?? "").quotable)")
            }
            guard let argument = prompt.arguments.first(where: { $0.name == name }) else {
                throw ProtocolError.badParameters("\(prompt.name) has no argument \(name.quotable)")
            }
            return { try await argument.complete?(Lent(), $0, context) ?? [] }
        case "ref/resource":
            guard let template = resources.templates.first(where: { .string($0.uri.text) == reference["uri"] }) else {
                throw ProtocolError.badParameters(
                    "Unknown resource template: \((reference["uri"]?.text ?? "").quotable)")
            }
            guard template.uri.variables.contains(name) else {
                throw ProtocolError.badParameters("\(template.uri.text) has no variable \(name.quotable)")
            }
            return { try await template.complete?(Lent(), name, $0, context) ?? [] }
        default: throw ProtocolError.badParameters("ref.type must be ref/prompt or ref/resource")
        }
    }
}
