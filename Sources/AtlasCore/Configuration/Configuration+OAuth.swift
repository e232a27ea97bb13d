extension Configuration {
    /// An account by its refresh token.
    ///
    /// - Parameters:
    ///   - service: what people call it, like "Google".
    ///   - keys: the client's id, its secret, the refresh token.
    ///   - url: of the token endpoint; without it Google's.
    /// - Throws: ``AtlasError`` `not_configured` that names what is missing.
    func oauthAccount(_ service: String, _ keys: [ConfigurationKey], url: ConfigurationKey) throws(AtlasError)
        -> OAuthAccount
    {
        let missing = keys.filter { self[$0] == nil }.map(\.name)
        let values = keys.compactMap { self[$0] }
        guard missing.isEmpty, values.count == 3 else {
            throw AtlasError(.notConfigured, "\(service) needs \(missing.joined(separator: " and ")), too.")
        }
        let names = OAuthAccount.Names(
            service: service, tokenURL: url.name, clientID: keys[0].name, clientSecret: keys[1].name,
            refreshToken: keys[2].name)
        let (own, google) = (try baseURL(url), try baseURL(.googleTokenURL))
        return OAuthAccount(
            tokenURL: own ?? google ?? "https://oauth2.googleapis.com/token", clientID: values[0],
            clientSecret: values[1], refreshToken: values[2], names: names)
    }
}
