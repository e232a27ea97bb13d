import JSON

// The methods that both eras share. Lists are answered at once; what calls the business becomes work.
extension Catalog {
    /// - Throws: ``ProtocolError``.
    func decide(_ method: String, _ parameters: JSON.Object, _ terms: Terms) throws -> Decision {
        switch method {
        case "tools/list" where !tools.isEmpty: return .reply(.result(try listTools(parameters, terms)), terms.revision)
        case "tools/call" where !tools.isEmpty: return .work(try callTool(parameters, terms))
        case "resources/list" where !resources.isEmpty: return try listResources(parameters, terms)
        case "resources/templates/list" where !resources.isEmpty:
            return .reply(.result(try listTemplates(parameters, terms)), terms.revision)
        case "resources/read" where !resources.isEmpty: return .work(try readResource(parameters, terms))
        case "prompts/list" where !prompts.isEmpty:
            return .reply(.result(try listPrompts(parameters, terms)), terms.revision)
        case "prompts/get" where !prompts.isEmpty: return .work(try getPrompt(parameters, terms))
        case "completion/complete" where hasCompletions: return .work(try complete(parameters, terms))
        default: throw ProtocolError.unknownMethod(method)
        }
    }

    // MARK: - Tools

    /// All tools stand on one page, because many hosts never ask for a second.
    private func listTools(_ parameters: JSON.Object, _ terms: Terms) throws -> ResultBody {
        guard try Cursor.read(parameters, of: .tools) == nil else { throw ProtocolError.badCursor }
        let detail: ListingDetail =
            terms.revision.hasTitles ? .full : terms.revision.hasAnnotations ? .annotated : .plain
        let listing = tools.listing(detail)
        var body = ResultBody.cacheable(capacity: listing.count + 16)
        body.member("tools")
        body.members.raw(listing)
        return body
    }

    private func callTool(_ parameters: JSON.Object, _ terms: Terms) throws -> Work {
        guard let name = parameters["name"]?.text else { throw ProtocolError.badParameters("tools/call needs a name") }
        var arguments = JSON.Object()
        switch parameters["arguments"] {
        case .object(let object)?: arguments = object
        case nil, .null?: break
        default: throw ProtocolError.badParameters("arguments must be an object")
        }
        guard tools.contains(name) else { throw ProtocolError.unknownTool(name) }
        return Work(method: "tools/call", terms: terms, parameters: parameters) { [arguments] client in
            let result = try await tools.call(name, arguments, client)
            var body = ResultBody(capacity: 2 * result.text.count + 128)
            result.writeMembers(structured: terms.revision.hasStructuredContent, to: &body.members)
            body.meta = result.meta(description.errorKey)
            return body
        }
    }

    // MARK: - Failures

    /// What a failure of the business is for a method that is no tool.
    func protocolError(_ error: any Error, uri: String? = nil, _ revision: Revision) -> ProtocolError {
        if let error = error as? ProtocolError { return error }
        guard let failed = error as? ToolFailure ?? failure(error) else {
            logger.error("A request failed unexpectedly", metadata: ["error": "\(String(reflecting: error))"])
            return .internal
        }
        if failed.code == "not_found", let uri { return .noResource(uri, revision) }
        let isBadInput = ["invalid_argument", "not_found"].contains(failed.code)
        return ProtocolError(
            isBadInput ? -32602 : -32603, failed.message,
            data: .object([description.errorKey: ["code": .string(failed.code), "retryable": .bool(failed.retryable)]]))
    }
}

/// A place in a list, as clients carry it: nothing they could read or make up.
enum Cursor: String {
    case tools, resources, templates, prompts

    /// Reads the cursor of a request: `nil` for the first page.
    static func read(_ parameters: JSON.Object, of list: Cursor) throws(ProtocolError) -> String? {
        guard let given = parameters["cursor"], !given.isNull else { return nil }
        guard let text = given.text, let octets = Base64.decodeFromURL(text),
            let content = String(validating: octets, as: UTF8.self), content.hasPrefix(list.rawValue + ":")
        else { throw .badCursor }
        return String(content.dropFirst(list.rawValue.count + 1))
    }

    func write(_ place: String) -> JSON { .string(Base64.encodeForURL(Array("\(rawValue):\(place)".utf8))) }

    /// One page of a list that we have whole, 100 items long.
    func page<Item>(_ items: [Item], _ parameters: JSON.Object) throws(ProtocolError) -> (Range<Int>, next: JSON?) {
        var start = 0
        if let place = try Self.read(parameters, of: self) {
            guard let offset = Int(place), offset > 0, offset < items.count else { throw .badCursor }
            start = offset
        }
        let end = min(items.count, start + 100)
        return (start..<end, end < items.count ? write(String(end)) : JSON?.none)
    }
}
