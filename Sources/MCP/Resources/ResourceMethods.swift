import JSON

extension Catalog {
    func listResources(_ parameters: JSON.Object, _ terms: Terms) throws -> Decision {
        let from = try Cursor.read(parameters, of: .resources)
        guard let list = resources.list else {
            guard from == nil else { throw ProtocolError.badCursor }
            return .reply(.result(listing(ResourcePage([]), terms)), terms.revision)
        }
        return .work(
            Work(method: "resources/list", terms: terms, parameters: parameters) { _ in
                listing(try await list(Lent(), from), terms)
            })
    }

    private func listing(_ page: ResourcePage, _ terms: Terms) -> ResultBody {
        var body = ResultBody.cacheable(capacity: 1024)
        body.member(
            "resources",
            .array(
                page.resources.map { resource in
                    var object: JSON.Object = ["uri": .string(resource.uri), "name": .string(resource.name)]
                    object.describe(resource.title, resource.description, resource.mimeType, terms.revision)
                    if let size = resource.size { object.append("size", .integer(size)) }
                    return .object(object)
                }))
        if let next = page.next { body.member("nextCursor", Cursor.resources.write(next)) }
        return body
    }

    func listTemplates(_ parameters: JSON.Object, _ terms: Terms) throws -> ResultBody {
        let templates = resources.templates.filter { !$0.uri.variables.isEmpty }
        let (range, next) = try Cursor.templates.page(templates, parameters)
        var body = ResultBody.cacheable(capacity: 1024)
        body.member(
            "resourceTemplates",
            .array(
                templates[range].map { template in
                    var object: JSON.Object = [
                        "uriTemplate": .string(template.uri.text), "name": .string(template.name),
                    ]
                    object.describe(template.title, template.description, template.mimeType, terms.revision)
                    return .object(object)
                }))
        if let next { body.member("nextCursor", next) }
        return body
    }

    func readResource(_ parameters: JSON.Object, _ terms: Terms) throws -> Work {
        guard let uri = parameters["uri"]?.text else { throw ProtocolError.badParameters("uri must be a string") }
        guard URITemplate.isURI(uri) else { throw ProtocolError.noResource(uri.quotable, terms.revision) }
        for template in resources.templates {
            guard let variables = template.uri.match(uri) else { continue }
            return Work(method: "resources/read", terms: terms, parameters: parameters) { _ in
                do {
                    guard let contents = try await template.read(Lent(), variables) else {
                        throw ProtocolError.noResource(uri, terms.revision)
                    }
                    var body = ResultBody.cacheable(capacity: 1024)
                    body.member("contents")
                    body.members.raw("[")
                    try contents.write(uri: uri, mimeType: template.mimeType, offset: offset, to: &body.members)
                    body.members.raw("]")
                    return body
                } catch let error where !(error is CancellationError || Task.isCancelled) {
                    throw protocolError(error, uri: uri, terms.revision)
                }
            }
        }
        throw ProtocolError.noResource(uri, terms.revision)
    }

    /// The URI of `resources/subscribe`.
    func subscribable(_ parameters: JSON.Object, _ revision: Revision) throws(ProtocolError) -> String {
        guard let uri = parameters["uri"]?.text else { throw .badParameters("uri must be a string") }
        guard isSubscribable(uri) else { throw .noResource(uri.quotable, revision) }
        return uri
    }

    /// Whether a URI names something we can read, or what contains it.
    func isSubscribable(_ uri: String) -> Bool {
        URITemplate.isURI(uri) && resources.templates.contains { $0.uri.match(uri) != nil || $0.uri.isInside(uri) }
    }
}

extension JSON.Object {
    fileprivate mutating func describe(
        _ title: String?, _ description: String?, _ mimeType: String?, _ revision: Revision
    ) {
        if let title, revision.hasTitles { append("title", .string(title)) }
        if let description { append("description", .string(description)) }
        if let mimeType { append("mimeType", .string(mimeType)) }
    }
}
