import Synchronization

/// The time zones that an object's times are written in.
///
/// A TZID is a name of the object's own (RFC 5545, 3.8.3.1), yet nearly always an IANA name, one behind a prefix, or a Windows name:
/// the system's data of such a zone is newer and reaches further than what the object says of it.
struct ICalendarZones: Sendable {
    private var byTZID: [String: BusinessZone] = [:]

    /// - Parameter times: whose zones are looked for.
    init(of calendar: ICalendarComponent, names: Set<String>) {
        for name in names.prefix(64) {
            if let zone = Self.system(name) {
                byTZID[name] = zone
            } else if let own = calendar.components.first(where: {
                $0.name == "VTIMEZONE" && $0.property("TZID")?.text == name
            }) {
                byTZID[name] = own.property("X-LIC-LOCATION").flatMap { Self.system($0.text) } ?? BusinessZone(own)
            }
        }
    }

    /// - Parameter business: for floating times, days, and zones that nobody knows.
    func zone(of form: ICalendarTime.Form, business: BusinessZone) -> BusinessZone {
        switch form {
        case .utc: .utc
        case .zoned(let name): byTZID[name] ?? business
        case .day, .floating: business
        }
    }

    /// Seconds since 1970 UTC.
    func instant(of time: ICalendarTime, business: BusinessZone) -> Int {
        zone(of: time.form, business: business).instant(ofWallClock: time.wall)
    }

    /// The moment on the clock of `form`.
    func time(_ instant: Int, as form: ICalendarTime.Form, business: BusinessZone) -> ICalendarTime {
        ICalendarTime(form, wall: instant + zone(of: form, business: business).offset(at: instant))
    }

    // MARK: Names

    private static let cache = Mutex<[String: BusinessZone?]>([:])

    /// The zone of the system that a TZID means.
    static func system(_ tzid: String) -> BusinessZone? {
        if let known = cache.withLock({ $0[tzid] }) { return known }
        let zone = read(tzid)
        cache.withLock { cache in
            // Names are other people's: they must not fill the memory.
            if cache.count >= 512 { cache.removeAll() }
            cache[tzid] = .some(zone)
        }
        return zone
    }

    private static func read(_ tzid: String) -> BusinessZone? {
        let name = tzid.trimmed
        guard !name.isEmpty, name.utf8.count <= 200 else { return nil }
        if name.lowercased() == "tzone://microsoft/utc" { return .utc }
        guard name.hasPrefix("/") else {
            return isZone(name)
                ? BusinessZone(iana: name) ?? WindowsZones.name(name).flatMap(BusinessZone.init(iana:)) : nil
        }
        // `/citadel.org/20210210_1/America/Argentina/Salta`: the name is at the end, two or three parts long, or one.
        let parts = name.split(separator: "/")
        for count in [3, 2, 1] where parts.count > count {
            let end = parts.suffix(count).joined(separator: "/")
            if isZone(end), let zone = BusinessZone(iana: end) { return zone }
        }
        return nil
    }

    /// The files of these folders count leap seconds, or are no names of IANA.
    private static func isZone(_ name: String) -> Bool {
        !["right/", "posix/"].contains { name.hasPrefix($0) } && !["localtime", "posixrules", "Factory"].contains(name)
    }
}
