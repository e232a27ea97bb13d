/// A calendar of the account.
struct CalDAVCalendar: Sendable, Equatable {
    let path: DAVPath
    let name: String
    let isReadOnly: Bool
    let color: String?
}

/// Finds the calendars of an account from whatever address it was given (RFC 6764, 6; RFC 4791, 6.2; RFC 5397).
struct CalDAVDiscovery {
    let client: CalDAVClient

    /// At most four requests: the address, a principal, and its home; one more where the address says nothing.
    ///
    /// - Throws: ``AtlasError`` `not_configured` when there are none.
    func calendars() async throws -> [CalDAVCalendar] {
        let account = client.account
        var given = try await look(account.path.asCollection)
        if given.map(Self.saysNothing) ?? true, let wellKnown = DAVPath("/.well-known/caldav") {
            given = try await look(wellKnown) ?? given
        }
        guard let given else { throw Self.nothing }
        if let calendar = Self.calendar(given) { return [calendar] }
        var homes = try paths("calendar-home-set", of: given)
        if homes.isEmpty, let principal = try paths("current-user-principal", of: given).first,
            let found = try await look(principal)
        {
            homes = try paths("calendar-home-set", of: found)
        }
        // What names no home may be one.
        if homes.isEmpty { homes = [given.path] }
        var calendars: [CalDAVCalendar] = []
        for home in homes.prefix(5) {
            let found = try await client.propfind(home.asCollection, depth: 1, CalDAVXML.calendars)
            for calendar in found.resources.compactMap(Self.calendar)
            where !calendars.contains(where: { $0.path.isSame(as: calendar.path) }) {
                calendars.append(calendar)
            }
        }
        guard !calendars.isEmpty else { throw Self.nothing }
        return calendars
    }

    private static func saysNothing(_ resource: DAVResource) -> Bool {
        calendar(resource) == nil && resource.hrefs("calendar-home-set").isEmpty
            && resource.hrefs("current-user-principal").isEmpty
    }

    /// - Throws: ``AtlasError`` `not_configured` that names the host, when all of them are on another one.
    private func paths(_ name: String, of resource: DAVResource) throws(AtlasError) -> [DAVPath] {
        let hrefs = resource.hrefs(name)
        let paths = hrefs.compactMap { DAVPath($0, origin: client.account.origin) }
        if paths.isEmpty, let first = hrefs.first { throw CalDAVClient.elsewhere(first, "keeps the calendars on") }
        return paths
    }

    /// What a resource says of itself; nil when it is none of WebDAV's.
    private func look(_ path: DAVPath) async throws -> DAVResource? {
        let found = try await client.propfind(path, depth: 0, CalDAVXML.discovery)
        switch found.status {
        case 207: return found.resources.first
        case 200..<300, 400, 403...405, 410, 501: return nil
        default: throw client.refusal(HTTPResponse(status: found.status))
        }
    }

    /// - Returns: nil for what is no calendar of events.
    static func calendar(_ resource: DAVResource) -> CalDAVCalendar? {
        guard let type = resource.property("resourcetype", DAVSpace.dav), type.first("calendar", DAVSpace.caldav) != nil
        else {
            return nil
        }
        if let kinds = resource.property("supported-calendar-component-set", DAVSpace.caldav)?.all(
            "comp", DAVSpace.caldav),
            !kinds.isEmpty, !kinds.contains(where: { $0.label?.uppercased() == "VEVENT" })
        {
            return nil
        }
        let name = resource.text("displayname", DAVSpace.dav) ?? Self.lastSegment(resource.path)
        let privileges = resource.property("current-user-privilege-set", DAVSpace.dav)?.all("privilege", DAVSpace.dav)
            .flatMap(\.children).map(\.name)
        let writing: Set = ["all", "write", "write-content", "bind"]
        return CalDAVCalendar(
            path: resource.path.asCollection, name: name,
            isReadOnly: privileges.map { !$0.contains(where: writing.contains) && !$0.isEmpty } ?? false,
            color: resource.text("calendar-color", DAVSpace.apple).flatMap(Self.color))
    }

    private static func lastSegment(_ path: DAVPath) -> String {
        path.text.split(separator: "/").last.map(String.init) ?? path.text
    }

    /// `#RRGGBB`; Apple's has two digits more, for its transparency.
    private static func color(_ text: String) -> String? {
        let digits = text.dropFirst()
        guard text.hasPrefix("#"), digits.utf8.count == 6 || digits.utf8.count == 8, digits.allSatisfy(\.isHexDigit)
        else {
            return nil
        }
        return "#" + digits.prefix(6).uppercased()
    }

    private static let nothing = AtlasError(
        .notConfigured,
        "No calendar was found at the address in \(ConfigurationKey.caldavURL.name). Name the server, your principal or a calendar there."
    )
}
