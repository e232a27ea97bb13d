import JSON

extension ModelService {
    /// Asks a service like OpenAI's which models it has (https://platform.openai.com/docs/api-reference/models/list).
    ///
    /// - Parameters:
    ///   - url: of what it is used for.
    ///   - path: what that ends with, below the API's base.
    ///   - wanted: the model that must be among them, and the setting that names it.
    /// - Throws: ``AtlasError`` when it does not answer, refuses the key, or fails.
    func models(of url: String, below path: String, key: String?, wanted: (model: String, variable: String)? = nil)
        async throws -> PartHealth
    {
        let end = url.firstIndex { $0 == "?" || $0 == "#" } ?? url.endIndex
        let base = url[..<end].hasSuffix(path) ? url[..<end].dropLast(path.count) : url[..<end]
        var request = HTTPRequest(.get, base + "/models" + url[end...])
        request.authorization = key.map(HTTPAuthorization.bearer)
        request.largestBody = 4 << 20
        let response = try await send(request)
        var health = PartHealth(["\(client.host(of: url)) answers"])
        switch response.status {
        case 404, 405, 501:
            // Some have the one endpoint and no list.
            health.facts.append("it lists no models")
            return health
        case _ where !response.isSuccess: throw refusal(response)
        default: break
        }
        guard let items = response.json?["data"]?.items else {
            throw AtlasError(
                .upstreamError,
                "What answers at \(client.host(of: url)) lists models in no known form. Check that \(variable) is the base of an API like OpenAI's."
            )
        }
        let names = items.compactMap { $0["id"]?.text }
        guard let wanted else { return health }
        // Some leave the tag out that they take for granted.
        if names.contains(where: { $0 == wanted.model || $0 == wanted.model + ":latest" }) {
            health.facts.append("it has the model \(wanted.model.cleaned().cutShort(at: 80))")
        } else {
            let some = names.prefix(5).map { $0.cleaned().cutShort(at: 60) }.joined(separator: ", ")
            health.warnings.append(
                "The language model's service does not list \(wanted.model.cleaned().cutShort(at: 80))"
                    + (some.isEmpty ? "" : " but \(some)") + ". Check \(wanted.variable).")
        }
        return health
    }
}

extension HTTPClient {
    /// The host of a URL, as it may be shown.
    func host(of url: String) -> String { HTTPRequest(.get, url).hostAsWritten.cleaned().cutShort(at: 100) }
}
