import JSON

extension Catalog {
    func listPrompts(_ parameters: JSON.Object, _ terms: Terms) throws -> ResultBody {
        let (range, next) = try Cursor.prompts.page(prompts, parameters)
        var body = ResultBody.cacheable(capacity: 1024)
        body.member("prompts", .array(prompts[range].map { $0.listing(terms.revision) }))
        if let next { body.member("nextCursor", next) }
        return body
    }

    func getPrompt(_ parameters: JSON.Object, _ terms: Terms) throws -> Work {
        guard let name = parameters["name"]?.text else { throw ProtocolError.badParameters("prompts/get needs a name") }
        guard let prompt = prompts.first(where: { $0.name == name }) else {
            throw ProtocolError.badParameters("Unknown prompt: \(name.quotable)")
        }
        let arguments = try parameters["arguments"]?.texts("arguments") ?? [:]
        for argument in prompt.arguments where argument.isRequired {
            let isBlank = arguments[argument.name]?.allSatisfy(\.isWhitespace) ?? true
            if isBlank { throw ProtocolError.badParameters("Missing argument: \(argument.name)") }
        }
        return Work(method: "prompts/get", terms: terms, parameters: parameters) { [arguments] _ in
            do {
                let messages = try await prompt.get(Lent(), arguments)
                var body = ResultBody(capacity: 1024)
                body.member("description", .string(prompt.description))
                body.member("messages")
                body.members.raw("[")
                for (index, message) in messages.enumerated() {
                    if index > 0 { body.members.raw(",") }
                    try message.write(offset: offset, to: &body.members)
                }
                body.members.raw("]")
                return body
            } catch let error where !(error is CancellationError || Task.isCancelled) {
                throw protocolError(error, terms.revision)
            }
        }
    }
}

extension Prompt {
    fileprivate func listing(_ revision: Revision) -> JSON {
        var object: JSON.Object = ["name": .string(name)]
        if let title, revision.hasTitles { object.append("title", .string(title)) }
        object.append("description", .string(description))
        if !arguments.isEmpty {
            object.append(
                "arguments",
                .array(
                    arguments.map { argument in
                        var object: JSON.Object = ["name": .string(argument.name)]
                        if let title = argument.title, revision.hasTitles { object.append("title", .string(title)) }
                        object.append("description", .string(argument.description))
                        object.append("required", .bool(argument.isRequired))
                        return .object(object)
                    }))
        }
        return .object(object)
    }
}

extension PromptMessage {
    fileprivate func write(offset: @escaping ZoneOffset, to json: inout JSONWriter) throws {
        json.raw(#"{"role":"#)
        json.write(role)
        json.raw(#","content":"#)
        switch content {
        case .text(let text):
            json.raw(#"{"type":"text","text":"#)
            json.write(text)
        case .resource(let uri, let contents):
            json.raw(#"{"type":"resource","resource":"#)
            try contents.write(uri: uri, mimeType: nil, offset: offset, to: &json)
        }
        json.raw("}}")
    }
}

extension JSON {
    /// An object whose values are all texts.
    func texts(_ name: String) throws(ProtocolError) -> [String: String] {
        if isNull { return [:] }
        guard let object else { throw .badParameters("\(name) must be an object") }
        var texts: [String: String] = [:]
        for member in object.members {
            guard let text = member.value.text else {
                throw .badParameters("\(name).\(member.name.quotable) must be a string")
            }
            texts[member.name] = text
        }
        return texts
    }
}
