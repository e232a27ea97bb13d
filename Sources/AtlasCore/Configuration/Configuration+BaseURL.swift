extension Configuration {
    /// The URL of a service, without a slash at its end; nil when it is unset.
    ///
    /// - Throws: ``AtlasError`` `not_configured` that names the variable: no URL, or plain http to another machine.
    func baseURL(_ key: ConfigurationKey) throws(AtlasError) -> String? {
        guard var url = self[key] else { return nil }
        guard WebURL.isBase(url) else {
            throw AtlasError(.notConfigured, "\(key.name) must be an http or https URL without credentials or query.")
        }
        guard url.lowercased().hasPrefix("https://") || HTTPAddress.isLoopback(WebURL.host(of: url)) else {
            throw AtlasError(
                .notConfigured, "\(key.name) must be an https URL: plain http is for services on this machine only.")
        }
        while url.hasSuffix("/") { url.removeLast() }
        return url
    }
}
