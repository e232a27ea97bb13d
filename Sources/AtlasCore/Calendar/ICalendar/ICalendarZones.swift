#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The time zones that an object speaks of (RFC 5545, 3.2.19), as zones of this machine.
///
/// A TZID counts as an IANA name, also behind the prefixes that some programs write, then as one of Windows', then as the
/// object's own VTIMEZONE; an unknown one is the business's zone.
struct ICalendarZones: Sendable {
    /// In which floating times and days are meant.
    let business: BusinessZone
    /// By TZID.
    private let zones: [String: BusinessZone]

    /// - Parameter lines: of the whole object.
    init(_ lines: [ContentLine], components: [ICalendarComponent], business: BusinessZone) {
        self.business = business
        var zones: [String: BusinessZone] = [:]
        for line in lines {
            guard let id = line.parameter("TZID"), zones[id] == nil, zones.count < 64 else { continue }
            if let zone = Self.known(id) {
                zones[id] = zone
            } else if let own = components.first(where: { $0.name == "VTIMEZONE" && $0.text("TZID", in: lines) == id })
            {
                zones[id] = VTimeZone.read(own, lines, id: id, components: components)
            }
        }
        self.zones = zones
    }

    func zone(of time: ICalendarTime) -> BusinessZone {
        switch time.form {
        case .utc: .utc
        case .date, .floating: business
        case .zoned(let id): zones[id] ?? business
        }
    }

    /// Seconds since 1970.
    func instant(of time: ICalendarTime) -> Int { zone(of: time).instant(ofWallClock: time.wall) }

    func date(of time: ICalendarTime) -> Date { Date(timeIntervalSince1970: Double(instant(of: time))) }

    /// What the clocks of a time's form show at `instant`.
    func time(at instant: Int, like time: ICalendarTime) -> ICalendarTime {
        ICalendarTime(wall: instant + zone(of: time).offset(at: instant), form: time.form)
    }

    // MARK: - Names

    private static let cache = Locked<[String: BusinessZone?]>([:])

    /// The zone that a TZID names, by itself.
    static func known(_ id: String) -> BusinessZone? {
        if let kept = cache.withLock({ $0[id] }) { return kept }
        let zone = find(id)
        cache.withLock { cache in
            // Names are other people's.
            if cache.count < 1_000 { cache[id] = zone }
        }
        return zone
    }

    private static func find(_ id: String) -> BusinessZone? {
        let id = id.trimmed
        if id == "UTC" || id == "GMT" || id == "Etc/UTC" || id == "Z" { return .utc }
        if let windows = WindowsZones.ianaName(of: id), let zone = BusinessZone.known(windows) { return zone }
        if let zone = BusinessZone.known(id) { return zone }
        // /freeassociation.sourceforge.net/America/Chicago, /citadel.org/20210210_1/America/Argentina/Salta
        let parts = id.split(separator: "/")
        for count in [3, 2] where parts.count > count {
            let name = parts.suffix(count).joined(separator: "/")
            if let zone = BusinessZone.known(name) { return zone }
        }
        return nil
    }
}
