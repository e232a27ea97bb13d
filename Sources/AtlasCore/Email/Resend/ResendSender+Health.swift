import JSON

extension ResendSender {
    /// Asks for the account's domains (Resend, "List Domains"), which sends nothing.
    ///
    /// A key that may only send is refused that, in words by which Resend shows that it knows it.
    /// - Parameter domain: of the address that is written from.
    func health(domain: String?) async throws -> PartHealth {
        var request = HTTPRequest(.get, baseURL + "/domains")
        request.authorization = .bearer(key)
        request.headers = [HTTPHeader("Accept", "application/json")]
        request.timeout = timeout
        request.retries = .reads
        request.largestBody = 1 << 20
        let response: HTTPResponse
        do { response = try await http.send(request) } catch let error as HTTPError {
            throw AtlasError(error, service: Self.service, isRead: true)
        }
        if response.status == 401, response.json?["name"]?.text == "restricted_api_key" {
            return PartHealth(["the key is taken", "it may send and nothing else, so the domains were not looked at"])
        }
        guard response.isSuccess else { throw ResendRefusal(response).error }
        guard let domains = response.json?["data"]?.items else {
            throw AtlasError(
                .upstreamError, "Resend gave an answer that cannot be read. Check \(ConfigurationKey.resendURL.name).")
        }
        var health = PartHealth(["the key is taken"])
        guard let domain = domain?.lowercased() else { return health }
        let own = domains.first { $0["name"]?.text?.lowercased() == domain }
        let status = own?["status"]?.text?.cleaned().cutShort(at: 20)
        let shown = domain.cleaned().cutShort(at: 80)
        if status == "verified" {
            health.facts.append("\(shown) is verified")
        } else {
            health.warnings.append(
                "Resend has \(shown) as \(status ?? "no domain of the account"), and sends nothing from it. Verify it in Resend's dashboard, or change \(ConfigurationKey.defaultFrom.name)."
            )
        }
        return health
    }
}
