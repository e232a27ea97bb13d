/// Ids of calendars and events of a CalDAV server: `c.` and the path, and for an occurrence which one.
struct CalDAVEventID: Sendable, Equatable {
    let path: DAVPath
    let occurrence: RecurrenceID?

    init(path: DAVPath, occurrence: RecurrenceID?) {
        self.path = path
        self.occurrence = occurrence
    }

    /// - Returns: nil for what is none.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == "c", let path = CalDAVCalendarID.path(parts[1]) else {
            return nil
        }
        self.path = path
        if parts.count == 3 {
            guard let occurrence = RecurrenceID(String(parts[2])) else { return nil }
            self.occurrence = occurrence
        } else {
            occurrence = nil
        }
    }

    var text: String { CalDAVCalendarID.text(path) + (occurrence.map { ".\($0.text)" } ?? "") }
}

enum CalDAVCalendarID {
    static func text(_ path: DAVPath) -> String { "c." + Base64URL.encode(Array(path.text.utf8)).filter { $0 != "=" } }

    static func path(_ text: some StringProtocol) -> DAVPath? {
        guard let octets = Base64URL.decode(String(text)) else { return nil }
        return DAVPath(String(decoding: octets, as: UTF8.self))
    }
}
