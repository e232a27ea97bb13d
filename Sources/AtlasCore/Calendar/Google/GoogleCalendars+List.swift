import JSON

extension GoogleCalendars {
    private static let mostPages = 20

    func calendars() async throws -> [CalendarInfo] {
        let meant = try await id(of: nil)
        var found: [CalendarInfo] = []
        var token: String?
        var pages = 0
        repeat {
            let query = [
                ("maxResults", Optional("250")), ("pageToken", token),
                (
                    "fields",
                    "nextPageToken,items(id,summary,summaryOverride,primary,accessRole,backgroundColor,deleted)"
                ),
            ]
            guard let json = try await get("/users/me/calendarList", query), json.object != nil else {
                throw api.service.garbled
            }
            found += (json["items"]?.items ?? []).compactMap { Self.calendar($0, meant: meant) }
            token = json["nextPageToken"]?.text.flatMap { $0.isEmpty ? nil : $0 }
            pages += 1
        } while token != nil && pages < Self.mostPages
        // A calendar that is shared with a service account is in no list of its own.
        if !found.contains(where: \.primary) { found.append(try await unlisted(meant)) }
        return found.filter(\.primary) + found.filter { !$0.primary }
    }

    private static func calendar(_ json: JSON, meant: String) -> CalendarInfo? {
        guard let id = json["id"]?.text, !id.isEmpty, json["deleted"]?.flag != true else { return nil }
        let isMeant = id == meant || meant == "primary" && json["primary"]?.flag == true
        return CalendarInfo(
            id: id.cleaned(), name: name(json, id: id), primary: isMeant,
            readOnly: isReadOnly(json["accessRole"]?.text),
            provider: "google", color: color(json["backgroundColor"]?.text))
    }

    /// The calendar that is meant, where the list does not have it.
    private func unlisted(_ id: String) async throws -> CalendarInfo {
        async let about = get(Self.path(id), [("fields", "id,summary")])
        // A calendar itself does not say what may be done with it; its events do.
        async let events = get(Self.path(id) + "/events", [("maxResults", "1"), ("fields", "accessRole")])
        guard let json = try await about, let role = try await events else { throw noCalendar(id) }
        return CalendarInfo(
            id: json["id"]?.text?.cleaned() ?? id, name: Self.name(json, id: id), primary: true,
            readOnly: Self.isReadOnly(role["accessRole"]?.text), provider: "google")
    }

    private static func name(_ json: JSON, id: String) -> String {
        for member in ["summaryOverride", "summary"] {
            if let name = json[member]?.text?.cleaned().cutShort(at: 200), !name.isEmpty { return name }
        }
        return id.cleaned().cutShort(at: 200)
    }

    private static func isReadOnly(_ role: String?) -> Bool {
        !["owner", "writer", "writerWithoutPrivateAccess"].contains(role)
    }

    private static func color(_ text: String?) -> String? {
        guard let text, text.utf8.count == 7, text.hasPrefix("#"), text.dropFirst().allSatisfy(\.isHexDigit) else {
            return nil
        }
        return text.uppercased()
    }
}
