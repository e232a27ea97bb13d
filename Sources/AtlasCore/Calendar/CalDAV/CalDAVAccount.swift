/// A CalDAV account, as the settings name it.
struct CalDAVAccount: Sendable {
    /// `https://dav.example.com`, without a path.
    let origin: String
    /// Where discovery begins.
    let path: DAVPath
    let user: String?
    let password: String?
    /// The calendar that is meant when none is named.
    let calendar: DAVPath?
}

extension CalDAVAccount {
    /// - Throws: ``AtlasError`` `not_configured` that names the variable.
    init(_ configuration: Configuration) throws(AtlasError) {
        guard let url = try configuration.baseURL(.caldavURL) else {
            throw AtlasError(.notConfigured, "Set \(ConfigurationKey.caldavURL.name) to the CalDAV server's address.")
        }
        guard let (origin, path) = Self.parts(url) else {
            throw AtlasError(.notConfigured, "\(ConfigurationKey.caldavURL.name) is no address of a CalDAV server.")
        }
        self.origin = origin
        self.path = path
        user = configuration[.caldavUsername]
        password = configuration[.caldavPassword]
        guard (user == nil) == (password == nil) else {
            throw AtlasError(
                .notConfigured,
                "\(ConfigurationKey.caldavUsername.name) and \(ConfigurationKey.caldavPassword.name) belong together: set both."
            )
        }
        calendar = try configuration[.caldavCalendarURL].map { text throws(AtlasError) in
            let wrong = AtlasError(
                .notConfigured,
                "\(ConfigurationKey.caldavCalendarURL.name) must be a calendar on the server that \(ConfigurationKey.caldavURL.name) names: its address, or its path."
            )
            guard let path = DAVPath(text, origin: origin) else { throw wrong }
            return path.asCollection
        }
    }

    private static func parts(_ url: String) -> (origin: String, path: DAVPath)? {
        guard let scheme = url.range(ofFirst: "://") else { return nil }
        let rest = url[scheme.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        let origin = url[..<scheme.upperBound] + authority
        let path = rest[authority.endIndex...]
        return DAVPath(path.isEmpty ? "/" : String(path), origin: String(origin)).map { (String(origin), $0) }
    }
}

extension String {
    /// Where `text` begins first.
    fileprivate func range(ofFirst text: String) -> Range<String.Index>? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(text) { return index..<self.index(index, offsetBy: text.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
